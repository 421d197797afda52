import assert from 'node:assert/strict'
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import { digestOf, madeModel } from '../../test/support/made-model.ts'
import type { MadeModel } from '../../test/support/made-model.ts'
import { temporaryFolder } from '../../test/support/temporary-folder.ts'
import { zipBytes } from '../../test/support/zip-bytes.ts'
import type { ZipPart } from '../../test/support/zip-bytes.ts'
import { SluiceError } from '../core/errors.ts'
import { openOllamaStore } from './ollama-store.ts'
import type { OllamaStore } from './types.ts'
import { installModelZip } from './unzip-model.ts'

const blobName = (digest: string): string => `blobs/${digest.replace(':', '-')}`
const manifestName = ({ place }: MadeModel): string =>
  `manifests/${place.host}/${place.namespace}/${place.model}/${place.tag}`

/** As the first such program wrote it: folders, Deflate, sizes behind the data. */
function partsOf(model: MadeModel): ZipPart[] {
  const file = { deflate: true, descriptor: 16 } as const
  return [
    { name: 'blobs/' },
    ...model.digests.map((digest, i) => ({ name: blobName(digest), data: model.contents[i]!, ...file })),
    { name: 'manifests/' },
    { name: manifestName(model), data: model.manifest, ...file },
  ]
}

interface Bench {
  readonly zip: string
  readonly box: string
  readonly store: OllamaStore
  write(parts: readonly ZipPart[]): void
}

function bench(t: TestContext): Bench {
  const dir = temporaryFolder(t)
  const [zip, box] = [join(dir, 'model.zip'), join(dir, 'box')]
  mkdirSync(box)
  const store = openOllamaStore(join(box, 'store'))
  return { zip, box, store, write: (parts) => writeFileSync(zip, zipBytes(parts)) }
}

/** Everything below a folder that is no folder. */
function filesBelow(dir: string): string[] {
  return readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name).slice(dir.length + 1))
    .sort()
}

test('a zip becomes an installed model, which every check finds whole', async (t) => {
  const { zip, store, write } = bench(t)
  const model = madeModel(Buffer.alloc(300_000, `weights ${Math.PI}`))
  write(partsOf(model))
  const bytes = model.contents.reduce((sum, { length }) => sum + length, 0)
  const progress: number[][] = []
  const found = await installModelZip(zip, store, { onProgress: (done, total) => progress.push([done, total]) })
  const manifestPaths = [join(store.dir, manifestName(model))]
  assert.deepEqual(found, { models: ['made:latest'], manifestPaths, blobs: 3, bytes, alreadyThere: 0 })
  assert.deepEqual(progress.at(-1), [bytes, bytes])
  assert.ok(readFileSync(manifestPaths[0]!).equals(model.manifest))
  for (const [i, digest] of model.digests.entries()) {
    assert.ok(readFileSync(join(store.dir, blobName(digest))).equals(model.contents[i]!))
  }
  assert.equal((await store.verify('made:latest')).verdict, 'verified')
  assert.deepEqual(readdirSync(store.partialDir), [])
})

test('what the store has is not written again, and a second time is no error', async (t) => {
  const { zip, store, write } = bench(t)
  const model = madeModel()
  write(partsOf(model))
  await installModelZip(zip, store)
  const again = await installModelZip(zip, store)
  assert.deepEqual([again.blobs, again.bytes, again.alreadyThere], [0, 0, 3])
})

test('a zip without a blob that the store has is enough', async (t) => {
  const { zip, store, write } = bench(t)
  const [one, other] = [madeModel(), madeModel(undefined, 'other')]
  write(partsOf(one))
  await installModelZip(zip, store)
  write([{ name: manifestName(other), data: other.manifest }])
  const found = await installModelZip(zip, store)
  assert.deepEqual([found.models, found.alreadyThere], [['made:other'], 3])
})

