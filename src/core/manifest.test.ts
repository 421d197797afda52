import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { emptyDigest } from './blob-digest.ts'
import { SluiceError } from './errors.ts'
import { parseManifest, type Descriptor } from './manifest.ts'

const ociManifest = 'application/vnd.oci.image.manifest.v1+json'
const ociIndex = 'application/vnd.oci.image.index.v1+json'
const dockerManifest = 'application/vnd.docker.distribution.manifest.v2+json'
const dockerList = 'application/vnd.docker.distribution.manifest.list.v2+json'

type Json = Record<string, unknown>

const digestOf = (seed: string): string => `sha256:${seed.repeat(64).slice(0, 64)}`
const blob = (seed: string, more: Json = {}): Json => ({
  mediaType: 'application/vnd.ollama.image.model',
  digest: digestOf(seed),
  size: 7,
  ...more,
})
const manifest = (more: Json = {}): Json => ({
  schemaVersion: 2,
  mediaType: dockerManifest,
  config: blob('c'),
  layers: [blob('a'), blob('b')],
  ...more,
})
const index = (more: Json = {}): Json => ({
  schemaVersion: 2,
  mediaType: ociIndex,
  manifests: [
    blob('a', { mediaType: ociManifest, platform: { os: 'linux', architecture: 'amd64' } }),
    blob('b', { mediaType: ociManifest, platform: { os: 'linux', architecture: 'arm64', variant: 'v8' } }),
  ],
  ...more,
})

function kindOf(body: Json, contentType: string | null): string {
  return parseManifest(JSON.stringify(body), contentType).kind
}

function typeOf(body: Json, contentType: string | null): string {
  const parsed = parseManifest(JSON.stringify(body), contentType)
  return parsed.kind === 'index' ? parsed.index.mediaType : parsed.manifest.mediaType
}

function layersOf(body: Json): readonly Descriptor[] {
  const parsed = parseManifest(JSON.stringify(body), null)
  assert.equal(parsed.kind, 'manifest')
  return parsed.kind === 'manifest' ? parsed.manifest.layers : []
}

function refused(body: Json | string, words: RegExp, contentType: string | null = null): void {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  assert.throws(
    () => parseManifest(text, contentType),
    (error) => {
      assert.ok(error instanceof SluiceError)
      assert.equal(error.code, 'bad-manifest')
      assert.match(error.message, words)
      assert.match(error.message, /^[\x20-\x7e…]+$/)
      return true
    },
    text.slice(0, 200),
  )
}

test('a manifest of ollama is read with its config and layers', () => {
  assert.deepEqual(parseManifest(JSON.stringify(manifest()), dockerManifest), {
    kind: 'manifest',
    manifest: {
      mediaType: dockerManifest,
      artifactType: null,
      config: { ...blob('c'), annotations: {} },
      layers: [
        { ...blob('a'), annotations: {} },
        { ...blob('b'), annotations: {} },
      ],
      annotations: {},
    },
  })
})

test('an index is read with its platforms', () => {
  const parsed = parseManifest(JSON.stringify(index()), `${ociIndex}; charset=utf-8`)
  assert.ok(parsed.kind === 'index')
  assert.deepEqual(
    parsed.index.manifests.map(({ platform }) => platform),
    [
      { os: 'linux', architecture: 'amd64' },
      { os: 'linux', architecture: 'arm64', variant: 'v8' },
    ],
  )
})

test('an artifact may have the empty config, a type of its own and annotations', () => {
  const config = {
    mediaType: 'application/vnd.oci.empty.v1+json',
    digest: 'sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a',
    size: 2,
    data: 'e30=',
  }
  const layer = blob('a', {
    annotations: { 'org.opencontainers.image.title': 'a.txt', n: 1, o: {} },
    urls: ['http://x'],
  })
  const body = manifest({
    config,
    layers: [layer],
    artifactType: 'text/x',
    annotations: { k: 'v' },
    subject: blob('d'),
  })
  const parsed = parseManifest(JSON.stringify({ ...body, mediaType: undefined }), ociManifest)
  assert.ok(parsed.kind === 'manifest')
  assert.equal(parsed.manifest.artifactType, 'text/x')
  assert.equal(parsed.manifest.config.size, 2)
  assert.deepEqual(parsed.manifest.annotations, { k: 'v' })
  const { urls: _, ...rest } = { ...layer, annotations: { 'org.opencontainers.image.title': 'a.txt' } } as Json
  assert.deepEqual(parsed.manifest.layers, [rest])
})

