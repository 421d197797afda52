import assert from 'node:assert/strict'
import { chmodSync, mkdirSync, readFileSync, readdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import { digestOf, dockerType, madeModel as made, ociType, readyBlobs } from '../../test/support/made-model.ts'
import type { MadeModel } from '../../test/support/made-model.ts'
import { temporaryFolder } from '../../test/support/temporary-folder.ts'
import { writeOciLayout } from './oci-layout.ts'
import type { LayoutRequest } from './oci-layout.ts'
import type { ReadyBlob } from './types.ts'

const madeModel = (weights?: Buffer): MadeModel => made(weights, 'latest', ociType)
const refKey = 'org.opencontainers.image.ref.name'

function request(t: TestContext, model: MadeModel, dir: string, refName = 'latest'): LayoutRequest {
  const manifest = { bytes: model.manifest, digest: model.manifestDigest, mediaType: model.mediaType }
  return { dir, blobs: readyBlobs(temporaryFolder(t), model), manifest, refName }
}

function indexOf(dir: string): { manifests: Array<Record<string, unknown>>; [key: string]: unknown } {
  return JSON.parse(readFileSync(join(dir, 'index.json'), 'utf8'))
}

/** All names with their kind, so that nothing temporary is overlooked. */
function namesBelow(dir: string): string[] {
  return readdirSync(dir, { recursive: true, encoding: 'utf8' }).sort()
}

test('a layout has its marker, all blobs, the manifest among them, and an index that names it', async (t) => {
  const dir = join(temporaryFolder(t), 'layout')
  const model = madeModel()
  assert.deepEqual(await writeOciLayout(request(t, model, dir)), { path: dir })
  assert.deepEqual(JSON.parse(readFileSync(join(dir, 'oci-layout'), 'utf8')), { imageLayoutVersion: '1.0.0' })
  const descriptor = { mediaType: ociType, digest: model.manifestDigest, size: model.manifest.length }
  assert.deepEqual(indexOf(dir), {
    schemaVersion: 2,
    mediaType: 'application/vnd.oci.image.index.v1+json',
    manifests: [{ ...descriptor, annotations: { [refKey]: 'latest' } }],
  })
  const all = [...model.digests, model.manifestDigest].map((digest) => `blobs/sha256/${digest.slice(7)}`)
  assert.deepEqual(namesBelow(dir), ['blobs', 'blobs/sha256', ...all, 'index.json', 'oci-layout'].sort())
  for (const path of [...all, 'index.json', 'oci-layout']) assert.equal(statSync(join(dir, path)).mode & 0o777, 0o644)
  for (const [i, digest] of model.digests.entries()) {
    assert.ok(readFileSync(join(dir, 'blobs/sha256', digest.slice(7))).equals(model.contents[i]!))
  }
})

test('a manifest of Docker becomes one of OCI with the same blobs', async (t) => {
  const dir = temporaryFolder(t)
  const model = made(undefined, 'latest', dockerType)
  await writeOciLayout(request(t, model, dir))
  const [entry] = indexOf(dir).manifests
  assert.equal(entry?.['mediaType'], ociType)
  const bytes = readFileSync(join(dir, 'blobs/sha256', String(entry?.['digest']).slice(7)))
  assert.deepEqual([digestOf(bytes), bytes.length], [entry?.['digest'], entry?.['size']])
  const { config, layers, ...rest } = JSON.parse(bytes.toString())
  const before = JSON.parse(model.manifest.toString())
  assert.deepEqual(rest, { schemaVersion: 2, mediaType: ociType })
  assert.deepEqual(config, { ...before.config, mediaType: 'application/vnd.oci.image.config.v1+json' })
  assert.deepEqual(layers, before.layers)
})

test('modes are the same whatever the ready files have', async (t) => {
  const dir = join(temporaryFolder(t), 'layout')
  const work = request(t, madeModel(), dir)
  for (const { path } of work.blobs) chmodSync(path, 0o600)
  await writeOciLayout(work)
  for (const { digest } of work.blobs) {
    assert.equal(statSync(join(dir, 'blobs/sha256', digest.slice(7))).mode & 0o777, 0o644)
  }
})

test('a layout is added to: a new name beside the others, the same name in the place of the old one', async (t) => {
  const dir = temporaryFolder(t)
  const [one, other] = [madeModel(Buffer.from('one')), madeModel(Buffer.from('other'))]
  const names = (): unknown[] => indexOf(dir).manifests.map((entry) => [entry['digest'], entry['annotations']])
  await writeOciLayout(request(t, one, dir, 'v1'))
  await writeOciLayout(request(t, one, dir, 'v2'))
  assert.deepEqual(names(), [
    [one.manifestDigest, { [refKey]: 'v1' }],
    [one.manifestDigest, { [refKey]: 'v2' }],
  ])
  await writeOciLayout(request(t, other, dir, 'v1'))
  assert.deepEqual(names(), [
    [one.manifestDigest, { [refKey]: 'v2' }],
    [other.manifestDigest, { [refKey]: 'v1' }],
  ])
})

test('what others wrote into the index stays as it is', async (t) => {
  const dir = temporaryFolder(t)
  await writeOciLayout(request(t, madeModel(), dir))
  const foreign = { mediaType: 'x/y', digest: `sha512:${'0'.repeat(128)}`, size: 3, platform: { os: 'linux' } }
  const index = { ...indexOf(dir), manifests: [foreign], annotations: { a: 'b' }, subject: null }
  writeFileSync(join(dir, 'index.json'), JSON.stringify(index))
  await writeOciLayout(request(t, madeModel(), dir))
  const now = indexOf(dir)
  assert.deepEqual(now.manifests[0], foreign)
  assert.deepEqual({ ...now, manifests: [foreign] }, index)
})

test('a damaged blob of the layout is replaced, a good one stays', async (t) => {
  const dir = temporaryFolder(t)
  const model = madeModel()
  await writeOciLayout(request(t, model, dir))
  const [good, bad] = model.digests.map((digest) => join(dir, 'blobs/sha256', digest.slice(7)))
  const before = statSync(good!).ino
  writeFileSync(bad!, 'WEIGHTS')
  await writeOciLayout(request(t, model, dir))
  assert.equal(readFileSync(bad!, 'utf8'), 'weights')
  assert.equal(statSync(good!).ino, before)
})

const wrong: ReadonlyArray<readonly [string, (dir: string) => void]> = [
  ['an index.json that is no JSON', (dir) => writeFileSync(join(dir, 'index.json'), '{"schemaVersion":2,')],
  ['an index.json that is a list', (dir) => writeFileSync(join(dir, 'index.json'), '[]')],
  ['an index.json without manifests', (dir) => writeFileSync(join(dir, 'index.json'), '{"schemaVersion":2}')],
  [
    'an index.json with wrong manifests',
    (dir) => writeFileSync(join(dir, 'index.json'), '{"schemaVersion":2,"manifests":[1]}'),
  ],
  ['an index.json of 5 MiB', (dir) => writeFileSync(join(dir, 'index.json'), Buffer.alloc(5 * 1024 * 1024, ' '))],
  [
    'an oci-layout of another version',
    (dir) => writeFileSync(join(dir, 'oci-layout'), '{"imageLayoutVersion":"2.0.0"}'),
  ],
  ['an oci-layout that is no JSON', (dir) => writeFileSync(join(dir, 'oci-layout'), 'x')],
]
for (const [what, damage] of wrong) {
  test(`a layout with ${what} is refused and stays as it is`, async (t) => {
    const dir = temporaryFolder(t)
    await writeOciLayout(request(t, madeModel(), dir))
    damage(dir)
    const before = namesBelow(dir).map((name) => [name, statSync(join(dir, name)).mtimeMs])
    await assert.rejects(writeOciLayout(request(t, madeModel(Buffer.from('new')), dir)), { code: 'target-exists' })
    assert.deepEqual(
      namesBelow(dir).map((name) => [name, statSync(join(dir, name)).mtimeMs]),
      before,
    )
  })
}

test('a folder with other things of those names is no layout, and one with anything else may become one', async (t) => {
  for (const name of ['blobs', 'index.json']) {
    const dir = temporaryFolder(t)
    writeFileSync(join(dir, name), 'mine')
    await assert.rejects(writeOciLayout(request(t, madeModel(), dir)), { code: 'target-exists' })
    assert.deepEqual(readdirSync(dir), [name])
  }
  const dir = temporaryFolder(t)
  writeFileSync(join(dir, 'notes.txt'), 'mine')
  await writeOciLayout(request(t, madeModel(), dir))
  assert.equal(readFileSync(join(dir, 'notes.txt'), 'utf8'), 'mine')
})

test('nothing is written through a link in the layout', async (t) => {
  const [dir, outside] = [temporaryFolder(t), temporaryFolder(t)]
  writeFileSync(join(dir, 'oci-layout'), '{"imageLayoutVersion":"1.0.0"}')
  mkdirSync(join(dir, 'blobs'))
  symlinkSync(outside, join(dir, 'blobs/sha256'))
  await assert.rejects(writeOciLayout(request(t, madeModel(), dir)), { code: 'target-exists' })
  assert.deepEqual(readdirSync(outside), [])
})

test('a manifest that has not its digest is a fault, and a stop ends it before the index', async (t) => {
  const dir = temporaryFolder(t)
  const work = request(t, madeModel(), dir)
  const digest = `sha256:${'0'.repeat(64)}`
  await assert.rejects(writeOciLayout({ ...work, manifest: { ...work.manifest, digest } }), { code: 'internal' })
  const reason = new Error('stopped')
  await assert.rejects(writeOciLayout({ ...work, signal: AbortSignal.abort(reason) }), reason)
  assert.ok(!readdirSync(dir).includes('index.json'))
})

test('a layout whose writing was ended half-way is gone on with', async (t) => {
  const dir = join(temporaryFolder(t), 'layout')
  const model = madeModel()
  const work = request(t, model, dir)
  const [first] = work.blobs
  assert.ok(first)
  const ending = new AbortController()
  function* cut(): Generator<ReadyBlob> {
    yield* work.blobs.slice(0, 1)
    ending.abort()
    yield* work.blobs.slice(1)
  }
  const blobs = { [Symbol.iterator]: cut } as LayoutRequest['blobs']
  await assert.rejects(writeOciLayout({ ...work, blobs, signal: ending.signal }), { name: 'AbortError' })
  assert.deepEqual(namesBelow(dir), ['blobs', 'blobs/sha256', `blobs/sha256/${first.digest.slice(7)}`, 'oci-layout'])
  await writeOciLayout(work)
  assert.equal(indexOf(dir).manifests.length, 1)
})
