import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { execFileSync } from 'node:child_process'
import { mkdirSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { blobFile, digestOf, install, smallModel, storeLab, strayManifest } from '../../test/support/store-fixture.ts'
import { openOllamaStore } from './ollama-store.ts'

test('a model is listed as ollama shows it, with what its config says', async (t) => {
  const { dir, store, warnings } = await storeLab(t)
  const model = smallModel({}, ['weights', 'template', 'weights'])
  const path = await install(store, model)
  utimesSync(path, 1_700_000_000, 1_700_000_000)
  const [config, weights, template] = model.blobs
  const [found, ...others] = await store.list()
  assert.deepEqual(others, [])
  assert.deepEqual(found, {
    name: 'small:latest',
    fullName: 'registry.ollama.ai/library/small:latest',
    id: createHash('sha256').update(model.bytes).digest('hex'),
    size: config!.content.length + 7 + 8,
    modifiedAt: '2023-11-14T22:13:20.000Z',
    manifestPath: join(dir, 'manifests/registry.ollama.ai/library/small/latest'),
    family: 'llama',
    parameters: '8.0B',
    quantization: 'Q4_0',
    blobs: [config, weights, template].map((blob, index) => ({
      digest: blob!.digest,
      size: blob!.content.length,
      mediaType: index === 0 ? 'application/vnd.docker.container.image.v1+json' : 'application/vnd.ollama.image.model',
    })),
    missing: [],
  })
  assert.deepEqual(warnings, [])
})

test('models stand in the order of their names, with host and namespace where they are not the usual ones', async (t) => {
  const { store } = await storeLab(t)
  await install(store, smallModel({ model: 'zeta' }))
  await install(store, smallModel({ host: 'hf.co', namespace: 'bartowski', model: 'Qwen', tag: 'Q4' }))
  await install(store, smallModel({ namespace: 'me', model: 'mine' }))
  await install(store, smallModel({ model: 'alpha', tag: `sha256-${'a'.repeat(64)}` }))
  const names = (await store.list()).map(({ name }) => name)
  assert.deepEqual(names, [
    `alpha:sha256-${'a'.repeat(64)}`,
    'hf.co/bartowski/Qwen:Q4',
    'me/mine:latest',
    'zeta:latest',
  ])
  for (const name of names) assert.equal((await store.verify(name)).name, name)
})

test('missing and short blobs are named; without its config a model has no details', async (t) => {
  const { dir, store } = await storeLab(t)
  const model = smallModel({}, ['one', 'two'])
  await install(store, model)
  rmSync(blobFile(dir, model.blobs[0]!.digest))
  writeFileSync(blobFile(dir, model.blobs[2]!.digest), 'tw')
  const [found] = await store.list()
  assert.deepEqual(found?.missing, [model.blobs[0]!.digest, model.blobs[2]!.digest])
  assert.deepEqual([found.family, found.parameters, found.quantization], [null, null, null])
})

test('a hostile config gives no details but harms nothing', async (t) => {
  const { dir, store } = await storeLab(t)
  const configs = [
    'no json',
    '[]',
    'null',
    '{"model_family":7,"model_type":{"a":1},"file_type":null}',
    '{"model_family":"\\u001b[31m","model_type":"","file_type":"\\u202eevil"}',
    `{"model_family":"${'x'.repeat(100)}"}`,
    `{"model_family":"llama","pad":"${'x'.repeat(1024 * 1024)}"}`,
  ]
  for (const [index, text] of configs.entries()) {
    const digest = digestOf(Buffer.from(text))
    writeFileSync(blobFile(dir, digest), text)
    const config = { mediaType: 'application/vnd.docker.container.image.v1+json', digest, size: text.length }
    strayManifest(
      dir,
      ['registry.ollama.ai', 'library', `m${index}`, 'latest'],
      JSON.stringify({ schemaVersion: 2, config, layers: [] }),
    )
  }
  const models = await store.list()
  assert.equal(models.length, configs.length)
  for (const { family, parameters, quantization, missing } of models)
    assert.deepEqual([family, parameters, quantization, missing], [null, null, null, []])
})

test('what is no manifest is left out and told of once', async (t) => {
  const { dir, store, warnings } = await storeLab(t)
  await install(store, smallModel({}))
  const library = ['registry.ollama.ai', 'library']
  strayManifest(dir, [...library, 'small', '.DS_Store'], 'x')
  strayManifest(dir, [...library, 'empty', 'latest'], '')
  strayManifest(dir, [...library, 'html', 'latest'], '<html>')
  strayManifest(dir, [...library, 'huge', 'latest'], Buffer.alloc(4 * 1024 * 1024 + 1, ' '))
  strayManifest(dir, [...library, 'deep', 'latest'], `${'['.repeat(100_000)}${']'.repeat(100_000)}`)
  const blob = `{"mediaType":"m","digest":"sha256:../../../x","size":1}`
  strayManifest(dir, [...library, 'path', 'latest'], `{"schemaVersion":2,"config":${blob},"layers":[]}`)
  execFileSync('mkfifo', [join(dir, 'manifests', ...library, 'small', 'pipe')])
  // At other depths, or folders: not looked at, as ollama does not. It follows links, so one file is at depth 4 by one.
  strayManifest(dir, [...library, 'readme'], 'x')
  mkdirSync(join(dir, 'manifests', ...library, 'small', 'folder', 'below'), { recursive: true })
  symlinkSync(join(dir, 'manifests'), join(dir, 'manifests', 'loop'))
  symlinkSync('self', join(dir, 'manifests', ...library, 'small', 'self'))
  assert.deepEqual(
    (await store.list()).map(({ name }) => name),
    ['small:latest'],
  )
  assert.equal(warnings.length, 1)
  assert.match(
    warnings[0] ?? '',
    /loop\/registry\.ollama\.ai\/library\/readme, .*library\/deep\/latest, .*library\/empty\/latest and 5 more$/,
  )
})

test('a thousand models are listed in seconds', async (t) => {
  const { dir } = await storeLab(t)
  for (let index = 0; index < 1000; index++) {
    const model = smallModel({ model: `m${index % 100}`, tag: `t${index}` }, [
      `weights ${index}`,
      'template',
      'licence',
    ])
    for (const { digest, content } of model.blobs) writeFileSync(blobFile(dir, digest), content)
    strayManifest(dir, ['registry.ollama.ai', 'library', model.place.model, model.place.tag], model.bytes)
  }
  const began = performance.now()
  const models = await openOllamaStore(dir).list()
  const took = performance.now() - began
  assert.equal(models.length, 1000)
  assert.equal(models.filter(({ missing, family }) => missing.length === 0 && family === 'llama').length, 1000)
  assert.ok(took < 60_000, `${took} ms`)
  t.diagnostic(`${Math.round(took)} ms`)
})