test('Content-Type decides, then the type in the body, then the fields', () => {
  const bare = { ...manifest(), mediaType: undefined }
  const bareIndex = { ...index(), mediaType: undefined }
  for (const type of [ociManifest, dockerManifest, `${ociManifest}; charset=utf-8`, ociManifest.toUpperCase()])
    assert.equal(kindOf(bare, type), 'manifest')
  for (const type of [ociIndex, dockerList]) assert.equal(kindOf(bareIndex, type), 'index')
  for (const type of [null, '', 'text/plain', 'application/json; x=y', 'application/octet-stream', ';', 'text/html']) {
    assert.equal(kindOf(manifest(), type), 'manifest')
    assert.equal(kindOf(index(), type), 'index')
    assert.equal(kindOf(bare, type), 'manifest')
    assert.equal(kindOf(bareIndex, type), 'index')
    assert.equal(kindOf({ ...manifest(), mediaType: 'text/odd' }, type), 'manifest')
  }
})

test('the type told is that of the body, else that of the answer, else the usual one', () => {
  assert.equal(typeOf(manifest(), ociManifest), dockerManifest)
  assert.equal(typeOf(manifest({ mediaType: 'text/odd' }), dockerManifest), dockerManifest)
  assert.equal(typeOf(manifest({ mediaType: undefined }), 'text/plain'), ociManifest)
  assert.equal(typeOf(index({ mediaType: undefined }), null), ociIndex)
  assert.equal(typeOf(index({ mediaType: undefined }), dockerList), dockerList)
})

test('what could be read as another kind is refused', () => {
  refused(manifest({ manifests: [] }), /both a manifest and an index/)
  refused(index({ layers: [blob('a')] }), /both/)
  refused(index({ config: blob('a') }), /both/, ociIndex)
  refused(manifest(), /sent it as an index, but it calls itself a manifest/, ociIndex)
  refused(index(), /sent it as a manifest, but it calls itself an index/, dockerManifest)
  refused(manifest({ mediaType: undefined }), /an index that has the fields of the other kind/, dockerList)
  refused(index({ mediaType: ociManifest }), /a manifest that has the fields of the other kind/)
  refused(manifest({ Manifests: [] }), /the field "Manifests", which differs in case alone/)
  refused({ ...manifest(), layers: [{ ...blob('a'), Digest: digestOf('d') }] }, /"Digest", which differs/)
  refused(manifest({ 'layer\u017f': [] }), /"layer\?", which differs/)
})

test('Go writes an empty list as null', () => {
  assert.deepEqual(layersOf(manifest({ layers: null })), [])
  assert.equal(kindOf(manifest({ manifests: null }), ociManifest), 'manifest')
})

test('what is no manifest is shown by its first 100 characters', () => {
  refused('', /sent no manifest but nothing/)
  refused(' \n', /nothing/)
  refused('<html>Log in</html>', /no manifest but "<html>Log in<\/html>"/, 'text/html')
  refused(`\u001b[2J${'x'.repeat(300)}`, /no manifest but "\?\[2Jx{96}…"/)
  for (const text of ['null', '7', '"x"', '[]', '{}', '{"errors":[]}', '{"schemaVersion":2}', '{"a":1', 'NaN'])
    refused(text, /sent no manifest but/)
  refused('[]', /sent no manifest/, ociManifest)
  refused('['.repeat(100_000), /sent no manifest/)
})

test('only schema version 2 is taken', () => {
  refused({ schemaVersion: 1, name: 'x', fsLayers: [] }, /outdated schema version 1/)
  refused(manifest({ schemaVersion: 1 }), /outdated/, dockerManifest)
  for (const schemaVersion of [undefined, null, '2', 3, 2.5, [2]])
    refused(manifest({ schemaVersion }), /not of schema version 2/)
})