test('several models of one zip are installed, shared blobs once', async (t) => {
  const { zip, store, write } = bench(t)
  const [one, other] = [madeModel(Buffer.from('one'), '1'), madeModel(Buffer.from('other'), '2')]
  const parts = [...partsOf(one), ...partsOf(other)]
  write(parts.filter(({ name }, at) => parts.findIndex((part) => part.name === name) === at))
  const found = await installModelZip(zip, store)
  assert.deepEqual([found.models, found.blobs], [['made:1', 'made:2'], 4])
})

test('blobs that no manifest names are left out with a warning', async (t) => {
  const { zip, store, write } = bench(t)
  const model = madeModel()
  const stray = digestOf(Buffer.from('stray'))
  write([...partsOf(model), { name: blobName(stray), data: 'stray' }])
  const warnings: string[] = []
  await installModelZip(zip, store, { onWarning: (message) => warnings.push(message) })
  assert.match(warnings.join(), /1 blob of the zip file belongs to none of its models/)
  assert.ok(!existsSync(join(store.dir, blobName(stray))))
})

const model = madeModel()
const parts = partsOf(model)
const without = (index: number): ZipPart[] => parts.filter((_, i) => i !== index)
const instead = (text: string | Buffer): ZipPart[] => [...parts.slice(0, -1), { name: manifestName(model), data: text }]
const hex = 'a'.repeat(64)
const changedManifest = (from: string | RegExp, to: string): ZipPart[] =>
  instead(model.manifest.toString().replace(from, to))

const refused: ReadonlyArray<readonly [string, RegExp, readonly ZipPart[]]> = [
  ['leads out', /leads elsewhere/, [...parts, { name: '../evil', data: 'x' }]],
  ['leads out from inside', /leads elsewhere/, [...parts, { name: 'blobs/../../evil', data: 'x' }]],
  ['has a link', /link/, [...parts, { name: 'blobs/evil', data: '/', says: { attributes: (0o120777 << 16) >>> 0 } }]],
  ['has a blob of another name', /"blobs\/evil" does not belong/, [...parts, { name: 'blobs/evil', data: 'x' }]],
  ['has a blob in upper case', /does not belong/, [...parts, { name: `blobs/sha256-${'A'.repeat(64)}` }]],
  ['has a blob of 63 digits', /does not belong/, [...parts, { name: `blobs/sha256-${hex.slice(1)}` }]],
  ['has a blob with a line end', /control/, [...parts, { name: `blobs/sha256-${hex}\n` }]],
  ['has a folder for a blob', /does not belong/, [...parts, { name: `blobs/sha256-${hex}/` }]],
  ['has a file at the top', /does not belong/, [...parts, { name: 'evil' }]],
  ['has a folder at the top', /does not belong/, [...parts, { name: 'evil/' }]],
  [
    'has a manifest too high',
    /does not belong/,
    [...parts, { name: 'manifests/host/library/evil', data: model.manifest }],
  ],
  [
    'has a manifest too deep',
    /does not belong/,
    [...parts, { name: 'manifests/host/a/b/evil/latest', data: model.manifest }],
  ],
  ['has a folder too deep', /does not belong/, [...parts, { name: 'manifests/host/a/b/latest/' }]],
  ['has a hidden file', /does not belong/, [...parts, { name: 'manifests/.DS_Store', data: 'x' }]],
  [
    'has a name beyond the grammar',
    /does not belong/,
    [...parts, { name: 'manifests/h/n/m/-evil', data: model.manifest }],
  ],
  ['has no manifest', /no manifest/, without(5)],
  ['is empty', /no manifest/, []],
  ['lacks the weights', new RegExp(`incomplete.*${model.digests[1]!.slice(7, 19)}`), without(2)],
  ['lacks the config', new RegExp(`incomplete.*${model.digests[0]!.slice(7, 19)}`), without(1)],
  ['has a manifest that is no JSON', /cannot be read/, instead('{')],
  [
    'has a byte order mark',
    /cannot be read/,
    instead(Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), model.manifest])),
  ],
  ['has a manifest that is no UTF-8', /cannot be read/, instead(Buffer.from([0xff]))],
  ['has a digest that leads out', /cannot be read/, changedManifest(/sha256:[0-9a-f]{64}/, 'sha256:../../evil')],
  ['has a blob of another size than its manifest says', /at odds/, changedManifest('"size":7', '"size":8')],
  [
    'has an index for a manifest',
    /index|cannot be read/,
    instead('{"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[]}'),
  ],
  [
    'has a manifest of 5 MiB',
    /too large/,
    instead(Buffer.concat([model.manifest, Buffer.alloc(5 * 1024 * 1024, ' ')])),
  ],
  [
    'has a manifest with a wrong checksum',
    /damaged/,
    [...parts.slice(0, -1), { name: manifestName(model), data: model.manifest, says: { crc: 1 } }],
  ],
]

