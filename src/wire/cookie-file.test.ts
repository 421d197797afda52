import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { SluiceError } from '../core/errors.ts'
import { cookiesFor, parseCookieFile, readCookieFile } from './cookie-file.ts'

const line = (...fields: string[]): string => fields.join('\t')
const now = 1_800_000_000_000

function sent(file: string, url: string): string | undefined {
  const { cookies, problems } = parseCookieFile(file)
  assert.deepEqual(problems, [])
  return cookiesFor(cookies, new URL(url), now)
}

test('comments and blank lines are skipped, #HttpOnly_ is none', () => {
  const file = [
    '# Netscape HTTP Cookie File',
    '',
    line('a.test', 'FALSE', '/', 'FALSE', '0', 'n', 'v'),
    line('#HttpOnly_a.test', 'FALSE', '/', 'FALSE', '0', 'h', '1'),
    '',
  ].join('\r\n')
  assert.equal(sent(file, 'http://a.test/'), 'n=v; h=1')
})

test('sub-domains get a cookie only where the line says so', () => {
  const open = line('.a.test', 'TRUE', '/', 'FALSE', '0', 'n', 'v')
  assert.equal(sent(open, 'http://a.test/'), 'n=v')
  assert.equal(sent(open, 'http://x.y.a.test/'), 'n=v')
  assert.equal(sent(open, 'http://evila.test/'), undefined)
  assert.equal(sent(open, 'http://a.test.evil/'), undefined)
  assert.equal(sent(line('a.test', 'FALSE', '/', 'FALSE', '0', 'n', 'v'), 'http://x.a.test/'), undefined)
  assert.equal(sent(line('0.0.1', 'TRUE', '/', 'FALSE', '0', 'n', 'v'), 'http://127.0.0.1/'), undefined)
  assert.equal(sent(line('MÜNCHEN.test', 'FALSE', '/', 'FALSE', '0', 'n', 'v'), 'http://münchen.test/'), 'n=v')
})

test('the path must be the same or lie above, and longer paths go first', () => {
  const file = [
    line('a.test', 'FALSE', '/', 'FALSE', '0', 'root', '1'),
    line('a.test', 'FALSE', '/dir', 'FALSE', '0', 'dir', '2'),
    line('a.test', 'FALSE', '', 'FALSE', '0', 'none', '3'),
  ].join('\n')
  assert.equal(sent(file, 'http://a.test/dir/x'), 'dir=2; root=1; none=3')
  assert.equal(sent(file, 'http://a.test/dir'), 'dir=2; root=1; none=3')
  assert.equal(sent(file, 'http://a.test/directory'), 'root=1; none=3')
})

test('secure cookies need https, expired ones stay at home, 0 and less mean session', () => {
  assert.equal(sent(line('a.test', 'FALSE', '/', 'TRUE', '0', 'n', 'v'), 'http://a.test/'), undefined)
  assert.equal(sent(line('a.test', 'FALSE', '/', 'TRUE', '0', 'n', 'v'), 'https://a.test/'), 'n=v')
  assert.equal(sent(line('a.test', 'FALSE', '/', 'FALSE', '1800000000', 'n', 'v'), 'http://a.test/'), undefined)
  assert.equal(sent(line('a.test', 'FALSE', '/', 'FALSE', '1800000001.5', 'n', 'v'), 'http://a.test/'), 'n=v')
  assert.equal(sent(line('a.test', 'FALSE', '/', 'FALSE', '-1', 'n', 'v'), 'http://a.test/'), 'n=v')
})

test('a cookie may lack its value or its name', () => {
  assert.equal(sent(line('a.test', 'FALSE', '/', 'FALSE', '0', 'n'), 'http://a.test/'), 'n=')
  assert.equal(sent(line('a.test', 'FALSE', '/', 'FALSE', '0', '', 'v'), 'http://a.test/'), 'v')
})

test('bad lines are told by number and kept out, the others count', () => {
  const bad = [
    'geheim',
    line('a.test', 'MAYBE', '/', 'FALSE', '0', 'n', 'geheim'),
    line('a.test', 'TRUE', '/', 'FALSE', 'soon', 'n', 'geheim'),
    line('a/b', 'TRUE', '/', 'FALSE', '0', 'n', 'geheim'),
    line('', 'TRUE', '/', 'FALSE', '0', 'n', 'geheim'),
    line('a.test', 'TRUE', '/', 'FALSE', '0', 'n', 'geheim; x=y'),
    line('a.test', 'TRUE', '/', 'FALSE', '0', 'n', 'geheim', 'more'),
    line('a.test', 'TRUE', '/', 'FALSE', '0', 'n', 'gehe\rim'),
    line('a.test', 'TRUE', '/', 'FALSE', '0', '', ''),
  ]
  const { cookies, problems } = parseCookieFile(
    [...bad, line('a.test', 'TRUE', '/', 'FALSE', '0', 'n', 'v')].join('\n'),
  )
  assert.equal(cookies.length, 1)
  assert.deepEqual(
    problems.map((problem) => problem.line),
    bad.map((_, index) => index + 1),
  )
  assert.doesNotMatch(problems.map((problem) => problem.message).join(), /geheim/)
})

test('a file that is missing or of another kind is a usage error', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'cookies-'))
  try {
    await writeFile(join(dir, 'good'), line('a.test', 'TRUE', '/', 'FALSE', '0', 'n', 'v'))
    await writeFile(join(dir, 'binary'), 'SQLite format 3\0')
    await writeFile(join(dir, 'json'), '[{"domain": "a.test"}]')
    assert.equal((await readCookieFile(join(dir, 'good'))).cookies.length, 1)
    for (const name of ['missing', 'binary', 'json']) {
      await assert.rejects(
        readCookieFile(join(dir, name)),
        (error) => error instanceof SluiceError && error.code === 'usage' && error.message.includes(name),
      )
    }
  } finally {
    await rm(dir, { recursive: true })
  }
})