test('a manifest without config or layers, or with too many, is refused', () => {
  refused(manifest({ config: undefined }), /The config of the manifest is missing/)
  refused(manifest({ config: null }), /config of the manifest is missing/)
  refused(manifest({ config: [] }), /config of the manifest is missing/)
  refused(manifest({ layers: undefined }), /layers of the manifest are missing/)
  refused(manifest({ layers: {} }), /layers of the manifest are missing or are no list/)
  refused(manifest({ layers: [null] }), /layer of the manifest is missing/)
  refused(manifest({ layers: Array.from({ length: 10_001 }, () => blob('a')) }), /10001 layers; at most 10000/)
  refused(index({ manifests: Array.from({ length: 1_001 }, () => blob('a')) }), /1001 manifests; at most 1000/)
  assert.equal(layersOf(manifest({ layers: Array.from({ length: 10_000 }, () => blob('a')) })).length, 10_000)
})

test('every digest is checked, wherever it stands', () => {
  for (const digest of [
    'sha256:../../x',
    `${digestOf('a')}/../x`,
    digestOf('A'),
    'sha512:x',
    null,
    7,
    ['x'],
    undefined,
  ]) {
    refused(manifest({ config: blob('c', { digest }) }), /digest/)
    refused(manifest({ layers: [blob('a'), blob('b', { digest })] }), /digest/)
    refused(index({ manifests: [blob('a'), blob('b', { digest })] }), /digest/)
  }
})

test('sizes are whole numbers that can be true', () => {
  for (const size of ['7', -1, 0.5, 2 ** 53, 1e300, null, undefined, true, [7]])
    refused(manifest({ layers: [blob('a', { size })] }), /no whole number from 0 to 2\^53 - 1/)
  refused(JSON.stringify(manifest()).replace('"size":7', '"size":9007199254740993'), /no whole number/)
  assert.equal(layersOf(manifest({ layers: [blob('a', { size: 2 ** 53 - 1 })] }))[0]?.size, 2 ** 53 - 1)
  assert.equal(layersOf(manifest({ layers: [blob('a', { size: 0, digest: emptyDigest })] }))[0]?.size, 0)
  refused(manifest({ layers: [blob('a', { size: 0 })] }), /the size 0, which cannot be/)
  refused(manifest({ layers: [blob('a', { digest: emptyDigest })] }), /the size 7, which cannot be/)
  refused(manifest({ layers: [blob('a'), blob('a', { size: 8 })] }), /two sizes, 7 and 8/)
  refused(manifest({ layers: [blob('c', { size: 8 })] }), /two sizes/)
  refused(index({ manifests: [blob('a'), blob('a', { size: 8 })] }), /two sizes/)
  assert.equal(layersOf(manifest({ layers: [blob('a'), blob('a')] })).length, 2)
})

test('media types, annotations and names have limits', () => {
  for (const mediaType of [undefined, null, 7, '', ' a', 'a\n', 'a\u001b[0m', '\u0430', 'x'.repeat(256)])
    refused(manifest({ layers: [blob('a', { mediaType })] }), /media type/)
  assert.equal(layersOf(manifest({ layers: [blob('a', { mediaType: 'x'.repeat(255) })] })).length, 1)
  refused(manifest({ artifactType: 'a\0b' }), /media type of the artifact/)
  refused(manifest({ annotations: { k: 'v'.repeat(65_537) } }), /annotation "k" of the manifest is too long/)
  refused(manifest({ annotations: { ['k'.repeat(1_025)]: 'v' } }), /is too long/)
  const many = Object.fromEntries(Array.from({ length: 1_001 }, (_, n) => [`k${n}`, 'v']))
  refused(manifest({ annotations: many }), /1001 annotations/)
  refused(manifest({ layers: [blob('a', { name: 'a\0b' })] }), /the name "a\?b"/)
  refused(manifest({ layers: [blob('a', { name: 'x'.repeat(4_097) })] }), /too long/)
  assert.equal(layersOf(manifest({ layers: [blob('a', { name: 'model.weight' })] }))[0]?.name, 'model.weight')
  assert.ok(!('name' in (layersOf(manifest({ layers: [blob('a', { name: 7 })] }))[0] ?? {})))
})

