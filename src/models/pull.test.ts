import assert from 'node:assert/strict'
import { once } from 'node:events'
import { globSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { bytesOf, contentOf, DOCKER_MANIFEST, largestBlob, ollamaModel } from '../../test/support/model-fixture.ts'
import { pullerLab } from '../../test/support/puller-lab.ts'
import { startFaultyRegistry } from '../../test/support/registry-faults.ts'
import { checkOllamaStore } from '../../test/support/store-checker.ts'
import { blobFileName } from '../core/blob-digest.ts'
import { asSluiceError } from '../core/errors.ts'
import type { PullEvent, PullTarget } from './types.ts'

const filesBelow = (dir: string): string[] =>
  globSync('**', { cwd: dir }).filter((path) => statSync(join(dir, path)).isFile())

describe('a pull', () => {
  it('tells its phases, its blobs and one progress, and leaves a store that ollama accepts', async (t) => {
    const model = ollamaModel({ size: 2_000_000 })
    await using registry = await startFaultyRegistry([model], { way: 'other-host' })
    const { puller, request, store } = await pullerLab(t, registry)
    const events: PullEvent[] = []
    const pulled = await puller.pull(request('small'), { onEvent: (event) => events.push(event) })
    assert.deepEqual(
      events.flatMap((event) => (event.type === 'phase' ? event.phase : [])),
      ['resolving', 'checking', 'downloading', 'writing'],
    )
    const start = events.find((event) => event.type === 'start')
    assert.deepEqual([start?.bytesTotal, start?.resumedFrom], [bytesOf(model), 0])
    const progress = events.filter((event) => event.type === 'progress').map((event) => event.bytesDone)
    assert.deepEqual(
      progress,
      progress.toSorted((a, b) => a - b),
      'never backwards',
    )
    assert.equal(progress.at(-1), bytesOf(model))
    assert.ok(pulled.files.every(({ status, verdict }) => status === 'completed' && verdict === 'verified'))
    assert.deepEqual(pulled.files.map(({ title }) => title).toSorted(), [
      'config',
      'license',
      'license 2',
      'model',
      'params',
      'system',
      'template',
    ])
    assert.equal(pulled.manifestDigest, model.manifestDigest)
    assert.equal(events.at(-1)?.type, 'completed')
    const redirected = events.filter((event) => event.type === 'warning' && event.code === 'redirected')
    assert.ok(redirected.length > 0)
    const named = events.flatMap((event) => ('reference' in event ? event.reference : []))
    assert.deepEqual(new Set(named), new Set(['small']))
    assert.ok(pulled.files.every(({ path, bytesTotal }) => statSync(path).size === bytesTotal))
    assert.deepEqual(await checkOllamaStore(store), [])
    assert.deepEqual(
      filesBelow(store).filter((path) => path.startsWith('.sluice') && !path.endsWith('verified.json')),
      [],
    )
  })

  it('goes on after an interrupt with what is here, and fetches no blob twice', async (t) => {
    const model = ollamaModel({ size: 3_000_000 })
    await using registry = await startFaultyRegistry([model], { rate: 400_000 })
    const { puller, request, store } = await pullerLab(t, registry)
    const stop = new AbortController()
    const first = puller.pull(request('small', { connections: 1 }), {
      signal: stop.signal,
      onEvent: (event) => event.type === 'progress' && event.bytesDone > 1_500_000 && stop.abort(),
    })
    await assert.rejects(first, (error) => asSluiceError(error).code === 'interrupted')
    assert.deepEqual(
      globSync('manifests/**', { cwd: store }).filter((path) => statSync(join(store, path)).isFile()),
      [],
    )
    const session = JSON.parse(readFileSync(join(store, '.sluice/small.staging/session.json'), 'utf8')) as object
    assert.equal(Reflect.get(session, 'state'), 'paused')
    registry.heal()
    const events: PullEvent[] = []
    await puller.pull(request('small'), { onEvent: (event) => events.push(event) })
    const start = events.find((event) => event.type === 'start')
    assert.ok((start?.resumedFrom ?? 0) > 1_000_000, `from ${start?.resumedFrom}`)
    const twice = registry.blobBytes() - bytesOf(model)
    assert.ok(twice < 1_200_000, `${twice} bytes twice`)
    assert.deepEqual(await checkOllamaStore(store), [])
  })

  it('of two at once for the same model fetches each blob once', async (t) => {
    const model = ollamaModel({ size: 2_000_000 })
    await using registry = await startFaultyRegistry([model], { rate: 4_000_000 })
    const { puller, request, store } = await pullerLab(t, registry)
    // One connection each: a range that another one takes over costs bytes, whoever fetches.
    const wanted = request('small', { connections: 1 })
    await Promise.all([puller.pull(wanted), puller.pull(wanted)])
    assert.equal(registry.blobBytes(largestBlob(model).digest), largestBlob(model).size)
    assert.deepEqual(await checkOllamaStore(store), [])
  })

  it('fetches nothing that is here, and says so', async (t) => {
    const model = ollamaModel()
    await using registry = await startFaultyRegistry([model])
    const { puller, request } = await pullerLab(t, registry)
    await puller.pull(request('small'))
    const before = registry.blobBytes()
    const again = await puller.pull(request('small'))
    assert.equal(again.alreadyThere, true)
    assert.equal(registry.blobBytes(), before)
    assert.equal((await puller.preview(request('small'))).bytesMissing, 0)
  })

  it('counts a blob that has come whole as here, while others of the model are missing', async (t) => {
    const model = ollamaModel({ size: 500_000 })
    await using registry = await startFaultyRegistry([model])
    const { puller, request, store } = await pullerLab(t, registry)
    const { path } = await puller.pull(request('small'))
    rmSync(path)
    for (const { digest } of model.blobs)
      renameSync(join(store, 'blobs', blobFileName(digest)), join(store, '.sluice/partial', blobFileName(digest)))
    const before = registry.blobBytes()
    assert.equal((await puller.preview(request('small'))).bytesMissing, 0)
    const events: PullEvent[] = []
    await puller.pull(request('small'), { onEvent: (event) => events.push(event) })
    assert.equal(events.find((event) => event.type === 'start')?.resumedFrom, bytesOf(model))
    assert.equal(registry.blobBytes(), before)
    assert.deepEqual(await checkOllamaStore(store), [])
  })

  it('says what is in its way where a file is, and where the disk is', async (t) => {
    const model = ollamaModel()
    await using registry = await startFaultyRegistry([model])
    const { puller, request, root } = await pullerLab(t, registry)
    const file = join(root, 'file')
    writeFileSync(file, 'mine')
    const targets: PullTarget[] = [
      { kind: 'zip', path: join(file, 'model.zip') },
      { kind: 'files', dir: file },
      { kind: 'layout', dir: join(file, 'layout') },
      { kind: 'store', dir: file },
    ]
    for (const target of targets) {
      const error = asSluiceError(await puller.pull(request('small', { target })).catch((thrown: unknown) => thrown))
      assert.equal(error.code, 'disk', `${target.kind}: ${error.message}`)
      assert.ok(error.message.includes(file) && !/E[A-Z]{4,}/.test(error.message), error.message)
    }
    assert.equal(readFileSync(file, 'utf8'), 'mine')
    assert.equal(registry.blobBytes(), 0)
  })

  it('of which one blob fails stops, names the blob, and installs nothing', async (t) => {
    const model = ollamaModel({ size: 500_000 })
    await using registry = await startFaultyRegistry([model], { trouble: 'flipped-byte' })
    const { puller, request, store } = await pullerLab(t, registry)
    const failure = asSluiceError(
      await puller.pull(request('small', { connections: 1 })).catch((error: unknown) => error),
    )
    assert.equal(failure.code, 'digest-mismatch')
    assert.ok(failure.message.includes(largestBlob(model).digest), failure.message)
    assert.match(failure.hint, /ask whoever runs the registry/)
    assert.deepEqual(globSync('{blobs,manifests/*/*/*}/*', { cwd: store }), [])
    const repaired = await puller.pull(request('small'))
    assert.equal(repaired.alreadyThere, false)
    assert.deepEqual(await checkOllamaStore(store), [])
  })

  it('that is discarded leaves no part', async (t) => {
    const model = ollamaModel({ size: 3_000_000 })
    await using registry = await startFaultyRegistry([model], { rate: 400_000 })
    const { puller, request, store } = await pullerLab(t, registry)
    const stop = new AbortController()
    let files: Parameters<typeof puller.discard>[1] = []
    const pull = puller.pull(request('small'), {
      signal: stop.signal,
      onEvent(event) {
        if (event.type === 'files') files = event.files
        if (event.type === 'progress' && event.bytesDone > 500_000) stop.abort()
      },
    })
    await assert.rejects(pull)
    await puller.discard(request('small'), files)
    assert.deepEqual(
      filesBelow(store).filter((path) => !path.endsWith('verified.json')),
      [],
    )
  })

  it('that waits for a blob of another one can be stopped meanwhile', async (t) => {
    const model = ollamaModel({ size: 3_000_000 })
    await using registry = await startFaultyRegistry([model], { rate: 800_000 })
    const { puller, request } = await pullerLab(t, registry)
    const wanted = request('small', { connections: 1 })
    const [begun, waits, stop] = [Promise.withResolvers<void>(), Promise.withResolvers<void>(), new AbortController()]
    let bytesDone = 0
    const first = puller.pull(wanted, {
      onEvent(event) {
        if (event.type === 'progress') bytesDone = event.bytesDone
        if (bytesDone > 500_000) begun.resolve()
      },
    })
    await begun.promise
    const second = puller.pull(wanted, {
      signal: stop.signal,
      onEvent: (event) => event.type === 'phase' && event.phase === 'downloading' && waits.resolve(),
    })
    await waits.promise
    stop.abort()
    await assert.rejects(second, { code: 'interrupted' })
    assert.ok(bytesDone < bytesOf(model), 'it waited for the blob')
    await first
  })

  it('keeps what it has and wants when another one of the same blobs is discarded', async (t) => {
    const model = ollamaModel({ size: 3_000_000 })
    await using registry = await startFaultyRegistry([model], { rate: 800_000 })
    const { puller, request, store } = await pullerLab(t, registry)
    const wanted = request('small', { connections: 1 })
    const stop = new AbortController()
    let files: Parameters<typeof puller.discard>[1] = []
    const [begun, second] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
    const first = puller.pull(wanted, {
      signal: stop.signal,
      onEvent(event) {
        if (event.type === 'files') files = event.files
        if (event.type === 'progress' && event.bytesDone > 500_000) begun.resolve()
      },
    })
    await begun.promise
    const other = puller.pull(wanted, { onEvent: (event) => event.type === 'start' && second.resolve() })
    await second.promise
    stop.abort()
    await assert.rejects(first)
    await puller.discard(wanted, files)
    await other
    assert.deepEqual(await checkOllamaStore(store), [])
    assert.ok(registry.blobBytes() < bytesOf(model) + 1_000_000, `${registry.blobBytes()} bytes came`)
  })

  it('only looks at a dry run', async (t) => {
    const model = ollamaModel()
    await using registry = await startFaultyRegistry([model])
    const { puller, request, root } = await pullerLab(t, registry)
    const preview = await puller.preview(request('small'))
    assert.deepEqual([preview.bytesTotal, preview.bytesMissing], [bytesOf(model), bytesOf(model)])
    assert.ok((preview.freeSpace ?? 0) > 0)
    assert.ok(preview.files.every(({ url }) => url.startsWith(registry.url)))
    assert.deepEqual(
      filesBelow(root).filter((path) => !path.startsWith('data')),
      [],
    )
    const { files } = await puller.pull(request('small'))
    assert.deepEqual(
      (await puller.preview(request('small'))).files.map(({ path }) => path),
      files.map(({ path }) => path),
    )
  })
})

describe('a pull of little', () => {
  it('of a model that is run elsewhere installs it, and says that it has no weights', async (t) => {
    const content = contentOf(Buffer.from('{"remote_host":"https://run.example.org:443","remote_model":"large"}'))
    const mediaType = 'application/vnd.docker.container.image.v1+json'
    const config = { mediaType, digest: `sha256:${content.sha256()}`, size: content.size }
    const text = JSON.stringify({ schemaVersion: 2, mediaType: DOCKER_MANIFEST, config, layers: [] })
    const manifest = contentOf(Buffer.from(text))
    const model = {
      ...ollamaModel(),
      manifestBytes: Buffer.from(text),
      manifestDigest: `sha256:${manifest.sha256()}`,
      blobs: [{ ...config, content }],
    }
    await using registry = await startFaultyRegistry([model])
    const { puller, request, store } = await pullerLab(t, registry)
    const said: string[] = []
    const onEvent = (event: PullEvent): unknown => event.type === 'warning' && said.push(event.message)
    const { path } = await puller.pull(request('small'), { onEvent })
    assert.ok(path.startsWith(join(store, 'manifests')), path)
    assert.equal(said.length, 1)
    assert.match(said[0] ?? '', /small:latest has no weights: ollama has it run by https:\/\/run\.example\.org:443/)
    assert.deepEqual(await checkOllamaStore(store), [])
  })

  it('from a registry that breaks off and never sends the rest of a blob alone begins the blob anew', async (t) => {
    const model = ollamaModel({ size: 400_000 })
    await using registry = await startFaultyRegistry([model], { ranges: 'wrong-content-range', trouble: 'short-body' })
    const { puller, request } = await pullerLab(t, registry)
    assert.equal((await puller.pull(request('small'))).verdict, 'verified')
  })

  it('from a registry that breaks off tries as often as it was told', async (t) => {
    let asked = 0
    const server = createServer((socket) => {
      asked++
      socket.on('error', () => undefined).destroy()
    })
    await once(server.listen(0, '127.0.0.1'), 'listening')
    t.after(() => server.close())
    await using registry = await startFaultyRegistry([ollamaModel()])
    const { puller, request } = await pullerLab(t, registry)
    const { port } = server.address() as AddressInfo
    await assert.rejects(puller.pull(request('small', { registry: `http://127.0.0.1:${port}` })))
    assert.equal(asked, 2, 'the engine of these tests has one retry')
  })
})
