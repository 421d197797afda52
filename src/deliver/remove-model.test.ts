import assert from 'node:assert/strict'
import { existsSync, linkSync, mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { source, startNode } from '../../test/support/node-child.ts'
import { checkOllamaStore } from '../../test/support/store-checker.ts'
import { blobFile, install, smallModel, storeLab, strayManifest } from '../../test/support/store-fixture.ts'
import { temporaryFolder } from '../../test/support/temporary-folder.ts'
import { asSluiceError } from '../core/errors.ts'
import { openOllamaStore } from './ollama-store.ts'

const usual = ['registry.ollama.ai', 'library'] as const

test('the last model leaves nothing behind but our own folder', async (t) => {
  const { dir, store } = await storeLab(t)
  const model = smallModel({}, ['weights', 'template'])
  await install(store, model)
  const bytes = model.blobs.reduce((sum, { content }) => sum + content.length, 0)
  assert.deepEqual(await store.remove('small'), { name: 'small:latest', blobs: 3, bytes })
  for (const folder of ['blobs', 'manifests', '.sluice/partial']) assert.deepEqual(readdirSync(join(dir, folder)), [])
  await assert.rejects(store.remove('small'), { code: 'not-found' })
})

test('a name is taken as shown, whole, without its tag and in any case; the same spelling goes first', async (t) => {
  const { dir, store } = await storeLab(t)
  const place = { host: 'hf.co', namespace: 'Bartowski', model: 'Qwen' }
  for (const name of [
    'hf.co/Bartowski/Qwen',
    'HF.CO/bartowski/qwen:LATEST',
    'hf.co/Bartowski/Qwen:latest',
    'https://hf.co/Bartowski/Qwen',
  ]) {
    await install(store, smallModel(place))
    assert.equal((await store.remove(name)).name, 'hf.co/Bartowski/Qwen:latest')
  }
  for (const name of ['small', 'library/small:latest', 'registry.ollama.ai/library/small']) {
    await install(store, smallModel({}))
    assert.equal((await store.remove(name)).name, 'small:latest')
  }
  await install(store, smallModel({ model: 'twin' }))
  strayManifest(dir, [...usual, 'TWIN', 'latest'], smallModel({ model: 'twin' }).bytes)
  assert.equal((await store.remove('twin')).name, 'twin:latest')
  assert.equal((await store.remove('twin')).name, 'TWIN:latest')
})

test('a name that is not there brings the one that may be meant; a bad one says what is wrong', async (t) => {
  const { store } = await storeLab(t)
  await install(store, smallModel({ host: '127.0.0.1:5000' }))
  await assert.rejects(store.remove('small'), { code: 'not-found', hint: /127\.0\.0\.1:5000\/library\/small:latest/ })
  await assert.rejects(store.remove('other'), { code: 'not-found', hint: /^sluice models shows/ })
  await assert.rejects(store.remove('../../etc'), { code: 'bad-model-name' })
})

test('blobs that another model needs stay, and its folders too', async (t) => {
  const { dir, store } = await storeLab(t)
  await install(store, smallModel({ tag: 'a' }, ['shared', 'only a']))
  await install(store, smallModel({ tag: 'b' }, ['shared', 'only b']))
  assert.deepEqual(await store.remove('small:a'), { name: 'small:a', blobs: 1, bytes: 6 })
  assert.deepEqual(await checkOllamaStore(dir), [])
  assert.deepEqual(
    (await store.list()).map(({ name, missing }) => [name, missing]),
    [['small:b', []]],
  )
})

test('blobs that no model needs but did not belong to this one are not touched: a pull may be on its way', async (t) => {
  const { dir, store } = await storeLab(t)
  const coming = smallModel({ model: 'coming' }, ['new weights'])
  await install(store, coming, 'blobs')
  await install(store, smallModel({}))
  await store.remove('small')
  assert.equal(existsSync(blobFile(dir, coming.blobs[1]!.digest)), true)
})

test('a pull that counts on a blob of a model that is removed meanwhile is refused, and comes through when it fetches it', async (t) => {
  const { dir, store } = await storeLab(t)
  await install(store, smallModel({ tag: 'a' }, ['shared']))
  const pulled = smallModel({ tag: 'b' }, ['shared', 'more'])
  const other = openOllamaStore(dir)
  assert.equal(await other.hasBlob(pulled.blobs[1]!.digest, 6), true)
  await store.remove('small:a')
  await assert.rejects(other.addManifest(pulled.place, pulled.bytes), { code: 'disk', hint: /again/ })
  assert.deepEqual(await checkOllamaStore(dir), [])
  assert.equal(await other.hasBlob(pulled.blobs[1]!.digest, 6), false)
  await install(other, pulled)
  assert.deepEqual(await checkOllamaStore(dir), [])
})

test('as long as a manifest cannot be read no blob goes, and that file is named', async (t) => {
  const index = `{"schemaVersion":2,"manifests":[]}`
  for (const text of ['', '{"schemaVersion":2,"config"', '[]', index]) {
    const { dir, store, warnings } = await storeLab(t)
    await install(store, smallModel({}))
    const odd = strayManifest(dir, [...usual, 'half', 'latest'], text)
    assert.deepEqual(await store.remove('small'), { name: 'small:latest', blobs: 0, bytes: 0 })
    assert.equal(readdirSync(join(dir, 'blobs')).length, 2)
    assert.ok(warnings.at(-1)?.includes(odd))
  }
})

test('a file that could be no model of ollama does not hold blobs back, unless it names them', async (t) => {
  const { dir, store } = await storeLab(t)
  strayManifest(dir, [...usual, 'small', '.DS_Store'], '\0\0\0\x01Bud1')
  await install(store, smallModel({}))
  assert.equal((await store.remove('small')).blobs, 2)
  const model = smallModel({})
  await install(store, model)
  strayManifest(dir, [...usual, 'small', '.latest.bak'], model.bytes)
  assert.equal((await store.remove('small')).blobs, 0)
})

test('a manifest with odd fields still holds the blobs that it names', async (t) => {
  const { dir, store } = await storeLab(t)
  const model = smallModel({})
  await install(store, model)
  const digest = model.blobs[1]!.digest.replace(':', '-')
  strayManifest(dir, [...usual, 'future', 'latest'], JSON.stringify({ schemaVersion: 3, parts: [{ deep: [digest] }] }))
  assert.equal((await store.remove('small')).blobs, 1)
  assert.equal(existsSync(blobFile(dir, model.blobs[1]!.digest)), true)
})

test('a damaged manifest can be removed by its name; links in the way cannot be removed through', async (t) => {
  const { dir, store } = await storeLab(t)
  strayManifest(dir, [...usual, 'half', 'latest'], '{')
  assert.deepEqual(await store.remove('half'), { name: 'half:latest', blobs: 0, bytes: 0 })
  assert.deepEqual(readdirSync(join(dir, 'manifests')), [])
  const elsewhere = temporaryFolder(t)
  const path = join(elsewhere, 'library', 'small', 'latest')
  mkdirSync(join(path, '..'), { recursive: true })
  writeFileSync(path, smallModel({}).bytes)
  symlinkSync(elsewhere, join(dir, 'manifests', 'registry.ollama.ai'))
  await assert.rejects(store.remove('small'), { code: 'disk', message: /registry\.ollama\.ai/ })
  assert.equal(existsSync(path), true)
})

test('of a linked blob only the link goes; a second name of a file frees nothing', async (t) => {
  const { dir, store } = await storeLab(t)
  const far = join(temporaryFolder(t), 'far')
  const model = smallModel({}, ['one', 'two', 'three'])
  const path = await install(store, model, 'blobs')
  assert.equal(path, '')
  const [, one, two] = model.blobs.map(({ digest }) => blobFile(dir, digest))
  linkSync(two!, `${far}-two`)
  linkSync(one!, far)
  rmSync(one!)
  symlinkSync(far, one!)
  await store.addManifest(model.place, model.bytes)
  const removed = await store.remove('small')
  assert.deepEqual(removed, { name: 'small:latest', blobs: 4, bytes: model.blobs[0]!.content.length + 'three'.length })
  assert.deepEqual([existsSync(far), existsSync(`${far}-two`)], [true, true])
})

test('two processes, one removing and one installing models of the same blobs, never leave a model without them', async (t) => {
  const { dir, store } = await storeLab(t)
  const rounds = 60
  const remover = startNode(
    t,
    `
    import { openOllamaStore } from ${source('deliver/ollama-store.ts')}
    const store = openOllamaStore(${JSON.stringify(dir)})
    console.log('ready')
    for (let round = 0; round < ${rounds};) {
      try {
        await store.remove('small:a' + round)
        round += 1
      } catch (error) {
        if (error.code !== 'not-found') throw error
      }
    }
    console.log('done')`,
  )
  assert.equal(await remover.line(), 'ready')
  const installed: string[] = []
  for (let round = 0; round < rounds; round++) {
    const [a, b] = ['a', 'b'].map((tag) => smallModel({ tag: `${tag}${round}` }, [`layer ${round}`], `{"n":${round}}`))
    await tolerate(install(store, a!))
    // The other process finds the first model at any of these steps.
    for (let turn = 0; turn < round % 40; turn++) await new Promise((resolve) => setImmediate(resolve))
    if (await tolerate(store.addManifest(b!.place, b!.bytes))) installed.push(`small:b${round}`)
  }
  assert.equal(await remover.line(), 'done')
  for (const name of installed) assert.equal((await store.verify(name)).verdict, 'verified', name)
  assert.deepEqual(await checkOllamaStore(dir), [])
  assert.deepEqual(readdirSync(store.partialDir), [])
  t.diagnostic(`${installed.length} installed, ${rounds - installed.length} refused`)
})

/** False when blobs were taken away in the meantime, which is the one failure that may be. */
async function tolerate(adding: Promise<string>): Promise<boolean> {
  try {
    await adding
    return true
  } catch (error) {
    assert.equal(asSluiceError(error).code, 'disk')
    return false
  }
}