for (const [what, reason, entries] of refused) {
  test(`a zip that ${what} is refused and nothing at all is written`, async (t) => {
    const { zip, box, store, write } = bench(t)
    write(entries)
    await assert.rejects(installModelZip(zip, store), (error) => {
      assert.ok(error instanceof SluiceError, String(error))
      assert.deepEqual([error.code, error.exitCode], ['bad-archive', 5])
      assert.match(error.message, reason)
      return true
    })
    assert.deepEqual(readdirSync(box), [])
  })
}

test('a zip that needs more space than there is is refused and nothing is written', async (t) => {
  const { zip, box, store, write } = bench(t)
  write(parts)
  // Nothing is free on the disk of processes.
  await assert.rejects(installModelZip(zip, { ...store, dir: '/proc/none/store' }), { code: 'disk-full', exitCode: 6 })
  assert.deepEqual(readdirSync(box), [])
})

test('a blob that is not what its name says is named, and nothing of the zip is left', async (t) => {
  const { zip, box, store, write } = bench(t)
  const changed = partsOf(model)
  changed[2] = { name: blobName(model.digests[1]!), data: 'WEIGHTS' }
  write(changed)
  await assert.rejects(installModelZip(zip, store), (error) => {
    assert.ok(error instanceof SluiceError)
    assert.deepEqual([error.code, error.exitCode], ['digest-mismatch', 5])
    assert.ok(error.message.includes(model.digests[1]!.slice(7, 19)))
    return true
  })
  assert.deepEqual(readdirSync(store.partialDir), [])
  assert.deepEqual(filesBelow(box), [])
})

test('damaged packed data ends it without a trace of the blob', async (t) => {
  const { zip, store } = bench(t)
  const packed = madeModel(Buffer.alloc(100_000, 'abc'))
  const bytes = zipBytes(partsOf(packed))
  const name = blobName(packed.digests[1]!)
  const at = bytes.indexOf(name) + name.length
  bytes.fill(0xff, at, at + 10)
  writeFileSync(zip, bytes)
  await assert.rejects(installModelZip(zip, store), { code: 'bad-archive' })
  assert.deepEqual(readdirSync(store.partialDir), [])
  assert.ok(!existsSync(join(store.dir, 'manifests/registry.ollama.ai')))
})

test('a stop leaves nothing, and the next try installs it whole', async (t) => {
  const { zip, store, write } = bench(t)
  const large = madeModel(Buffer.alloc(4_000_000, `weights ${Math.PI}`))
  write(partsOf(large).map((part) => ({ ...part, deflate: false })))
  const stop = new AbortController()
  const reason = new Error('stopped')
  const onProgress = (done: number): void => {
    if (done > 1_000_000) stop.abort(reason)
  }
  await assert.rejects(installModelZip(zip, store, { signal: stop.signal, onProgress }), reason)
  assert.deepEqual(readdirSync(store.partialDir), [])
  assert.deepEqual(filesBelow(store.dir), [])
  const found = await installModelZip(zip, store)
  assert.deepEqual([found.blobs, found.alreadyThere], [3, 0])
})

test('a folder that is gone while a blob is written is an error of the disk', async (t) => {
  const { zip, box, store, write } = bench(t)
  write(parts)
  await assert.rejects(installModelZip(zip, { ...store, partialDir: join(box, 'none') }), { code: 'disk' })
})
