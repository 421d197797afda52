import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { artifactFiles, blobTitles, isOllamaModel } from './artifact-files.ts'
import { SluiceError } from './errors.ts'
import type { Descriptor, Manifest } from './manifest.ts'

const titleKey = 'org.opencontainers.image.title'
const ollama = (type: string): string => `application/vnd.ollama.image.${type}`
const docker = (type: string): string => `application/vnd.docker.ai.${type}`

type Layer = Partial<Descriptor> & { readonly title?: string }

function manifestOf(...layers: Layer[]): Manifest {
  return {
    mediaType: 'application/vnd.oci.image.manifest.v1+json',
    artifactType: null,
    config: descriptor({ digest: `sha256:${'f'.repeat(64)}` }, 0),
    layers: layers.map(descriptor),
    annotations: {},
  }
}

function descriptor({ title, ...rest }: Layer, place: number): Descriptor {
  const digest = `sha256:${String(place).padStart(64, '0')}`
  const annotations = title === undefined ? {} : { [titleKey]: title }
  return { mediaType: 'application/octet-stream', digest, size: 1, annotations, ...rest }
}

const paths = (...layers: Layer[]): string[] => artifactFiles(manifestOf(...layers)).map(({ path }) => path)
const types = (...mediaTypes: string[]): string[] => paths(...mediaTypes.map((mediaType) => ({ mediaType })))
const titles = (...layers: Layer[]): string[] => [...blobTitles(manifestOf(...layers)).values()]

test('the layers of an ollama model get the names of their kinds', () => {
  const kinds = ['model', 'projector', 'adapter', 'template', 'system', 'params', 'messages', 'license', 'license']
  const layers = kinds.map((kind) => ({ mediaType: ollama(kind) }))
  assert.deepEqual(paths(...layers), [
    'model.gguf',
    'mmproj.gguf',
    'adapter.gguf',
    'template',
    'system',
    'params.json',
    'messages.json',
    'license',
    'license-2',
  ])
  assert.deepEqual(titles(...layers), [
    'config',
    'model',
    'projector',
    'adapter',
    'template',
    'system',
    'params',
    'messages',
    'license',
    'license 2',
  ])
  assert.ok(isOllamaModel(manifestOf(...layers)))
  assert.ok(!isOllamaModel(manifestOf({ mediaType: docker('gguf.v3') })))
  const none = manifestOf()
  assert.ok(!isOllamaModel(none))
  assert.ok(
    isOllamaModel({ ...none, config: { ...none.config, mediaType: 'application/vnd.docker.container.image.v1+json' } }),
  )
  assert.deepEqual(types(ollama('draft'), ollama('new-kind'), ollama('../x')), ['draft', 'new-kind', 'blob'])
})

test('tensors of ollama are called by their own names', () => {
  const layers = [
    { mediaType: ollama('tensor'), name: 'model.layers.0.weight' },
    { mediaType: ollama('json'), name: 'tokenizer/vocab.json' },
    { mediaType: ollama('json') },
    { mediaType: 'text/plain', name: 'elsewhere' },
  ]
  assert.deepEqual(paths(...layers), ['model.layers.0.weight', 'tokenizer/vocab.json', 'json', 'blob'])
  assert.deepEqual(titles(...layers).slice(1), ['model.layers.0.weight', 'tokenizer/vocab.json', 'json', 'blob'])
  assert.throws(() => paths({ mediaType: ollama('json'), name: '../x' }), { code: 'bad-manifest' })
})

test('models of Docker and ModelPack get readable names, several gguf layers are pieces in order', () => {
  const gguf = docker('gguf.v3')
  assert.deepEqual(types(gguf, docker('license'), docker('chat.template.jinja'), docker('mmproj')), [
    'model.gguf',
    'license',
    'chat_template.jinja',
    'mmproj.gguf',
  ])
  assert.deepEqual(types(gguf, docker('license'), gguf, gguf), [
    'model-00001-of-00003.gguf',
    'license',
    'model-00002-of-00003.gguf',
    'model-00003-of-00003.gguf',
  ])
  assert.deepEqual(types(docker('safetensors'), docker('vllm.config.tar'), docker('dir.tar'), docker('dduf')), [
    'model.safetensors',
    'vllm-config.tar',
    'folder.tar',
    'model.dduf',
  ])
  const pack = (type: string): string => `application/vnd.cncf.model.${type}`
  assert.deepEqual(
    types(pack('weight.v1.raw'), pack('weight.config.v1.tar+gzip'), 'application/vnd.cnai.model.doc.v1.tar'),
    ['weight', 'weight-config.tar.gz', 'doc.tar'],
  )
  assert.deepEqual(
    types('application/vnd.oci.image.layer.v1.tar+gzip', 'application/vnd.oci.image.layer.v1.tar+zstd'),
    ['layer.tar.gz', 'layer.tar.zst'],
  )
  assert.deepEqual(titles({ mediaType: pack('weight.config.v1.raw') }), ['config', 'weight config'])
})

