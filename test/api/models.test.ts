import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import type { ModelCheck, ModelList, PullPreview, UnzippedModels } from '../../src/server/api-types.ts'
import { startDaemon, until } from '../support/daemon.ts'
import type { Daemon } from '../support/daemon.ts'
import { bytesOf, largestBlob, modelIndex, ollamaModel } from '../support/model-fixture.ts'
import { startFaultyRegistry } from '../support/registry-faults.ts'
import type { Faults } from '../support/registry-faults.ts'
import { stuckUnzip } from '../support/stuck-unzip.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const size = 8_000_000
const model = ollamaModel({ name: 'bar-model', size })
const total = bytesOf(model)

interface World {
  readonly daemon: Daemon
  readonly registry: Awaited<ReturnType<typeof startFaultyRegistry>>
  readonly store: string
  pull(more?: Readonly<Record<string, unknown>>): Promise<string>
}

async function world(t: TestContext, faults: Faults = {}): Promise<World> {
  const registry = await startFaultyRegistry([model, modelIndex({ name: 'both' })], { way: 'other-host', ...faults })
  t.after(() => registry[Symbol.asyncDispose]())
  const store = join(temporaryFolder(t), 'store')
  const daemon = await startDaemon(t, { env: { OLLAMA_MODELS: store } })
  const pull: World['pull'] = async (more = {}) => {
    const body = { model: 'bar-model:latest', registry: registry.url, ...more }
    return (await daemon.ask<{ id: string }>('POST', '/api/models/pull', body)).id
  }
  return { daemon, registry, store, pull }
}

/** All files below a folder, relative. */
function filesIn(folder: string): string[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((one) => one.isFile())
    .map((one) => join(one.parentPath, one.name).slice(folder.length + 1))
    .sort()
}

function sha256(path: string): string {
  return createHash('sha256').update(readFileSync(path)).digest('hex')
}

test('a pull is paused, killed and resumed as one download, and ends in the store, where it is checked and removed', async (t) => {
  const { daemon, registry, store, pull } = await world(t, { rate: 2_000_000 })
  const id = await pull()
  await until(
    async () => (await daemon.get(id)).bytesDone > 1_000_000 || undefined,
    60_000,
    () => 'bytes come',
  )
  await daemon.ask('POST', `/api/download/${id}/pause`)
  const paused = await daemon.becomes(id, 'paused')
  assert.equal(paused.files.length, model.blobs.length)
  assert.deepEqual([paused.kind, paused.bytesTotal, paused.type], ['model', total, 'model'])
  await daemon.ask('POST', `/api/download/${id}/resume`)
  await until(
    async () => (await daemon.get(id)).bytesDone > paused.bytesDone + 1_000_000 || undefined,
    60_000,
    () => 'more bytes come',
  )
  await daemon.kill()
  assert.deepEqual(filesIn(join(store, 'manifests')), [])
  registry.heal()
  await daemon.restart()
  const done = await daemon.becomes(id, 'completed', 60_000)
  assert.deepEqual([done.verdict, done.bytesDone, done.bytesTotal], ['verified', total, total])
  assert.ok(done.files.every(({ status, verdict }) => status === 'completed' && verdict === 'verified'))
  assert.ok(registry.blobBytes(largestBlob(model).digest) < 1.9 * size, 'it began anew')
  assert.deepEqual(readFileSync(done.path), Buffer.from(model.manifestBytes))
  for (const { digest } of model.blobs)
    assert.equal(`sha256:${sha256(join(store, 'blobs', digest.replace(':', '-')))}`, digest)

  const { models, dir, size: taken } = await daemon.ask<ModelList>('GET', '/api/models?search=bar')
  assert.deepEqual([models.length, dir, taken], [1, store, total])
  const path = `/api/models/${encodeURIComponent(models[0]?.name ?? '')}`
  assert.equal((await daemon.ask<ModelCheck>('POST', `${path}/verify`)).verdict, 'verified')
  await daemon.ask('DELETE', path)
  assert.deepEqual([...filesIn(join(store, 'manifests')), ...filesIn(join(store, 'blobs'))], [])
  assert.equal((await daemon.get(id)).missing, true)
})

