import assert from 'node:assert/strict'
import { existsSync, globSync, mkdirSync, readFileSync, renameSync, statSync } from 'node:fs'
import { truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { largestBlob, ollamaModel } from '../../test/support/model-fixture.ts'
import { pullerLab } from '../../test/support/puller-lab.ts'
import { startFaultyRegistry } from '../../test/support/registry-faults.ts'
import { blobFileName } from '../core/blob-digest.ts'
import { describeModelZip } from '../deliver/model-zip.ts'

const filesBelow = (dir: string): string[] =>
  globSync('**', { cwd: dir }).filter((path) => statSync(join(dir, path)).isFile())

describe('a pull into a zip', () => {
  it('leaves the zip alone, and knows it again', async (t) => {
    const model = ollamaModel({ size: 2_000_000 })
    await using registry = await startFaultyRegistry([model])
    const { puller, request, root } = await pullerLab(t, registry)
    const path = join(root, 'out/model.zip')
    const wanted = request('small', { target: { kind: 'zip', path } })
    const pulled = await puller.pull(wanted)
    assert.equal(pulled.path, path)
    assert.deepEqual(filesBelow(join(root, 'out')), ['model.zip'])
    const { blobs } = await describeModelZip(path)
    assert.deepEqual(blobs.map(({ digest }) => digest).toSorted(), model.blobs.map(({ digest }) => digest).toSorted())
    assert.equal((await puller.pull(wanted)).alreadyThere, true)
    assert.deepEqual(filesBelow(join(root, 'out')), ['model.zip'])
  })

  it('makes a new one beside a zip that is damaged', async (t) => {
    const model = ollamaModel({ size: 200_000 })
    await using registry = await startFaultyRegistry([model])
    const { puller, request, root } = await pullerLab(t, registry)
    const path = join(root, 'model.zip')
    const wanted = request('small', { target: { kind: 'zip', path } })
    await puller.pull(wanted)
    assert.equal((await puller.preview(wanted)).bytesMissing, 0)
    const bytes = readFileSync(path)
    bytes.writeUInt8(bytes.readUInt8(100_000) ^ 1, 100_000)
    writeFileSync(path, bytes)
    const again = await puller.pull(wanted)
    assert.deepEqual([again.path, again.alreadyThere], [join(root, 'model (1).zip'), false])
    await assert.rejects(puller.pull({ ...wanted, ifExists: 'fail' }), { code: 'target-exists' })
    const skipped = await puller.pull({ ...wanted, ifExists: 'skip' })
    assert.deepEqual([skipped.path, skipped.alreadyThere, skipped.verdict], [path, true, 'unverified'])
  })

  it('goes on after a crash while the zip was written, without fetching its largest blob again', async (t) => {
    const model = ollamaModel({ size: 2_000_000 })
    await using registry = await startFaultyRegistry([model])
    const { puller, request, root } = await pullerLab(t, registry)
    const path = join(root, 'model.zip')
    await puller.pull(request('small', { target: { kind: 'zip', path } }))
    const largest = largestBlob(model)
    const before = registry.blobBytes(largest.digest)
    const staging = join(root, 'model.staging')
    mkdirSync(join(staging, 'models/blobs'), { recursive: true })
    const unfinished = join(staging, `writing-${blobFileName(largest.digest)}`)
    renameSync(path, unfinished)
    truncateSync(unfinished, statSync(unfinished).size - 100)
    await puller.pull(request('small', { target: { kind: 'zip', path } }))
    assert.equal(registry.blobBytes(largest.digest), before)
    assert.equal((await describeModelZip(path)).blobs.length, model.blobs.length)
    assert.equal(existsSync(staging), false)
  })

  it('that is whole removes what a crash at its end has left, but no folder that was kept', async (t) => {
    const model = ollamaModel({ size: 200_000 })
    await using registry = await startFaultyRegistry([model])
    const { puller, request, root } = await pullerLab(t, registry)
    const wanted = request('small', { target: { kind: 'zip', path: join(root, 'model.zip') } })
    await puller.pull(wanted)
    const staging = join(root, 'model.staging')
    const leave = (state: string): void => {
      mkdirSync(join(staging, 'models/blobs'), { recursive: true })
      writeFileSync(join(staging, 'models/blobs', blobFileName(largestBlob(model).digest)), 'x')
      writeFileSync(join(staging, 'session.json'), JSON.stringify({ state }))
    }
    for (const [state, stays] of [
      ['writing', false],
      ['completed', true],
    ] as const) {
      leave(state)
      assert.equal((await puller.pull(wanted)).alreadyThere, true)
      assert.equal(existsSync(staging), stays, state)
    }
  })

  it('is not disturbed by one of the same zip that came too late and is discarded', async (t) => {
    const model = ollamaModel({ size: 1_000_000 })
    await using registry = await startFaultyRegistry([model], { rate: 800_000 })
    const { puller, request, root } = await pullerLab(t, registry)
    const path = join(root, 'model.zip')
    const wanted = request('small', { connections: 1, target: { kind: 'zip', path } })
    const begun = Promise.withResolvers<void>()
    const first = puller.pull(wanted, {
      onEvent: (event) => event.type === 'progress' && event.bytesDone > 100_000 && begun.resolve(),
    })
    await begun.promise
    await assert.rejects(puller.pull(wanted), { code: 'in-use' })
    await puller.discard(wanted)
    await first
    assert.equal((await describeModelZip(path)).blobs.length, model.blobs.length)
  })

  it('keeps its staging folder where that is asked for', async (t) => {
    const model = ollamaModel()
    await using registry = await startFaultyRegistry([model])
    const { puller, request, root } = await pullerLab(t, registry)
    const path = join(root, 'model.zip')
    const { stagingKept = '' } = await puller.pull(
      request('small', { target: { kind: 'zip', path }, keepStaging: true }),
    )
    assert.equal(stagingKept, join(root, 'model.staging'))
    const staged = filesBelow(stagingKept)
    assert.equal(staged.filter((one) => one.startsWith('models/blobs/sha256-')).length, model.blobs.length)
    assert.equal(staged.filter((one) => one.startsWith('models/manifests/')).length, 1)
    const session: unknown = JSON.parse(readFileSync(join(stagingKept, 'session.json'), 'utf8'))
    assert.deepEqual(Object.keys(session as object).toSorted(), [
      'concurrency',
      'lastUpdated',
      'message',
      'model',
      'outZip',
      'platform',
      'registry',
      'retries',
      'sessionId',
      'stagingRoot',
      'startedAt',
      'state',
    ])
  })
})

describe('a pull into files', () => {
  it('leaves another file of the name alone where that is asked for, and fetches nothing in its place', async (t) => {
    const model = ollamaModel({ size: 200_000 })
    await using registry = await startFaultyRegistry([model])
    const { puller, request, root } = await pullerLab(t, registry)
    const dir = join(root, 'out')
    const wanted = request('small', { target: { kind: 'files', dir } })
    mkdirSync(dir)
    writeFileSync(join(dir, 'model.gguf'), 'mine')
    await assert.rejects(puller.pull({ ...wanted, ifExists: 'fail' }), { code: 'target-exists' })
    assert.equal(registry.blobBytes(), 0)
    const pulled = await puller.pull({ ...wanted, ifExists: 'skip' })
    assert.equal(registry.blobBytes(largestBlob(model).digest), 0)
    assert.equal(readFileSync(join(dir, 'model.gguf'), 'utf8'), 'mine')
    assert.equal(pulled.verdict, 'unverified')
    assert.deepEqual(
      pulled.files.map(({ title, verdict, path }) => [title, verdict, existsSync(path)]),
      pulled.files.map(({ title }) => [title, title === 'model' ? 'unverified' : 'verified', true]),
    )
    const beside = await puller.pull(wanted)
    const path = join(dir, 'model (1).gguf')
    assert.deepEqual(
      beside.files.flatMap((file) => (file.title === 'model' ? [file.path, statSync(file.path).size] : [])),
      [path, 200_000],
    )
  })
})
