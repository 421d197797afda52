import assert from 'node:assert/strict'
import { existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { mock, test } from 'node:test'
import fc from 'fast-check'
import { source, startNode } from '../../test/support/node-child.ts'
import { temporaryFolder } from '../../test/support/temporary-folder.ts'
import type { Session } from './session.ts'

/** Stands for the disk: how many bytes one write takes. Installed before the module takes its functions. */
let mostAtOnce = Infinity
const { writeSync } = process.getBuiltinModule('node:fs')
mock.method(
  process.getBuiltinModule('node:fs'),
  'writeSync',
  (fd: number, data: string | Uint8Array, offset?: number, length?: number, position?: number) => {
    const bytes = Buffer.from(data)
    const from = typeof data === 'string' ? 0 : (offset ?? 0)
    const wanted = typeof data === 'string' ? bytes.length : (length ?? bytes.length - from)
    return writeSync(
      fd,
      bytes,
      from,
      Math.min(wanted, mostAtOnce),
      typeof data === 'string' ? null : (position ?? null),
    )
  },
)
const {
  makeSessionFolder,
  parseSession,
  readSession,
  removeSession,
  replaceSession,
  sessionFolder,
  sessionId,
  writeSessionNow,
} = await import('./session.ts')

const id = 'dl-0123456789abcdef'
const good: Session = {
  version: 1,
  id,
  reference: 'https://a.test/f.bin',
  part: 'f.bin.part',
  name: 'f.bin',
  size: 100,
  type: 'application/zip',
  validators: { etag: '"a"', lastModified: null, date: null },
  done: [
    [0, 10],
    [20, 100],
  ],
}
const parse = (change: Record<string, unknown>): Session | null =>
  parseSession(JSON.stringify({ ...good, ...change }), id)

test('what was written is read back', (t) => {
  const folder = temporaryFolder(t)
  const reserved: Session = { ...good, version: 2, reserve: 512 }
  for (const session of [
    good,
    { ...good, size: null, type: null, done: [] },
    { ...good, found: 'sha256:ab' },
    reserved,
  ]) {
    writeSessionNow(folder, session)
    assert.deepEqual(readSession(folder, id), session)
  }
})

test('without a session there is nothing to trust', (t) => {
  assert.equal(readSession(temporaryFolder(t), id), null)
  assert.equal(readSession('/nowhere/at/all', id), null)
})

test('names that leave the folder are refused', () => {
  const stems = ['', '.', '..', '/', '../f', 'a/f', '/etc/f', 'a\\f', '..\\f', 'f\0', 'f/../f', './f', 'f/']
  for (const stem of stems) {
    assert.equal(parse({ name: stem }), null, `name ${JSON.stringify(stem)}`)
    if (stem !== '' && stem !== '.' && stem !== '..')
      assert.equal(parse({ part: `${stem}.part` }), null, `part ${JSON.stringify(stem)}`)
  }
  for (const part of ['', '.', '..', '../.part', '.part/', 'f.part/..']) assert.equal(parse({ part }), null, part)
})

test('a part that is not called one is refused: it may be a file of the user', () => {
  for (const part of ['f.bin', 'part', 'f.part.bin', 'f.PART']) assert.equal(parse({ part }), null, part)
})

test('wrong types and ranges beyond the size are refused', () => {
  const wrong: ReadonlyArray<Record<string, unknown>> = [
    { version: 2 },
    { version: '1' },
    { reserve: 512 },
    { version: 2, reserve: 0 },
    { version: 2, reserve: -1 },
    { version: 2, reserve: '512' },
    { version: 3, reserve: 512 },
    { version: null },
    { id: 'dl-other' },
    { id: null },
    { reference: 7 },
    { reference: null },
    { part: 7 },
    { part: null },
    { part: ['f.part'] },
    { name: 7 },
    { name: null },
    { size: -1 },
    { size: 1.5 },
    { size: '100' },
    { size: 2 ** 53 },
    { size: undefined },
    { size: {} },
    { type: 7 },
    { type: undefined },
    { validators: null },
    { validators: undefined },
    { validators: 'x' },
    { validators: [] },
    { validators: {} },
    { validators: { etag: 1, lastModified: null, date: null } },
    { validators: { etag: null, lastModified: null } },
    { done: null },
    { done: undefined },
    { done: {} },
    { done: [[0, 101]] },
    { done: [[-1, 5]] },
    { done: [[5, 1]] },
    { done: [['0', '5']] },
    { done: [[0, 1, 2]] },
  ]
  for (const change of wrong) assert.equal(parse(change), null, JSON.stringify(change))
})

test('a session of another reference is never used', () => {
  assert.equal(parseSession(JSON.stringify(good), 'dl-ffffffffffffffff'), null)
})

test('a text cut at any place is no session', () => {
  const text = JSON.stringify(good)
  for (let length = 0; length < text.length; length++) assert.equal(parseSession(text.slice(0, length), id), null)
})

test('property: whatever text there is, reading gives a session within its own bounds or nothing', () => {
  const field = fc.oneof(fc.jsonValue(), fc.constantFrom<unknown>(...Object.values(good)))
  const near = fc
    .record(Object.fromEntries(Object.keys(good).map((key) => [key, field])), { requiredKeys: [] })
    .map((change) => JSON.stringify({ ...good, ...change }))
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json(), near), (text) => {
      const session = parseSession(text, id)
      if (!session) return
      assert.ok(!/[\\/\0]/.test(session.part + session.name) && session.part.endsWith('.part'))
      for (const [start, end] of session.done) assert.ok(start >= 0 && start < end && end <= (session.size ?? Infinity))
    }),
  )
})

