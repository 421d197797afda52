import assert from 'node:assert/strict'
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import fc from 'fast-check'
import { findNetrc, parseNetrc, readNetrc } from './netrc.ts'

const entry = (machine: string | null, login?: string, password?: string): object => ({ machine, login, password })

test('machines, logins and passwords are read, on one line or many', () => {
  const { entries, warnings } = parseNetrc(
    'machine A.test login al password s3 account x\nmachine b.test\n\tlogin bo\n\tpassword p\ndefault login any password one\n',
  )
  assert.deepEqual(entries, [entry('a.test', 'al', 's3'), entry('b.test', 'bo', 'p'), entry(null, 'any', 'one')])
  assert.deepEqual(warnings, [])
})

test('values may be quoted and escaped, and may look like keywords or comments', () => {
  const { entries } = parseNetrc(
    'machine a.test login "al ice" password "p \\"q\\" \\\\ \\t#"\nmachine b.test login machine password #x',
  )
  assert.deepEqual(entries, [entry('a.test', 'al ice', 'p "q" \\ \t#'), entry('b.test', 'machine', '#x')])
})

test('comments and macros are skipped', () => {
  const { entries, warnings } = parseNetrc(
    '# machine no.test\nmachine a.test # login no\nlogin al\nmacdef init\nmachine no.test\nlogin no\n\nmachine b.test password p\n',
  )
  assert.deepEqual(entries, [entry('a.test', 'al'), entry('b.test', undefined, 'p')])
  assert.deepEqual(warnings, [])
})

test('what makes no sense is told by its line, without its content', () => {
  const { entries, warnings } = parseNetrc('login geheim\nmachine a.test login al\npasword geheim\npassword p\n')
  assert.deepEqual(entries, [entry('a.test', 'al', 'p')])
  assert.equal(warnings.length, 2)
  assert.match(warnings[0] ?? '', /Line 1/)
  assert.match(warnings[1] ?? '', /Line 3/)
  assert.doesNotMatch(warnings.join(), /geheim/)
})

test('an entry is found by machine, by machine and login, and the default only where it may be used', () => {
  const { entries } = parseNetrc(
    'machine a.test login one password 1 machine a.test login two password 2 machine ::1 login v6 default login d password 3',
  )
  const find = (host: string, allowDefault: boolean, login?: string): string | undefined =>
    findNetrc(entries, host, { allowDefault, login })?.login
  assert.equal(find('A.test', false), 'one')
  assert.equal(find('a.test', false, 'two'), 'two')
  assert.equal(find('a.test', false, 'three'), undefined)
  assert.equal(find('[::1]', false), 'v6')
  assert.equal(find('x.a.test', false), undefined)
  assert.equal(find('x.a.test', true), 'd')
})

test('the file is the one that NETRC names, else the one at home; others should not be able to read it', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'netrc-'))
  try {
    assert.deepEqual(await readNetrc({}, dir), { entries: [], warnings: [] })
    await writeFile(join(dir, '.netrc'), 'machine home.test', { mode: 0o600 })
    await writeFile(join(dir, 'other'), 'machine other.test', { mode: 0o600 })
    assert.deepEqual(await readNetrc({}, dir), { entries: [entry('home.test')], warnings: [] })
    assert.deepEqual(await readNetrc({ NETRC: join(dir, 'other') }, dir), {
      entries: [entry('other.test')],
      warnings: [],
    })
    await chmod(join(dir, 'other'), 0o644)
    const open = await readNetrc({ NETRC: join(dir, 'other') }, dir)
    assert.match(open.warnings.join(), process.platform === 'win32' ? /^$/ : /Other users/)
    const missing = await readNetrc({ NETRC: join(dir, 'missing') }, dir)
    assert.match(missing.warnings.join(), /cannot be read \(ENOENT\)/)
  } finally {
    await rm(dir, { recursive: true })
  }
})

test('property: any text ends in entries and warnings', () => {
  const pieces = fc.constantFrom(
    'machine',
    'login',
    'password',
    'default',
    'macdef',
    'account',
    '#',
    '"',
    '\\',
    ' ',
    '\n',
    'x',
  )
  fc.assert(fc.property(fc.string({ unit: pieces }), (text) => Array.isArray(parseNetrc(text).entries)))
})
