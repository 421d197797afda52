import assert from 'node:assert/strict'
import {
  chmodSync,
  chownSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { startNode, source } from '../../test/support/node-child.ts'
import { checkOllamaStore, pruned } from '../../test/support/store-checker.ts'
import { blobFile, digestOf, install, smallModel, storeLab, strayManifest } from '../../test/support/store-fixture.ts'
import { temporaryFolder } from '../../test/support/temporary-folder.ts'
import { openOllamaStore } from './ollama-store.ts'

const hour = 60 * 60 * 1000

test('an installed model is what ollama expects, bytes of the manifest included', async (t) => {
  const { dir, store } = await storeLab(t)
  const model = smallModel({}, ['weights', 'template', 'weights'])
  const path = await install(store, model)
  assert.equal(path, join(dir, 'manifests', 'registry.ollama.ai', 'library', 'small', 'latest'))
  assert.deepEqual(readFileSync(path), model.bytes)
  assert.deepEqual(await checkOllamaStore(dir), [])
  assert.deepEqual(readdirSync(store.partialDir), [])
  assert.deepEqual(readdirSync(join(dir, '.sluice')).sort(), ['partial', 'verified.json'])
})

test('modes are those of ollama, whatever the umask and the mode of the file that came', async (t) => {
  const before = process.umask()
  t.after(() => process.umask(before))
  for (const umask of [0o077, 0o000, 0o022]) {
    process.umask(umask)
    const { dir, store } = await storeLab(t)
    const path = join(store.partialDir, 'part')
    const content = Buffer.from('weights of small')
    writeFileSync(path, content, { mode: 0o600 })
    await store.addBlob({ digest: digestOf(content), size: content.length, path })
    await install(store, smallModel({}))
    assert.deepEqual(await checkOllamaStore(dir), [])
    for (const folder of ['', '.sluice', '.sluice/partial'])
      assert.equal(statSync(join(dir, folder)).mode & 0o7777, 0o755)
    assert.equal(statSync(join(dir, '.sluice', 'verified.json')).mode & 0o7777, 0o644)
  }
})

test('opening writes nothing, also to look for a blob, to list or to fail', async (t) => {
  const dir = join(temporaryFolder(t), 'models')
  const store = openOllamaStore(dir)
  assert.equal(await store.hasBlob(digestOf(Buffer.from('x')), 1), false)
  assert.deepEqual(await store.list(), [])
  assert.deepEqual(await store.leftovers(), [])
  await assert.rejects(store.remove('llama3.2'), { code: 'not-found', hint: /sluice models/ })
  assert.equal(existsSync(dir), false)
})

test('after blobs without a manifest the store is valid, and ollama deletes nothing of it for an hour', async (t) => {
  const lab = await storeLab(t)
  const model = smallModel({})
  await install(lab.store, model, 'blobs')
  assert.deepEqual(await checkOllamaStore(lab.dir), [])
  assert.deepEqual(await lab.store.list(), [])
  assert.deepEqual(await pruned(lab.dir, lab.now + hour - 1000), [])
  assert.equal((await pruned(lab.dir, lab.now + hour + 1000)).length, 2)
})

test('an old blob that a pull counts on gets the time of now', async (t) => {
  const lab = await storeLab(t)
  const [, blob] = smallModel({}).blobs
  await install(lab.store, smallModel({}), 'blobs')
  lab.now += 5 * hour
  assert.equal((await pruned(lab.dir, lab.now)).length, 2)
  assert.equal(await lab.store.hasBlob(blob!.digest, blob!.content.length), true)
  assert.equal((await pruned(lab.dir, lab.now)).length, 1)
  // A blob that comes a second time, too.
  lab.now += 5 * hour
  await install(lab.store, smallModel({}), 'blobs')
  assert.deepEqual(await pruned(lab.dir, lab.now), [])
})

test('a manifest without all of its blobs is refused', async (t) => {
  const { dir, store } = await storeLab(t)
  const model = smallModel({}, ['one', 'two'])
  await assert.rejects(store.addManifest(model.place, model.bytes), { code: 'disk' })
  await install(store, model, 'blobs')
  writeFileSync(blobFile(dir, model.blobs[1]!.digest), 'tw')
  await assert.rejects(store.addManifest(model.place, model.bytes), { code: 'disk', hint: /again/ })
  assert.deepEqual(readdirSync(join(dir, 'manifests')), [])
  assert.deepEqual(readdirSync(join(dir, '.sluice')).sort(), ['partial', 'verified.json'])
})

test('what is no manifest of one model is refused', async (t) => {
  const { dir, store } = await storeLab(t)
  const { place, blobs } = smallModel({})
  const index = {
    schemaVersion: 2,
    manifests: [{ mediaType: 'application/vnd.oci.image.manifest.v1+json', digest: blobs[0]!.digest, size: 1 }],
  }
  await assert.rejects(store.addManifest(place, Buffer.from(JSON.stringify(index))), { code: 'bad-manifest' })
  await assert.rejects(store.addManifest(place, Buffer.from('<html>')), { code: 'bad-manifest' })
  assert.deepEqual(readdirSync(join(dir, 'manifests')), [])
})

test('the same manifest again only gets a new time, another one replaces it', async (t) => {
  const lab = await storeLab(t)
  const path = await install(lab.store, smallModel({}))
  const before = statSync(path)
  lab.now = Math.floor(lab.now / 1000) * 1000 + 10_000
  await install(lab.store, smallModel({}))
  assert.equal(statSync(path).ino, before.ino)
  assert.equal(statSync(path).mtimeMs, lab.now)
  const other = smallModel({}, ['other weights'])
  assert.equal(await install(lab.store, other), path)
  assert.deepEqual(readFileSync(path), other.bytes)
  assert.deepEqual(await checkOllamaStore(lab.dir), [])
})

test('names that differ only in case stay one model, in the spelling that was there first', async (t) => {
  const { dir, store } = await storeLab(t)
  const first = await install(store, smallModel({ namespace: 'Bartowski', model: 'Qwen', tag: 'Q4_K_M' }))
  assert.equal(
    await install(store, smallModel({ namespace: 'bartowski', model: 'qwen', tag: 'q4_k_m' }, ['new'])),
    first,
  )
  const sister = await install(store, smallModel({ namespace: 'bartowski', model: 'qwen', tag: 'q8' }))
  assert.equal(sister, join(dir, 'manifests', 'registry.ollama.ai', 'Bartowski', 'Qwen', 'q8'))
  assert.deepEqual(await checkOllamaStore(dir), [])
  assert.equal((await store.list()).length, 2)
})

test('of two spellings that are there the one with the model is used', async (t) => {
  const { dir, store } = await storeLab(t)
  mkdirSync(join(dir, 'manifests', 'registry.ollama.ai', 'library', 'SMALL'), { recursive: true })
  mkdirSync(join(dir, 'manifests', 'registry.ollama.ai', 'Library', 'small'), { recursive: true })
  strayManifest(dir, ['registry.ollama.ai', 'Library', 'small', 'LATEST'], '{}')
  assert.equal(
    await install(store, smallModel({})),
    join(dir, 'manifests', 'registry.ollama.ai', 'Library', 'small', 'LATEST'),
  )
})

test('places that lead elsewhere are refused before anything is written', async (t) => {
  const { dir, store } = await storeLab(t)
  const model = smallModel({})
  await install(store, model, 'blobs')
  for (const odd of ['..', '.', '', 'a/b', 'a\\b', 'a\0b', '-a', 'x'.repeat(400)]) {
    for (const part of ['host', 'namespace', 'model', 'tag'])
      await assert.rejects(store.addManifest({ ...model.place, [part]: odd }, model.bytes), { code: 'bad-model-name' })
  }
  assert.deepEqual(readdirSync(join(dir, 'manifests')), [])
})

test('a host with a port has a place, but on Windows', async (t) => {
  const { dir, store } = await storeLab(t)
  const model = smallModel({ host: '127.0.0.1:5000' })
  await install(store, model)
  assert.deepEqual(await checkOllamaStore(dir), [])
  const windows = openOllamaStore(dir, { platform: 'win32' })
  await assert.rejects(windows.addManifest(model.place, model.bytes), { code: 'bad-model-name', message: /Windows/ })
})

test('no manifest is written through a link on its way, and one in its place is replaced itself', async (t) => {
  const { dir, store } = await storeLab(t)
  const elsewhere = temporaryFolder(t)
  const model = smallModel({})
  await install(store, model, 'blobs')
  symlinkSync(elsewhere, join(dir, 'manifests', 'registry.ollama.ai'))
  await assert.rejects(store.addManifest(model.place, model.bytes), { code: 'disk', message: /registry\.ollama\.ai/ })
  assert.deepEqual(readdirSync(elsewhere), [])

  const victim = join(elsewhere, 'victim')
  writeFileSync(victim, 'mine')
  const place = { ...model.place, host: 'other.test' }
  mkdirSync(join(dir, 'manifests', 'other.test', 'library', 'small'), { recursive: true })
  symlinkSync(victim, join(dir, 'manifests', 'other.test', 'library', 'small', 'latest'))
  const path = await store.addManifest(place, model.bytes)
  assert.equal(readFileSync(victim, 'utf8'), 'mine')
  assert.equal(lstatSync(path).isFile(), true)
})

test('a link in the place of a blob is replaced, never written through', async (t) => {
  const { dir, store } = await storeLab(t)
  const victim = join(temporaryFolder(t), 'victim')
  writeFileSync(victim, 'mine')
  const model = smallModel({})
  for (const { digest } of model.blobs) symlinkSync(victim, blobFile(dir, digest))
  await install(store, model)
  assert.equal(readFileSync(victim, 'utf8'), 'mine')
  assert.deepEqual(await checkOllamaStore(dir), [])
})

test('folders blobs and manifests may be links; what is on its way then lies on the disk of the blobs', async (t) => {
  const dir = join(temporaryFolder(t), 'models')
  // Another file system than that of the folder for temporary files.
  const far = mkdtempSync('/dev/shm/sluice-test-')
  t.after(() => rmSync(far, { recursive: true }))
  chmodSync(far, 0o755)
  mkdirSync(dir)
  for (const name of ['blobs', 'manifests']) {
    mkdirSync(join(far, name))
    symlinkSync(join(far, name), join(dir, name))
  }
  const { store } = await storeLab(t, dir)
  assert.equal(statSync(dir).dev === statSync(far).dev, false)
  assert.equal(store.partialDir, join(far, '.sluice', 'partial'))
  const model = smallModel({})
  await install(store, model)
  assert.deepEqual(readdirSync(join(far, 'manifests')), ['registry.ollama.ai'])
  assert.deepEqual(
    (await store.list()).map(({ name, missing }) => [name, missing]),
    [['small:latest', []]],
  )
  assert.deepEqual(await checkOllamaStore(far), [])
  assert.deepEqual(await store.remove('small'), { name: 'small:latest', blobs: 2, bytes: sizeOf(model) })
  assert.deepEqual([readdirSync(join(far, 'blobs')), readdirSync(join(far, 'manifests'))], [[], []])
})

test('from another disk than that of the blobs a blob is copied, and blobs leave without it', async (t) => {
  const dir = join(temporaryFolder(t), 'models')
  const far = mkdtempSync('/dev/shm/sluice-test-')
  t.after(() => rmSync(far, { recursive: true }))
  mkdirSync(join(dir, '.sluice'), { recursive: true })
  chmodSync(dir, 0o755)
  symlinkSync(far, join(dir, '.sluice', 'partial'))
  const { store } = await storeLab(t, dir)
  const model = smallModel({})
  await install(store, model)
  assert.deepEqual([readdirSync(far), await checkOllamaStore(dir)], [[], []])
  assert.equal((await store.remove('small')).bytes, sizeOf(model))
  assert.deepEqual([readdirSync(far), readdirSync(join(dir, 'blobs'))], [[], []])
})

test('a file with a second name is copied, so that nobody can change the blob by the other one', async (t) => {
  const { dir, store } = await storeLab(t)
  const other = join(temporaryFolder(t), 'other')
  const content = Buffer.from('weights')
  const path = join(store.partialDir, 'arrived')
  writeFileSync(other, content, { mode: 0o600 })
  linkSync(other, path)
  await store.addBlob({ digest: digestOf(content), size: content.length, path })
  writeFileSync(other, 'changed')
  assert.deepEqual(await checkOllamaStore(dir), [])
  assert.equal(statSync(other).mode & 0o777, 0o600)
  assert.equal(existsSync(path), false)
})

test('a file that is no longer what was checked is refused', async (t) => {
  const { dir, store } = await storeLab(t)
  const content = Buffer.from('weights')
  const path = join(store.partialDir, 'arrived')
  writeFileSync(path, 'weight')
  const blob = { digest: digestOf(content), size: content.length, path }
  await assert.rejects(store.addBlob(blob), { code: 'size-mismatch' })
  symlinkSync(path, `${path}-link`)
  await assert.rejects(store.addBlob({ ...blob, path: `${path}-link` }), { code: 'disk-permission' })
  await assert.rejects(store.addBlob({ ...blob, digest: 'sha256:../../../etc/x' }), { code: 'bad-manifest' })
  assert.deepEqual(readdirSync(join(dir, 'blobs')), [])
})

test('root gives what it writes to the owner of the folder', async (t) => {
  assert.equal(process.geteuid?.(), 0, 'this test has to run as root')
  const home = temporaryFolder(t)
  const [uid, gid] = [65_534, 65_533]
  chownSync(home, uid, gid)
  const { dir, store } = await storeLab(t, join(home, '.ollama', 'models'))
  const path = await install(store, smallModel({}))
  const places = ['..', '', 'blobs', 'manifests', '.sluice', '.sluice/partial', '.sluice/verified.json']
  const all = [...places.map((place) => join(dir, place)), path, join(path, '..', '..'), ...blobsIn(dir)]
  for (const place of all) assert.deepEqual([statSync(place).uid, statSync(place).gid], [uid, gid], place)
})

test('another user is told when the folder is not theirs, and refused where they may not write', async (t) => {
  assert.equal(process.geteuid?.(), 0, 'this test has to run as root')
  const dir = join(temporaryFolder(t), 'models')
  chmodSync(join(dir, '..'), 0o755)
  await storeLab(t, dir)
  const text = `
    import { openOllamaStore } from ${source('deliver/ollama-store.ts')}
    process.setgid(65534)
    process.setuid(65534)
    const store = openOllamaStore(${JSON.stringify(dir)}, { onWarning: (message) => console.log(message) })
    await store.prepare().then(() => console.log('fine'), (error) => console.log(error.code, error.message, error.hint))`
  const refused = startNode(t, text)
  assert.match(await refused.line(), /belongs to another user \(number 0\)/)
  const line = await refused.line()
  assert.match(line, /^disk-permission The models folder cannot be written to/)
  assert.match(line, /\.sluice.*--models-dir/)
  for (const folder of ['', 'blobs', 'manifests', '.sluice', '.sluice/partial']) chmodSync(join(dir, folder), 0o777)
  const warned = startNode(t, text)
  assert.match(await warned.line(), /belongs to another user/)
  assert.equal(await warned.line(), 'fine')
})

test('a file where a folder belongs is named', async (t) => {
  const dir = temporaryFolder(t)
  writeFileSync(join(dir, 'blobs'), '')
  await assert.rejects(openOllamaStore(dir).prepare(), { code: 'disk', message: new RegExp(join(dir, 'blobs')) })
})

test('a check reads all blobs, names what is wrong and changes nothing', async (t) => {
  const { dir, store } = await storeLab(t)
  const model = smallModel({}, ['one', 'two', 'three'])
  await install(store, model)
  assert.deepEqual(await store.verify('small'), { name: 'small:latest', verdict: 'verified', problems: [] })
  const [, one, two, three] = model.blobs.map(({ digest }) => digest)
  const { atime, mtime } = statSync(blobFile(dir, one!))
  writeFileSync(blobFile(dir, one!), 'onE')
  utimesSync(blobFile(dir, one!), atime, mtime)
  writeFileSync(blobFile(dir, two!), 't')
  rmSync(blobFile(dir, three!))
  assert.deepEqual(await store.verify('library/small:latest'), {
    name: 'small:latest',
    verdict: 'damaged',
    problems: [
      { digest: one, problem: 'digest' },
      { digest: two, problem: 'size' },
      { digest: three, problem: 'missing' },
    ],
  })
  assert.equal(readFileSync(blobFile(dir, one!), 'utf8'), 'onE')
  // What the check found wrong is not believed any more.
  assert.equal(await openOllamaStore(dir).hasBlob(one!, 3), false)
  const stop = new AbortController()
  stop.abort(new Error('stopped'))
  await assert.rejects(store.verify('small', { signal: stop.signal }), /stopped/)
})

function sizeOf({ blobs }: ReturnType<typeof smallModel>): number {
  return blobs.reduce((sum, { content }) => sum + content.length, 0)
}

function blobsIn(dir: string): string[] {
  return readdirSync(join(dir, 'blobs')).map((name) => join(dir, 'blobs', name))
}