test('the same address and name find the same session, others another', () => {
  const of = (url: string, output?: string): string => sessionId(new URL(url), output)
  assert.match(of('https://a.test/f'), /^dl-[0-9a-f]{16}$/)
  assert.equal(of('https://a.test/f'), of('https://a.test/f'))
  const ids = [
    of('https://a.test/f'),
    of('https://a.test/f?x'),
    of('http://a.test/f'),
    of('https://a.test/f', 'o'),
    of('https://a.test/', 'f'),
  ]
  assert.equal(new Set(ids).size, ids.length)
})

test('only its owner may look into a session', (t) => {
  const folder = sessionFolder(temporaryFolder(t), id)
  makeSessionFolder(folder)
  writeSessionNow(folder, good)
  assert.equal(statSync(folder).mode & 0o077, 0)
  assert.equal(statSync(join(folder, 'session.json')).mode & 0o077, 0)
})

test('replacing leaves one whole session and no other file', async (t) => {
  const folder = temporaryFolder(t)
  writeSessionNow(folder, good)
  for (const sync of [true, false]) {
    const next = { ...good, done: [[0, sync ? 50 : 60]] as const }
    await replaceSession(folder, next, sync)
    assert.deepEqual(readSession(folder, id), next)
    assert.deepEqual(readdirSync(folder), ['session.json'])
  }
})

test('a disk that takes a session in pieces gets all of it', async (t) => {
  const folder = temporaryFolder(t)
  writeSessionNow(folder, good)
  mostAtOnce = 40
  t.after(() => (mostAtOnce = Infinity))
  const next = { ...good, done: [[0, 70]] as const }
  await replaceSession(folder, next, true)
  assert.deepEqual(readSession(folder, id), next)
})

function assertWhole(session: Session | null): void {
  assert.ok(session && session.size !== null && session.size > 0, 'the session is damaged')
  assert.deepEqual(session.done, [[0, session.size]])
}

test('whoever reads while sessions are replaced, or after a kill, finds the old one or the new one', async (t) => {
  const folder = temporaryFolder(t)
  const child = `import { replaceSession } from ${source('transfer/session.ts')}
    const long = 'x'.repeat(1_000_000)
    for (let n = 1; ; n++) {
      await replaceSession(${JSON.stringify(folder)}, { ...${JSON.stringify(good)}, size: n, done: [[0, n]], type: long }, false)
      if (n === 3) console.log('going')
    }`
  for (let round = 0; round < 3; round++) {
    const victim = startNode(t, child)
    await victim.line()
    for (let look = 0; look < 60; look++) assertWhole(readSession(folder, id))
    await victim.kill()
    assertWhole(readSession(folder, id))
  }
})

test('the staging folder goes with the last session in it', (t) => {
  const dir = temporaryFolder(t)
  const [one, two] = [sessionFolder(dir, 'dl-1'), sessionFolder(dir, 'dl-2')]
  for (const folder of [one, two]) {
    makeSessionFolder(folder)
    writeSessionNow(folder, good)
  }
  removeSession(one)
  assert.ok(!existsSync(one) && existsSync(two))
  removeSession(two)
  assert.deepEqual(readdirSync(dir), [])
  removeSession(two)
})

test('a staging folder with anything else in it stays', (t) => {
  const dir = temporaryFolder(t)
  const folder = sessionFolder(dir, id)
  makeSessionFolder(folder)
  mkdirSync(join(dir, '.staging', 'run-other'))
  writeFileSync(join(dir, '.staging', 'run-other', '0'), 'x')
  removeSession(folder)
  assert.ok(existsSync(join(dir, '.staging', 'run-other', '0')))
})
