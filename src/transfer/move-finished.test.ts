import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import { temporaryFolder } from '../../test/support/temporary-folder.ts'
import { copyPath, copyVerified } from './copy-verified.ts'
import { openFinishedFiles } from './finished-files.ts'
import { moveFinished } from './move-finished.ts'
import type { IfExists } from './types.ts'

const validators = { etag: '"1"', lastModified: null, date: null }
const key = 'dl-0123456789abcdef'
const content = Buffer.alloc(3_000_000, 'content')
const sha256 = createHash('sha256').update(content).digest('hex')

function lab(t: TestContext) {
  const root = temporaryFolder(t)
  const finished = openFinishedFiles(join(root, 'finished.ndjson'))
  const path = join(root, 'a', 'file.tar.gz')
  for (const folder of ['a', 'b']) mkdirSync(join(root, folder))
  writeFileSync(path, content)
  utimesSync(path, 1000, 2000)
  finished.add({ path, id: 'id', size: content.length, mtimeMs: 2_000_000, validators })
  const move = (ifExists: IfExists, dir = join(root, 'b'), name = 'file.tar.gz') =>
    moveFinished(
      finished,
      { key, path, dir, name, ifExists, size: content.length, sha256 },
      new AbortController().signal,
    )
  return { root, path, finished, move, b: join(root, 'b') }
}

/** On Linux a disk in memory, which is another one than that of temporary files on most machines. */
function elsewhere(t: TestContext): string {
  const folder = mkdtempSync('/dev/shm/sluice-move-')
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

test('a finished file gets its new place, and what is known of it goes with it', async (t) => {
  const { path, finished, move, root, b } = lab(t)
  const place = await move('fail')
  assert.equal(place, join(b, 'file.tar.gz'))
  assert.deepEqual([readdirSync(join(root, 'a')), readFileSync(place).equals(content)], [[], true])
  assert.equal(finished.find(place)?.id, 'id')
  assert.equal(finished.find(path), undefined)
})

test('the policy decides where the name is taken', async (t) => {
  for (const [policy, expected] of [
    ['rename', 'file (1).tar.gz'],
    ['overwrite', 'file.tar.gz'],
  ] as const) {
    const { move, b } = lab(t)
    writeFileSync(join(b, 'file.tar.gz'), 'old')
    assert.equal(await move(policy), join(b, expected))
    assert.equal(readFileSync(join(b, expected)).length, content.length)
    assert.deepEqual(readdirSync(b).length, policy === 'rename' ? 2 : 1)
  }
  const { move, b, path } = lab(t)
  writeFileSync(join(b, 'file.tar.gz'), 'old')
  assert.equal(await move('skip'), path)
  await assert.rejects(move('fail'), { code: 'target-exists' })
  assert.deepEqual([readFileSync(join(b, 'file.tar.gz'), 'utf8'), statSync(path).size], ['old', content.length])
})

test('its own place is none to move to', async (t) => {
  const { move, path, root } = lab(t)
  for (const policy of ['rename', 'overwrite', 'fail'] as const) assert.equal(await move(policy, join(root, 'a')), path)
  assert.equal(await move('fail', join(root, 'a'), 'other'), join(root, 'a', 'other'))
})

test('what is gone or changed is left alone', async (t) => {
  const changes: Array<(path: string) => void> = [
    (path) => rmSync(path),
    (path) => writeFileSync(path, 'other'),
    (path) => utimesSync(path, 1000, 3000),
    (path) => (rmSync(path), mkdirSync(path)),
  ]
  for (const change of changes) {
    const { move, path, b } = lab(t)
    change(path)
    await assert.rejects(move('overwrite'), { code: 'wrong-state' })
    assert.deepEqual(readdirSync(b), [])
  }
})

test('to another disk it is copied with its time and mode, compared, and then removed', async (t) => {
  const { move, path, root, finished } = lab(t)
  const folder = elsewhere(t)
  chmodSync(path, 0o640)
  writeFileSync(join(folder, 'file.tar.gz'), 'old')
  const place = await move('rename', folder)
  assert.equal(place, join(folder, 'file (1).tar.gz'))
  assert.deepEqual([readdirSync(join(root, 'a')), readdirSync(folder).length], [[], 2])
  const { mode, mtimeMs } = statSync(place)
  assert.deepEqual([mode & 0o777, mtimeMs, readFileSync(place).equals(content)], [0o640, 2_000_000, true])
  assert.equal(finished.find(place)?.id, 'id')
})

test('a copy that is not what was downloaded is removed, and so is one that is broken off', async (t) => {
  const { path, b } = lab(t)
  const { signal } = new AbortController()
  const copy = copyPath(b, key)
  // As a process left it that was killed.
  writeFileSync(copy, 'half')
  await copyVerified(path, copy, sha256, signal)
  assert.ok(readFileSync(copy).equals(content))
  await assert.rejects(copyVerified(path, copy, '0'.repeat(64), signal), { code: 'digest-mismatch' })
  await assert.rejects(copyVerified(path, copy, undefined, AbortSignal.abort()), { code: 'interrupted' })
  await assert.rejects(copyVerified(path, copyPath(join(b, 'none'), key), undefined, signal), { code: 'disk' })
  assert.deepEqual([readdirSync(b), statSync(path).size], [[], content.length])
})
