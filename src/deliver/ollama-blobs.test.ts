import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import { blobFile, digestOf, install, smallModel, storeLab } from '../../test/support/store-fixture.ts'
import type { StoreLab } from '../../test/support/store-fixture.ts'
import { temporaryFolder } from '../../test/support/temporary-folder.ts'
import { openOllamaStore } from './ollama-store.ts'

const content = Buffer.from('weights')
const digest = digestOf(content)
const size = content.length

/** A store with one blob that another program wrote. */
async function labWith(t: TestContext, bytes: string | Buffer): Promise<StoreLab & { file: string; record: string }> {
  const lab = await storeLab(t)
  const file = blobFile(lab.dir, digest)
  writeFileSync(file, bytes)
  return Object.assign(lab, { file, record: join(lab.dir, '.sluice', 'verified.json') })
}

/** Other bytes of the same length in the same file, with the old time: only reading it shows. */
function changeInSecret(file: string): void {
  const { atime, mtime } = statSync(file)
  writeFileSync(file, 'WEIGHTS')
  utimesSync(file, atime, mtime)
}

test("a blob of ollama's is read once, then believed for as long as size, time and file are the same", async (t) => {
  const lab = await labWith(t, content)
  assert.equal(await lab.store.hasBlob(digest, size), true)
  assert.match(readFileSync(lab.record, 'utf8'), new RegExp(digest))
  const second = openOllamaStore(lab.dir, { now: () => lab.now })
  changeInSecret(lab.file)
  // Nobody can see this but by reading, which is what the record is there to save.
  assert.equal(await second.hasBlob(digest, size), true)
  utimesSync(lab.file, 1, 1)
  assert.equal(await second.hasBlob(digest, size), false)
  assert.equal(existsSync(lab.file), false)
})

test('a record that is damaged, foreign, a link or a folder is not believed', async (t) => {
  const { ino, mtimeMs } = statSync('/')
  const odd = [
    '',
    '{',
    '[]',
    'null',
    '{"version":2,"blobs":{}}',
    '{"version":1,"blobs":[]}',
    `{"version":1,"blobs":{"${digest}":null}}`,
    `{"version":1,"blobs":{"${digest}":{"size":"7"}}}`,
    JSON.stringify({ version: 1, blobs: { [digest]: { size, mtimeMs, ino } } }),
    `{"version":1,"blobs":{"__proto__":{"size":7},"${digest}":{"__proto__":{}}}}`,
    '\0'.repeat(4096),
  ]
  for (const text of odd) {
    const { store, record, file } = await labWith(t, 'WEIGHTS')
    writeFileSync(record, text)
    assert.equal(await store.hasBlob(digest, size), false, text)
    assert.equal(existsSync(file), false)
  }
  const { store, record, warnings } = await labWith(t, content)
  mkdirSync(record)
  assert.equal(await store.hasBlob(digest, size), true)
  assert.equal(warnings.length, 1)
  assert.match(warnings[0] ?? '', /could not be noted/)
})

test('a blob with other bytes, fewer or more is deleted, and that is told', async (t) => {
  for (const bytes of ['WEIGHTS', 'weight', 'weights!', '']) {
    const { store, file, warnings } = await labWith(t, bytes)
    assert.equal(await store.hasBlob(digest, size), false)
    assert.equal(existsSync(file), false)
    assert.equal(warnings.length, 1)
    assert.ok(warnings[0]?.includes(file))
  }
})

test('a manifest that lies about the size of a good blob costs no other model that blob', async (t) => {
  const { store, file, warnings } = await labWith(t, content)
  for (let round = 0; round < 2; round++)
    await assert.rejects(store.hasBlob(digest, size + 1), { code: 'bad-manifest', message: /has 8 bytes.*has 7/ })
  assert.equal(existsSync(file), true)
  assert.deepEqual(warnings, [])
})

