import assert from 'node:assert/strict'
import { readFileSync, readdirSync, statSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import { madeModel, readyBlobs } from '../../test/support/made-model.ts'
import type { MadeModel } from '../../test/support/made-model.ts'
import { temporaryFolder } from '../../test/support/temporary-folder.ts'
import { assembleModelZip, blobEntry, describeModelZip, restoreBase } from './model-zip.ts'
import type { ModelZipParts } from './model-zip.ts'
import { openZip } from './read-zip.ts'
import { localHeaderSize } from './zip-format.ts'

const mtime = new Date('2024-05-06T07:08:10Z')

interface Bench {
  readonly dir: string
  readonly path: string
  readonly model: MadeModel
  readonly parts: ModelZipParts
  /** What the engine leaves: room for the header, then the weights. */
  readonly before: Buffer
  readonly reserve: number
}

function bench(t: TestContext, { withBase = true, bytes = 3_000_000 } = {}): Bench {
  const dir = temporaryFolder(t)
  const model = madeModel(Buffer.alloc(bytes, 'weights '))
  const ready = readyBlobs(dir, model)
  const base = { digest: model.digests[1]!, size: bytes }
  const reserve = localHeaderSize(blobEntry(base.digest))
  const before = Buffer.concat([Buffer.alloc(reserve), model.contents[1]!])
  const path = join(dir, 'model.zip')
  if (withBase) writeFileSync(path, before)
  const manifest = { place: model.place, bytes: model.manifest }
  const others = withBase ? ready.filter(({ digest }) => digest !== base.digest) : ready
  return { dir, path, model, before, reserve, parts: { path, base: withBase ? base : null, others, manifest, mtime } }
}

for (const withBase of [true, false]) {
  test(`the blobs and the manifest of a model become a zip, ${withBase ? 'in the file of the largest' : 'in a new file'}`, async (t) => {
    const { path, model, parts } = bench(t, { withBase })
    await assembleModelZip(parts)
    const found = await describeModelZip(path)
    assert.deepEqual(found.models, [{ place: model.place, manifestBytes: model.manifest }])
    const blobs = found.blobs.map(({ digest, size }) => `${digest} ${size}`).sort()
    assert.deepEqual(blobs, model.digests.map((digest, i) => `${digest} ${model.contents[i]!.length}`).sort())
    const zip = await openZip(path)
    t.after(() => zip.close())
    for (const [index, digest] of model.digests.entries()) {
      const entry = zip.entries.find(({ name }) => name === blobEntry(digest))
      assert.ok(entry)
      const pieces: Buffer[] = []
      for await (const piece of entry.pieces()) pieces.push(Buffer.from(piece))
      assert.ok(Buffer.concat(pieces).equals(model.contents[index]!))
    }
  })
}

test('the same parts and time give the same bytes', async (t) => {
  const [one, other] = [bench(t), bench(t)]
  await assembleModelZip(one.parts)
  await assembleModelZip(other.parts)
  assert.ok(readFileSync(one.path).equals(readFileSync(other.path)))
})

test('folders stand in the zip with all above the manifest', async (t) => {
  const { path, parts } = bench(t)
  await assembleModelZip(parts)
  const zip = await openZip(path)
  t.after(() => zip.close())
  const folders = zip.entries.filter(({ folder }) => folder).map(({ name }) => name)
  assert.deepEqual(folders, [
    'blobs',
    'manifests',
    'manifests/registry.ollama.ai',
    'manifests/registry.ollama.ai/library',
    'manifests/registry.ollama.ai/library/made',
  ])
})

test('progress counts the bytes of all blobs and ends at their sum', async (t) => {
  const { parts, model } = bench(t)
  const seen: number[][] = []
  await assembleModelZip({ ...parts, onProgress: (done, total) => seen.push([done, total]) })
  const total = model.contents.reduce((sum, { length }) => sum + length, 0)
  assert.deepEqual(seen.at(-1), [total, total])
  assert.ok(seen.every(([done], i) => i === 0 || done! > seen[i - 1]![0]!))
})

test('restoring after an end of the process makes the file what the engine left', async (t) => {
  const { path, parts, before, reserve } = bench(t)
  await assembleModelZip(parts)
  assert.notEqual(statSync(path).size, before.length)
  await restoreBase({ path, size: before.length - reserve, reserve })
  assert.ok(readFileSync(path).equals(before))
})

test('assembling goes on from what an end of the process left', async (t) => {
  const { path, parts, before } = bench(t)
  writeFileSync(path, Buffer.concat([before, Buffer.from('half of another blob')]))
  await assembleModelZip(parts)
  const again = readFileSync(path)
  writeFileSync(path, before)
  await assembleModelZip(parts)
  assert.ok(again.equals(readFileSync(path)))
})

test('a stop leaves the base as it was, and of a new file nothing', async (t) => {
  for (const withBase of [true, false]) {
    const { dir, path, parts, before } = bench(t, { withBase })
    const names = readdirSync(dir)
    const stop = new AbortController()
    const reason = new Error('stopped')
    const seen = { onProgress: (done: number) => done > 2_000_000 && stop.abort(reason), signal: stop.signal }
    await assert.rejects(assembleModelZip({ ...parts, ...seen }), reason)
    assert.deepEqual(readdirSync(dir), names)
    if (withBase) assert.ok(readFileSync(path).equals(before))
  }
})

test('a blob that is gone, a link, or of another size ends it, and the base is as it was', async (t) => {
  const { dir, path, parts, before } = bench(t)
  const [first] = parts.others
  const link = join(dir, 'link')
  symlinkSync(first!.path, link)
  for (const [other, code] of [
    [{ ...first!, path: join(dir, 'nothing') }, 'disk'],
    [{ ...first!, path: link }, 'disk-permission'],
    [{ ...first!, size: first!.size + 1 }, 'size-mismatch'],
  ] as const) {
    await assert.rejects(assembleModelZip({ ...parts, others: [other] }), { code })
    assert.ok(readFileSync(path).equals(before))
  }
})

test('a base that is too short is refused and not touched, by restoring too', async (t) => {
  const { path, parts, before, reserve } = bench(t)
  truncateSync(path, before.length - 1)
  await assert.rejects(assembleModelZip(parts), { code: 'size-mismatch' })
  await assert.rejects(restoreBase({ path, size: before.length - reserve, reserve }), { code: 'size-mismatch' })
  assert.ok(readFileSync(path).equals(before.subarray(0, -1)))
})

test('a new file never takes the place of another', async (t) => {
  const { path, parts } = bench(t, { withBase: false })
  writeFileSync(path, 'mine')
  await assert.rejects(assembleModelZip(parts), { code: 'disk' })
  assert.equal(readFileSync(path, 'utf8'), 'mine')
})
