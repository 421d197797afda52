import assert from 'node:assert/strict'
import { existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import { madeModel, readyBlobs } from '../../test/support/made-model.ts'
import { openManagerLab, until } from '../../test/support/manager-lab.ts'
import type { ManagerLab } from '../../test/support/manager-lab.ts'
import { pullFile } from '../../test/support/scripted-puller.ts'
import { blobFile, install, smallModel, storeLab } from '../../test/support/store-fixture.ts'
import type { SmallModel } from '../../test/support/store-fixture.ts'
import { assembleModelZip } from '../deliver/model-zip.ts'
import type { ModelWork } from './model-types.ts'

const byName = { sort: 'name', descending: false } as const

/** A manager whose store has these models. */
async function labWith(t: TestContext, ...models: readonly SmallModel[]): Promise<ManagerLab> {
  const lab = await openManagerLab(t)
  const { store } = await storeLab(t, lab.modelsDir)
  for (const model of models) await install(store, model)
  return lab
}

const big = smallModel({ model: 'big', tag: '8b' }, ['weights of big, which are the longer ones', 'template'])
const small = smallModel({ namespace: 'me' }, ['weights', 'template'])

test('models are listed by name, size or time, found by their words, and blobs that several use count once', async (t) => {
  const { manager, modelsDir } = await labWith(t, big, small)
  const list = await manager.models(byName)
  assert.deepEqual(
    [list.models.map(({ name }) => name), list.total, list.dir],
    [['big:8b', 'me/small:latest'], 2, modelsDir],
  )
  const sizes = new Map([...big.blobs, ...small.blobs].map(({ digest, content }) => [digest, content.length]))
  assert.equal(
    list.size,
    sizes.values().reduce((sum, size) => sum + size, 0),
  )
  assert.equal(Object.hasOwn(list.models[0] ?? {}, 'blobs'), false)
  const names = async (query: Partial<Parameters<typeof manager.models>[0]>) =>
    (await manager.models({ ...byName, ...query })).models.map(({ name }) => name)
  assert.deepEqual(await names({ sort: 'size' }), ['me/small:latest', 'big:8b'])
  assert.deepEqual(await names({ sort: 'name', descending: true }), ['me/small:latest', 'big:8b'])
  assert.equal((await names({ sort: 'date' })).length, 2)
  assert.deepEqual(await names({ search: 'BIG' }), ['big:8b'])
  assert.equal((await names({ search: 'q4_0' })).length, 2)
  assert.deepEqual(await names({ search: 'nothing' }), [])
})

test('a store that is not there has no models, and is not made by looking', async (t) => {
  const lab = await openManagerLab(t)
  assert.deepEqual(await lab.manager.models(byName), { models: [], dir: lab.modelsDir, total: 0, size: 0 })
  await assert.rejects(lab.manager.model('big'), { code: 'not-found' })
  assert.equal(existsSync(lab.modelsDir), false)
})

test('one model is found by its short, its whole and its spelled-out name, and so it is checked and removed', async (t) => {
  const { manager, modelsDir } = await labWith(t, big, small)
  for (const name of ['me/small', 'me/small:latest', 'registry.ollama.ai/me/small:latest', 'Me/Small:LATEST'])
    assert.equal((await manager.model(name)).name, 'me/small:latest', name)
  assert.deepEqual((await manager.model('big:8b')).blobs.length, 3)
  for (const name of ['big', 'small', '..', '', 'a/b/c/d/e', '\0'])
    await assert.rejects(manager.model(name), { code: 'not-found' }, name)
  assert.deepEqual(await manager.verifyModel('big:8b'), { name: 'big:8b', verdict: 'verified', problems: [] })
  const [, weights] = big.blobs
  writeFileSync(blobFile(modelsDir, weights?.digest ?? ''), 'x'.repeat(weights?.content.length ?? 0))
  assert.equal((await manager.verifyModel('big:8b')).verdict, 'damaged')
  const removed = await manager.removeModel('big:8b')
  assert.deepEqual([removed.name, removed.blobs], ['big:8b', 1])
  assert.deepEqual(
    (await manager.models(byName)).models.map(({ name }) => name),
    ['me/small:latest'],
  )
  assert.deepEqual((await manager.verifyModel('me/small')).verdict, 'verified')
})

/** A pull of a model that is in the store, completed. */
async function pulled(lab: ManagerLab, model: SmallModel): Promise<string> {
  const { host, namespace, model: name, tag } = model.place
  const found = await lab.manager.model(`${namespace}/${name}:${tag}`)
  const id = await lab.pulling(`${namespace}/${name}:${tag}`)
  lab.puller.job(id).start([pullFile('aa', 1)], join(lab.modelsDir, 'manifests', host, namespace, name, tag))
  lab.puller.job(id).finish({ digests: { sha256: found.id } })
  await lab.is(id, 'completed')
  return id
}

test('a download takes its model along when its file is to be deleted, unless the model is another by now', async (t) => {
  const lab = await labWith(t, big, small)
  const id = await pulled(lab, big)
  await lab.manager.remove(id, { deleteFile: true })
  assert.deepEqual(
    (await lab.manager.models(byName)).models.map(({ name }) => name),
    ['me/small:latest'],
  )
  const other = await pulled(lab, small)
  const { store } = await storeLab(t, lab.modelsDir)
  await install(store, smallModel(small.place, ['newer weights']))
  await assert.rejects(lab.manager.remove(other, { deleteFile: true }), { code: 'wrong-state', message: /no longer/ })
  assert.equal((await lab.manager.models(byName)).total, 1)
  await lab.manager.removeModel('me/small')
  assert.equal(lab.of(other).missing, true)
  await lab.manager.remove(other, { deleteFile: true })
})

test('the folder of a model that is no longer there is not shown', async (t) => {
  const lab = await labWith(t, big)
  const id = await pulled(lab, big)
  await lab.manager.removeModel('big:8b')
  await assert.rejects(lab.manager.openFolder(id), { code: 'wrong-state', message: /no longer there/ })
})

test('a model is not removed while a pull counts on its blobs', async (t) => {
  const lab = await labWith(t, big, small)
  const id = await lab.pulling('next:1')
  await assert.rejects(lab.manager.removeModel('big:8b'), { code: 'in-use', message: /next:1/ })
  const [first] = big.blobs
  const shared = pullFile('aa', 10, { digest: first?.digest ?? '', status: 'completed' })
  lab.puller.job(id).start([shared, pullFile('bb', 1)], '/x')
  await assert.rejects(lab.manager.removeModel('big:8b'), { code: 'in-use' })
  lab.puller.job(id).tell({ type: 'files', files: [pullFile('bb', 1)] })
  await lab.manager.removeModel('big:8b')
  await lab.manager.pause(id)
  await until(() => lab.puller.jobs.length === 0, 'it is stopped')
  await lab.manager.removeModel('me/small')
})

test('only a zip that lies in the folder is unzipped, and a wrong one is refused with nothing written', async (t) => {
  const lab = await openManagerLab(t)
  mkdirSync(join(lab.dir, 'sub'), { recursive: true })
  writeFileSync(join(lab.dir, 'sub/no.zip'), 'this is no zip')
  writeFileSync(join(lab.dataDir, 'outside.zip'), 'this is no zip')
  symlinkSync(join(lab.dataDir, 'outside.zip'), join(lab.dir, 'link.zip'))
  for (const file of ['none.zip', '../data/outside.zip', join(lab.dataDir, 'outside.zip'), 'link.zip', 'sub', '.'])
    await assert.rejects(lab.manager.unzipModel(file), { code: 'not-found' }, file)
  for (const file of ['', 'a\0b', 'a\nb']) await assert.rejects(lab.manager.unzipModel(file), { code: 'usage' })
  for (const file of ['sub/no.zip', join(lab.dir, 'sub/no.zip')])
    await assert.rejects(lab.manager.unzipModel(file), { code: 'bad-archive' }, file)
  assert.equal(existsSync(lab.modelsDir), false)
})

test('a zip of the folder is installed, and tells where and how much', async (t) => {
  const lab = await openManagerLab(t)
  mkdirSync(lab.dir, { recursive: true })
  const model = madeModel()
  const manifest = { place: model.place, bytes: model.manifest }
  const path = join(lab.dir, 'made.zip')
  await assembleModelZip({ path, base: null, others: readyBlobs(lab.dir, model), manifest, mtime: new Date(0) })
  const { target, ...done } = await lab.manager.unzipModel('made.zip')
  const bytes = model.contents.reduce((sum, { length }) => sum + length, 0)
  assert.deepEqual([target, done], [lab.modelsDir, { models: ['made:latest'], blobs: 3, bytes }])
  assert.equal((await lab.manager.verifyModel('made')).verdict, 'verified')
  assert.equal((await lab.manager.unzipModel('made.zip')).blobs, 0)
})

test('how far a check or an installation is, all listeners hear, and that it is over', async (t) => {
  const lab = await labWith(t, big)
  const heard: ModelWork[] = []
  lab.manager.events.listen((event) => void (event.type === 'work' && heard.push(event.work)))
  const bytes = big.blobs.reduce((sum, { content }) => sum + content.length, 0)
  await lab.manager.verifyModel('big:8b')
  assert.deepEqual([heard[0]?.kind, heard[0]?.name, heard[0]?.over], ['verify', 'big:8b', false])
  assert.deepEqual(heard.at(-1), { kind: 'verify', name: 'big:8b', bytesDone: bytes, bytesTotal: bytes, over: true })
  assert.equal(heard.filter(({ over }) => over).length, 1)

  heard.length = 0
  await assert.rejects(lab.manager.verifyModel('none'))
  assert.deepEqual(heard, [])

  mkdirSync(lab.dir, { recursive: true })
  const model = madeModel()
  const total = model.contents.reduce((sum, { length }) => sum + length, 0)
  const manifest = { place: model.place, bytes: model.manifest }
  const path = join(lab.dir, 'made.zip')
  await assembleModelZip({ path, base: null, others: readyBlobs(lab.dir, model), manifest, mtime: new Date(0) })
  await lab.manager.unzipModel('made.zip')
  assert.deepEqual(heard.at(-1), { kind: 'unzip', name: 'made.zip', bytesDone: total, bytesTotal: total, over: true })
})

test('previews tell what a pull would do, as a plan and as if it were one file', async (t) => {
  const lab = await openManagerLab(t)
  const request = { reference: 'llama3.2:1b', model: { registry: 'http://127.0.0.1:5000', platform: 'linux/arm64' } }
  assert.deepEqual(await lab.manager.previewModel(request), lab.puller.plan)
  const { model, registry, platform, modelsDir } = lab.puller.previewed[0] ?? {}
  assert.deepEqual(
    [model, registry, platform, modelsDir],
    ['llama3.2:1b', 'http://127.0.0.1:5000', 'linux/arm64', lab.modelsDir],
  )
  const id = await lab.add({ ...request, paused: true })
  assert.deepEqual(await lab.manager.preview(request), {
    reference: 'llama3.2:1b',
    kind: 'model',
    url: 'http://127.0.0.1:5000/v2/library/llama3.2/manifests/1b',
    filename: '127.0.0.1:5000/library/llama3.2:1b',
    size: 1500,
    type: null,
    resumable: true,
    digestKnown: true,
    duplicateOf: id,
  })
  assert.equal((await lab.manager.preview({ reference: 'https://example.org/a' })).kind, 'http')
  await assert.rejects(lab.manager.previewModel({ reference: 'https://a/b/c/d/e' }), { code: 'bad-model-name' })
})

test('other private addresses are another connection for models, too, when nothing runs at the old one', async (t) => {
  const lab = await openManagerLab(t)
  await lab.pulling('a:1')
  assert.equal(lab.puller.connection?.allowPrivate, false)
  await lab.manager.changeSettings({ allowPrivate: true })
  await until(() => lab.puller.opened === 2 && lab.puller.closed === 1, 'another one is open')
  assert.equal(lab.puller.connection?.allowPrivate, true)
  await until(() => lab.puller.jobs.length === 1, 'it goes on')
})

test('what cannot be opened to pull fails the pull alone, and is tried again', async (t) => {
  let broken = true
  const lab = await openManagerLab(t)
  const { open } = lab.puller
  const other = await openManagerLab(t, {
    puller: (parts) => (broken ? Promise.reject(new Error('no logins')) : open(parts)),
  })
  const id = await other.add({ reference: 'a:1' })
  await other.is(id, 'error')
  broken = false
  await other.manager.retry(id)
  await until(() => lab.puller.jobs.length === 1, 'it runs')
})