test('a zip lies in the folder of the daemon, is unzipped into the store, and goes with its download', async (t) => {
  const { daemon, store, pull } = await world(t)
  const id = await pull({ zip: true, dir: 'zips' })
  const { path, filename } = await daemon.becomes(id, 'completed')
  assert.deepEqual([filename, path], ['bar-model-latest.zip', join(daemon.dir, 'zips/bar-model-latest.zip')])
  assert.deepEqual(filesIn(daemon.dir), ['zips/bar-model-latest.zip'])
  const unzipped = await daemon.ask<UnzippedModels>('POST', '/api/models/unzip', { file: 'zips/bar-model-latest.zip' })
  assert.deepEqual([unzipped.target, unzipped.bytes, unzipped.models.length], [store, total, 1])
  await daemon.ask('DELETE', `/api/download/${id}?deleteFile=true`)
  assert.deepEqual(filesIn(daemon.dir), [])
  const again = await pull()
  assert.equal((await daemon.becomes(again, 'completed')).bytesDone, total)
  await daemon.ask('DELETE', `/api/download/${again}?deleteFile=true`)
  assert.equal((await daemon.ask<ModelList>('GET', '/api/models')).total, 0)
})

test('what a daemon that was killed was unpacking is gone when the next one starts', async (t) => {
  const { daemon, store, pull } = await world(t)
  const { path } = await daemon.becomes(await pull({ zip: true }), 'completed')
  const other = await stuckUnzip(t, path, store)
  const unpacked = (): string[] => filesIn(join(store, '.sluice/partial')).filter((name) => name.startsWith('unzip-'))
  await daemon.kill()
  await daemon.restart()
  await daemon.ask('GET', '/api/models')
  assert.equal(unpacked().length, 1)
  await other.kill()
  await daemon.kill()
  await daemon.restart()
  await until(
    async () => unpacked().length === 0 || undefined,
    60_000,
    () => 'it is gone',
  )
})

test('files and layouts have a folder of their own, a cancelled pull leaves none', async (t) => {
  const { daemon, store, pull } = await world(t, { rate: 2_000_000 })
  const cancelled = await pull({ target: 'files' })
  await until(
    async () => (await daemon.get(cancelled)).bytesDone > 500_000 || undefined,
    60_000,
    () => 'bytes come',
  )
  await daemon.ask('POST', `/api/download/${cancelled}/cancel`)
  // At once and into the same folder: what is being removed there must not be the new one's.
  const other = await startFaultyRegistry([model])
  t.after(() => other[Symbol.asyncDispose]())
  const files = await pull({ target: 'files', registry: other.url })
  const layout = await pull({ target: 'layout', dir: 'oci', registry: other.url })
  for (const id of [files, layout]) await daemon.becomes(id, 'completed')
  const there = filesIn(daemon.dir)
  assert.ok(there.includes('oci/bar-model-latest/oci-layout'), there.join())
  assert.equal(there.filter((name) => name.startsWith('bar-model-latest/')).length, model.blobs.length - 1)
  assert.deepEqual(filesIn(store), [])
  assert.equal(
    there.some((name) => name.includes('.staging')),
    false,
    there.join(),
  )
  const last = await pull({ target: 'files', dir: 'last' })
  await until(
    async () => (await daemon.get(last)).bytesDone > 500_000 || undefined,
    60_000,
    () => 'bytes come',
  )
  await daemon.ask('POST', `/api/download/${last}/cancel`)
  await until(
    () => filesIn(join(daemon.dir, 'last')).length === 0 || undefined,
    60_000,
    () => 'its parts go',
  )
})

test('a preview tells the platform, what is missing and where it would go; what is not there is told as such', async (t) => {
  const { daemon, registry, store, pull } = await world(t)
  const body = { model: 'both', registry: registry.url, platform: 'linux/arm64' }
  const preview = await daemon.ask<PullPreview>('POST', '/api/models/preview', body)
  assert.deepEqual(preview.platform, { os: 'linux', architecture: 'arm64', variant: 'v8' })
  assert.deepEqual(preview.target, { kind: 'store', dir: store })
  assert.deepEqual([preview.bytesHere, preview.bytesMissing], [0, preview.bytesTotal])
  assert.deepEqual(filesIn(store), [])
  const asFile = await daemon.ask<{ size: number }>('POST', '/api/preview', {
    reference: 'both',
    model: { registry: registry.url, platform: 'linux/arm64' },
  })
  assert.equal(asFile.size, preview.bytesTotal)
  for (const [more, status, code] of [
    [{ model: 'none' }, 404, 'model-not-found'],
    [{ platform: 'plan9/arm' }, 404, 'no-platform'],
    [{ registry: 'http://127.0.0.1:9' }, 502, 'connect-refused'],
    [{ model: 'a b' }, 400, 'bad-model-name'],
  ] as const) {
    const answer = await daemon.api('POST', '/api/models/preview', { ...body, ...more })
    assert.deepEqual([answer.status, (answer.json() as { code: string }).code], [status, code])
  }
  const failed = await daemon.becomes(await pull({ model: 'no-such-model' }), 'error')
  assert.match(failed.error?.message ?? '', /not found/i)
})