test('a digest that is none never becomes a path', async (t) => {
  const { store } = await storeLab(t)
  for (const odd of ['sha256:../../x', `sha256:${'A'.repeat(64)}`, `${digest}\n`, '', 'sha512:x'])
    await assert.rejects(store.hasBlob(odd, 1), { code: 'bad-manifest' })
})

test('a linked blob is read, and when it is wrong only the link goes', async (t) => {
  const { store, dir } = await storeLab(t)
  const elsewhere = join(temporaryFolder(t), 'blob')
  const file = blobFile(dir, digest)
  writeFileSync(elsewhere, content)
  const before = statSync(elsewhere).mtimeMs
  symlinkSync(elsewhere, file)
  assert.equal(await store.hasBlob(digest, size), true)
  assert.equal(statSync(elsewhere).mtimeMs, before)
  assert.equal(lstatSync(file).isSymbolicLink(), true)
  writeFileSync(elsewhere, 'other')
  assert.equal(await store.hasBlob(digest, size), false)
  assert.equal(readFileSync(elsewhere, 'utf8'), 'other')
  assert.throws(() => lstatSync(file), { code: 'ENOENT' })
  symlinkSync(join(dir, 'nowhere'), file)
  assert.equal(await store.hasBlob(digest, size), false)
})

test('pipes are not waited for, and folders are left alone', async (t) => {
  const { store, dir } = await storeLab(t)
  const file = blobFile(dir, digest)
  execFileSync('mkfifo', [file])
  assert.equal(await store.hasBlob(digest, size), false)
  mkdirSync(file)
  await assert.rejects(store.hasBlob(digest, size), { code: 'disk', message: /folder/ })
  assert.equal(existsSync(file), true)
})

test('reading a large blob stops when it is told to', async (t) => {
  const lab = await storeLab(t)
  const large = Buffer.alloc(64 * 1024 * 1024, 1)
  const file = blobFile(lab.dir, digestOf(large))
  writeFileSync(file, large)
  const stop = new AbortController()
  const asked = lab.store.hasBlob(digestOf(large), large.length, stop.signal)
  setImmediate(() => stop.abort(new Error('stopped')))
  await assert.rejects(asked, /stopped/)
  assert.equal(existsSync(file), true)
  assert.equal(await lab.store.hasBlob(digestOf(large), large.length), true)
})

test('a good blob that comes heals a bad one and is believed at once', async (t) => {
  const { store, file } = await labWith(t, 'WEIGHTS')
  const path = join(store.partialDir, 'arrived')
  writeFileSync(path, content)
  await store.addBlob({ digest, size, path })
  assert.deepEqual(readFileSync(file), content)
  changeInSecret(file)
  assert.equal(await store.hasBlob(digest, size), true)
})

test('one that is there and known to be good stays, and the file that came goes', async (t) => {
  const { store, file } = await labWith(t, content)
  await store.hasBlob(digest, size)
  const { ino } = statSync(file)
  const path = join(store.partialDir, 'arrived')
  writeFileSync(path, content)
  await store.addBlob({ digest, size, path })
  assert.equal(statSync(file).ino, ino)
  assert.equal(existsSync(path), false)
})

test('many blobs at once are all noted', async (t) => {
  const { dir, store } = await storeLab(t)
  const model = smallModel(
    {},
    Array.from({ length: 60 }, (_, index) => `layer ${index}`),
  )
  await Promise.all(
    model.blobs.map(async (blob, index) => {
      const path = join(store.partialDir, `arrived-${index}`)
      writeFileSync(path, blob.content)
      await store.addBlob({ digest: blob.digest, size: blob.content.length, path })
    }),
  )
  await install(store, model)
  const record = JSON.parse(readFileSync(join(dir, '.sluice', 'verified.json'), 'utf8')) as { blobs: object }
  assert.deepEqual(Object.keys(record.blobs).sort(), model.blobs.map((blob) => blob.digest).sort())
})