test('a platform that nobody could ask for is none', () => {
  const platformOf = (platform: unknown): unknown => {
    const parsed = parseManifest(JSON.stringify(index({ manifests: [blob('a', { platform })] })), null)
    return parsed.kind === 'index' ? parsed.index.manifests[0]?.platform : undefined
  }
  for (const platform of [undefined, null, 'linux/amd64', [], {}, { os: 'linux' }, { os: 'l\n', architecture: 'x' }])
    assert.equal(platformOf(platform), null)
  assert.deepEqual(platformOf({ os: 'windows', architecture: 'amd64', 'os.version': '10.0', variant: 7 }), {
    os: 'windows',
    architecture: 'amd64',
  })
})

test('keys that all objects have are keys like others', () => {
  const text = JSON.stringify(manifest({ annotations: { toString: 'x', constructor: 'y' } })).replace(
    '"annotations":{',
    '"__proto__":{"layers":[{"digest":"sha256:x"}]},"annotations":{"__proto__":"bad",',
  )
  const parsed = parseManifest(text, null)
  assert.ok(parsed.kind === 'manifest')
  assert.deepEqual(Object.entries(parsed.manifest.annotations), [
    ['toString', 'x'],
    ['constructor', 'y'],
  ])
  assert.equal(Object.hasOwn(Object.prototype, 'layers'), false)
  refused('{"schemaVersion":2,"__proto__":{"config":{},"layers":[]}}', /no manifest/)
  refused(
    JSON.stringify(manifest({ config: {} })).replace(
      '"config":{}',
      `"config":{"__proto__":${JSON.stringify(blob('a'))}}`,
    ),
    /digest is missing/,
  )
  const twice = JSON.stringify(manifest()).replace('"layers":', '"layers":[{"digest":"../x"}],"layers":')
  assert.equal(parseManifest(twice, null).kind, 'manifest')
})

test('property: whatever is done to a manifest, it gives checked digests and sizes or bad-manifest', () => {
  const value = fc.oneof(
    fc.jsonValue(),
    fc.constantFrom<unknown>(
      'sha256:../../x',
      digestOf('A'),
      -1,
      2 ** 60,
      null,
      [],
      {},
      [blob('d')],
      dockerList,
      ociIndex,
    ),
  )
  const places = [
    'schemaVersion',
    'mediaType',
    'config',
    'layers',
    'manifests',
    'digest',
    'size',
    'annotations',
    'urls',
  ]
  const change = fc.tuple(fc.nat(40), fc.constantFrom(...places), fc.boolean(), value)
  fc.assert(
    fc.property(
      fc.boolean(),
      fc.array(change, { minLength: 1, maxLength: 3 }),
      fc.constantFrom(null, ociManifest, ociIndex, 'text/plain'),
      (isIndex, changes, contentType) => {
        const body = isIndex ? index() : manifest()
        for (const [place, key, isRemoved, put] of changes) {
          const all = objectsIn(body)
          const target = all[place % all.length] ?? body
          if (isRemoved) delete target[key]
          else target[key] = structuredClone(put)
        }
        try {
          const parsed = parseManifest(JSON.stringify(body), contentType)
          const found =
            parsed.kind === 'index' ? parsed.index.manifests : [parsed.manifest.config, ...parsed.manifest.layers]
          for (const { digest, size, mediaType } of found) {
            assert.match(digest, /^sha256:[a-f0-9]{64}$/)
            assert.ok(Number.isSafeInteger(size) && size >= 0)
            assert.match(mediaType, /^[\x20-\x7e]{1,255}$/)
          }
        } catch (error) {
          assert.ok(error instanceof SluiceError, String(error))
          assert.equal(error.code, 'bad-manifest')
        }
      },
    ),
    { numRuns: 3000 },
  )
})

test('property: any text is a manifest or refused', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json()), fc.option(fc.string()), (text, contentType) => {
      assert.throws(() => parseManifest(text, contentType), { code: 'bad-manifest' })
    }),
  )
})

function objectsIn(value: unknown): Json[] {
  if (typeof value !== 'object' || value === null) return []
  const inner = Object.values(value).flatMap(objectsIn)
  return Array.isArray(value) ? inner : [value as Json, ...inner]
}