test('titles are file names, those of ModelPack too', () => {
  const named = (key: string, path: string): Layer => ({ annotations: { [key]: path } })
  assert.deepEqual(
    paths({ title: 'a.txt' }, named('org.cncf.model.filepath', 'b/c'), named('org.cnai.model.filepath', '.d')),
    ['a.txt', 'b/c', '_d'],
  )
  assert.deepEqual(titles({ title: '日本語' }, { title: 'a\u202eb' }, { title: '../x' }, { title: '' }).slice(1), [
    '日本語',
    'a_b',
    '__/x',
    'blob',
  ])
})

test('a layer that says so is to be unpacked, other image layers with titles are plain files', () => {
  const tar = 'application/vnd.oci.image.layer.v1.tar'
  const unpack = { 'io.deis.oras.content.unpack': 'true', [titleKey]: 'dir' }
  const packing = (layer: Layer): unknown => artifactFiles(manifestOf(layer))[0]?.unpack
  assert.equal(packing({ mediaType: `${tar}+gzip`, annotations: unpack }), 'tar+gzip')
  assert.equal(packing({ mediaType: tar, annotations: unpack }), 'tar')
  assert.equal(packing({ mediaType: `${tar}+gzip`, title: 'a.tgz' }), null)
  assert.equal(packing({ mediaType: docker('dir.tar'), annotations: { 'org.cncf.model.filepath': 'd' } }), 'tar')
  assert.equal(packing({ mediaType: 'application/vnd.cncf.model.code.v1.tar+gzip', title: 'd' }), 'tar+gzip')
  assert.equal(packing({ mediaType: docker('dir.tar') }), null)
  assert.equal(packing({ mediaType: docker('gguf.v3'), title: 'd' }), null)
})

test('equal blobs are one file unless they have two titles', () => {
  const same = { digest: `sha256:${'a'.repeat(64)}` }
  assert.deepEqual(paths({ ...same, mediaType: ollama('license') }, { ...same, mediaType: ollama('license') }), [
    'license',
  ])
  assert.deepEqual(paths({ ...same, title: 'a' }, { ...same, title: 'a' }, { ...same, title: 'b' }), ['a', 'b'])
  assert.deepEqual(titles(same, same), ['config', 'blob'])
})

test('a name by kind gives way to a title; two equal titles are refused', () => {
  assert.deepEqual(paths({ mediaType: ollama('license') }, { title: 'LICENSE' }), ['license-2', 'LICENSE'])
  assert.throws(() => paths({ title: 'a' }, { title: 'A' }), {
    code: 'bad-manifest',
    message: /"A" of a layer is there twice/,
  })
  assert.throws(() => paths({ title: 'a/b' }, { title: 'a' }), { message: /a file and a folder/ })
})

test('the config is a file only if there is nothing else', () => {
  assert.deepEqual(paths(), ['config.json'])
  assert.deepEqual(titles(), ['config'])
})

test('property: no file leads out of its folder or stands on another, and every blob has a title to show', () => {
  const text = fc.oneof(
    fc.string({ unit: fc.constantFrom('.', '/', '\\', ':', 'a', 'A', '\0', 'é', 'con'), maxLength: 8 }),
    fc.constantFrom('license', 'model.gguf', 'a/b', '../x', '/x'),
  )
  const layer = fc.record({
    mediaType: fc.constantFrom(ollama('model'), ollama('license'), ollama('tensor'), docker('gguf.v3'), 'x/y'),
    digest: fc.constantFrom(...'abcde').map((seed) => `sha256:${seed.repeat(64)}`),
    annotations: fc.oneof(
      fc.constant({}),
      text.map((title) => ({ [titleKey]: title })),
    ),
    name: text,
  })
  fc.assert(
    fc.property(fc.array(layer, { maxLength: 6 }), (layers) => {
      const manifest = manifestOf(...layers)
      const shown = blobTitles(manifest)
      for (const { digest } of [manifest.config, ...manifest.layers])
        assert.match(shown.get(digest) ?? '', /^[^\p{Cc}]+$/u)
      try {
        const files = artifactFiles(manifest)
        const keys = files.map(({ path }) => path.toLowerCase())
        assert.equal(new Set(keys).size, keys.length)
        for (const key of keys) {
          const root = new URL('file:///root/')
          assert.ok(new URL(key.split('/').map(encodeURIComponent).join('/'), root).href.startsWith(root.href))
          for (const part of key.split('/')) assert.match(part, /^[^./\\:\p{Cc}][^/\\:\p{Cc}]*$/u)
          assert.ok(!keys.some((other) => other.startsWith(`${key}/`)))
        }
        for (const { digest } of manifest.layers) assert.ok(files.some((file) => file.digest === digest))
      } catch (error) {
        assert.ok(error instanceof SluiceError, String(error))
        assert.equal(error.code, 'bad-manifest')
      }
    }),
    { numRuns: 2000 },
  )
})
