import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { everything, openManagerLab, until } from '../../test/support/manager-lab.ts'
import { pullFile } from '../../test/support/scripted-puller.ts'
import { sessionName } from '../core/model-name.ts'
import type { ModelRequest } from './model-types.ts'

const lastHistory = { sort: 'date', descending: true, limit: 10, offset: 0 } as const

test('a pull is one download whose blobs are its files, and history and statistics know it as a model', async (t) => {
  const { manager, puller, modelsDir, ...lab } = await openManagerLab(t)
  const id = await lab.pulling('llama3.2:1b', { model: { registry: 'http://127.0.0.1:5000' }, priority: 8 })
  const job = puller.job(id)
  const path = join(modelsDir, 'manifests/127.0.0.1:5000/library/llama3.2/1b')
  job.start([pullFile('aa', 1000, { status: 'active' }), pullFile('bb', 10)], path)
  job.progress(600)
  const running = await manager.get(id)
  assert.deepEqual(
    [running.kind, running.type, running.host, running.filename, running.path, running.reference, running.priority],
    ['model', 'model', '127.0.0.1:5000', '127.0.0.1:5000/library/llama3.2:1b', path, 'llama3.2:1b', 8],
  )
  assert.equal(running.url, 'http://127.0.0.1:5000/v2/library/llama3.2/manifests/1b')
  assert.deepEqual([running.bytesDone, running.bytesTotal, running.speed, running.connections], [600, 1010, 100, 2])
  assert.deepEqual(
    running.files.map(({ title, digest, status, bytesTotal, verdict, digests }) => [
      ...[title, digest, status, bytesTotal, verdict, digests],
    ]),
    [
      ['blob aa', `sha256:${'aa'.repeat(32)}`, 'active', 1000, null, {}],
      ['blob bb', `sha256:${'bb'.repeat(32)}`, 'queued', 10, null, {}],
    ],
  )
  assert.deepEqual(running.segments, [
    { start: 0, end: 1000, done: 0, active: true },
    { start: 1000, end: 1010, done: 0, active: false },
  ])
  job.finish({ digests: { sha256: 'cd'.repeat(32) } })
  await lab.is(id, 'completed')
  const done = await manager.get(id)
  assert.deepEqual([done.verdict, done.bytesDone, done.filename], ['verified', 1010, running.filename])
  assert.deepEqual(done.files[0]?.digests, { sha256: 'aa'.repeat(32) })
  assert.deepEqual(
    done.timeline.map(({ event, detail = '' }) => `${event} ${detail}`.trim()),
    ['created', 'validating', 'queued', 'active', 'phase resolving', 'phase downloading', 'completed'],
  )
  const { entries } = await manager.history({ ...lastHistory, kind: 'model', type: 'model' })
  assert.deepEqual(
    entries.map((entry) => [entry.id, entry.filename, entry.fileSize]),
    [[id, running.filename, 1010]],
  )
  assert.equal(manager.list({ ...everything, type: 'model' }).total, 1)
  assert.deepEqual((await manager.statistics()).fileTypeStats, { model: 1 })
})

test('where a model goes is told with its download, as soon as that is known', async (t) => {
  const { manager, puller, dir, modelsDir, ...lab } = await openManagerLab(t)
  const target = async (id: string) => (await manager.get(id)).target
  assert.equal(await target(await lab.add({ reference: 'https://example.org/a.zip', paused: true })), null)

  const model = await lab.pulling('llama3.2')
  assert.equal(await target(model), null)
  puller.job(model).start([pullFile('aa', 10)], join(modelsDir, 'manifests/registry.ollama.ai/library/llama3.2/latest'))
  assert.deepEqual(await target(model), { kind: 'store', path: modelsDir })
  puller.job(model).finish({ digests: { sha256: 'cd'.repeat(32) } })
  await lab.is(model, 'completed')
  assert.deepEqual(await target(model), { kind: 'store', path: modelsDir })

  const artifact = await lab.pulling('oci://ghcr.io/owner/artifact:v1')
  const folder = join(dir, sessionName('oci://ghcr.io/owner/artifact:v1'))
  puller.job(artifact).start([pullFile('aa', 10)], folder)
  assert.deepEqual(await target(artifact), { kind: 'files', path: folder })

  const zip = await lab.add({ reference: 'gemma', kind: 'model', model: { target: 'zip' }, dir: 'sub', paused: true })
  assert.deepEqual(await target(zip), { kind: 'zip', path: join(dir, 'sub/gemma.zip') })
  assert.deepEqual(manager.list(everything).downloads.find(({ id }) => id === zip)?.target?.kind, 'zip')
})

test('the puller gets what was asked for, and no folder but those of the daemon', async (t) => {
  const { puller, dir, modelsDir, ...lab } = await openManagerLab(t)
  await lab.manager.changeSettings({ connectionsPerDownload: 3, retries: 7, ifExists: 'skip', maxConcurrent: 10 })
  const asked = async (reference: string, model: ModelRequest, filename?: string) => {
    const request = { model, dir: 'sub', ...(filename === undefined ? {} : { filename }) }
    const id = await lab.pulling(reference, request)
    const { key, modelsDir: store, filesDir, retries, connections, ifExists, ...rest } = puller.job(id).request
    assert.deepEqual([key, store, retries, connections, ifExists], [id, modelsDir, 7, 3, 'skip'])
    assert.equal(filesDir.startsWith(join(dir, 'sub')), true)
    return rest
  }
  assert.deepEqual(await asked('a/b:1', { registry: 'http://127.0.0.1:1/', platform: 'linux/arm64', concurrency: 9 }), {
    model: 'a/b:1',
    registry: 'http://127.0.0.1:1/',
    platform: 'linux/arm64',
    concurrency: 9,
  })
  assert.deepEqual(await asked('c:1', { target: 'store', keepStaging: true }), {
    model: 'c:1',
    keepStaging: true,
    target: { kind: 'store', dir: modelsDir },
  })
  const zip = async (filename?: string) => (await asked('d/e:1', { target: 'zip' }, filename)).target
  assert.deepEqual(await zip(), { kind: 'zip', path: join(dir, 'sub/d-e-1.zip') })
  assert.deepEqual(await zip('own.zip'), { kind: 'zip', path: join(dir, 'sub/own.zip') })
  for (const target of ['files', 'layout'] as const) {
    assert.deepEqual((await asked(`${target}:1`, { target })).target, {
      kind: target,
      dir: join(dir, `sub/${target}-1`),
    })
    const own = `own-${target}`
    assert.deepEqual((await asked('g:1', { target }, own)).target, { kind: target, dir: join(dir, 'sub', own) })
  }
  const limited = await lab.pulling('h:1', { speedLimit: 500 })
  assert.equal(puller.job(limited).request.limitRate, 500)
  await lab.manager.setLimit(limited, 900)
  await until(() => lab.engine.calls.includes(`adjust ${limited} {"limitRate":900}`), 'the engine knows')
})

test('files and a layout do not share a folder', async (t) => {
  const lab = await openManagerLab(t)
  const add = (reference: string, target: 'files' | 'layout', more: object = {}) =>
    lab.manager.add({ reference, kind: 'model', model: { target }, paused: true, ...more })
  const { id } = await add('f:1', 'files')
  await assert.rejects(add('f:1', 'layout'), { code: 'target-exists', message: new RegExp(id) })
  await assert.rejects(add('g:1', 'layout', { filename: 'f-1' }), { code: 'target-exists' })
  const items = (['layout', 'files'] as const).map((target) => ({ reference: 'h:1', model: { target }, paused: true }))
  const { added, errors } = await lab.manager.addMany(items)
  assert.deepEqual([added.length, errors.map(({ code }) => code)], [1, ['target-exists']])
  await add('f:1', 'layout', { dir: 'sub' })
  await add('f:1', 'layout', { filename: 'own' })
  await lab.manager.cancel(id)
  await add('f:1', 'layout')
})

test('what is wrong with a model is refused with the field, and nothing is listed', async (t) => {
  const lab = await openManagerLab(t)
  const reference = 'llama3.2:1b'
  for (const [request, code] of [
    [{ reference: 'not/a/model/name/at:all' }, 'bad-model-name'],
    [{ reference: 'plain', kind: 'http' }, 'bad-url'],
    [{ reference: 'https://example.org/a/b/c/d.zip', kind: 'model' }, 'bad-model-name'],
    [{ reference: 'https://u:p@example.org/a/b', kind: 'model' }, 'bad-model-name'],
    [{ model: { registry: 'https://u:p@example.org' } }, 'usage'],
    [{ model: { registry: 'ftp://example.org' } }, 'usage'],
    [{ model: { platform: 'linux' } }, 'usage'],
    [{ model: { concurrency: 33 } }, 'usage'],
    [{ model: { target: 'layout', keepStaging: true } }, 'usage'],
    [{ filename: 'own.gguf' }, 'usage'],
    [{ model: { target: 'zip' }, filename: '../out.zip' }, 'usage'],
    [{ model: { target: 'zip' }, dir: '../out' }, 'usage'],
    [{ headers: { Accept: 'x' } }, 'usage'],
    [{ checksum: `sha256:${'ab'.repeat(32)}` }, 'usage'],
    [{ mirrors: ['https://example.org/'] }, 'usage'],
    [{ userAgent: 'x' }, 'usage'],
  ] as const)
    await assert.rejects(lab.manager.add({ reference, ...request }), { code }, JSON.stringify(request))
  assert.equal(lab.manager.list(everything).total, 0)
})

test('a list, a queue of another daemon and a schedule hold models beside addresses', async (t) => {
  const lab = await openManagerLab(t)
  await lab.manager.changeSettings({ autoStart: false })
  const text = 'llama3.2:1b\nhttps://example.org/a.zip\nhf.co/a/b:Q4\noci://ghcr.io/a/b/c:1\n'
  assert.equal((await lab.manager.addText(text)).added.length, 4)
  const kinds = () => lab.manager.list(everything).downloads.map(({ kind, reference }) => `${kind} ${reference}`)
  const listed = [
    'model llama3.2:1b',
    'http https://example.org/a.zip',
    'model hf.co/a/b:Q4',
    'model oci://ghcr.io/a/b/c:1',
  ]
  assert.deepEqual(kinds(), listed)
  const model = { registry: 'http://127.0.0.1:5000', platform: 'linux/arm64', target: 'zip', concurrency: 2 } as const
  await lab.add({ reference: 'short', filename: 'own.zip', model })
  const [asJson, asText] = [lab.manager.exportQueue('json'), lab.manager.exportQueue('text')]
  assert.equal(asText, `${text}ollama://127.0.0.1:5000/library/short:latest\n`)
  const other = await openManagerLab(t)
  await other.manager.changeSettings({ autoStart: false })
  assert.deepEqual((await other.manager.importQueue(asJson, 'json')).errors, [])
  assert.equal(other.manager.exportQueue('json'), asJson)
  const schedule = await lab.manager.addSchedule({
    cron: '0 3 * * *',
    request: { reference: 'm:1', kind: 'model', model },
  })
  assert.deepEqual(schedule.request, { reference: 'm:1', kind: 'model', model })
  const wrong = { cron: '0 3 * * *', request: { reference: 'm:1', model: { platform: 'x' } } }
  await assert.rejects(lab.manager.addSchedule(wrong), { code: 'usage' })
})

test('the same model for the same target is a duplicate, also after a restart', async (t) => {
  const lab = await openManagerLab(t)
  const first = await lab.add({ reference: 'llama3.2', paused: true })
  const same = { ifDuplicate: 'skip', paused: true } as const
  const find = async (reference: string, model?: ModelRequest) =>
    (await lab.manager.add({ reference, ...same, ...(model ? { model } : {}) })).duplicateOf
  assert.equal(await find('registry.ollama.ai/library/llama3.2:latest'), first)
  assert.equal(await find('llama3.2', { target: 'store' }), first)
  await lab.reopen()
  assert.equal(await find('library/llama3.2:latest', {}), first)
  for (const [reference, model] of [
    ['llama3.2:1b', {}],
    ['llama3.2', { target: 'zip' }],
    ['llama3.2', { platform: 'linux/s390x' }],
    ['llama3.2', { registry: 'http://127.0.0.1:5000' }],
    [`llama3.2@sha256:${'ab'.repeat(32)}`, {}],
  ] as const)
    assert.equal(await find(reference, model), undefined, JSON.stringify([reference, model]))
})

test('paused, resumed, killed and started again it goes on with the same request, and shows what is here', async (t) => {
  const lab = await openManagerLab(t)
  const { puller } = lab
  const id = await lab.pulling('llama3.2:1b', { model: { target: 'zip' } })
  const { request } = puller.job(id)
  puller.job(id).start([pullFile('aa', 1000, { status: 'active', bytesDone: 400 })], join(lab.dir, 'llama3.2-1b.zip'))
  puller.job(id).progress(400)
  await lab.manager.pause(id)
  await until(() => puller.jobs.length === 0, 'it is stopped')
  assert.deepEqual([lab.of(id).status, lab.of(id).bytesDone, lab.of(id).filename], ['paused', 400, 'llama3.2-1b.zip'])
  assert.ok(lab.of(id).files.every(({ status }) => status === 'paused'))
  await lab.manager.resume(id)
  await until(() => puller.jobs.length === 1, 'it runs again')
  puller.job(id).start([pullFile('aa', 1000, { status: 'active', bytesDone: 500 })], '')
  puller.job(id).progress(500)
  await lab.reopen()
  assert.deepEqual([lab.of(id).bytesDone, lab.of(id).bytesTotal, lab.of(id).files.length], [500, 1000, 1])
  await until(() => puller.jobs.length === 1, 'it goes on')
  assert.deepEqual(puller.job(id).request, request)
  assert.deepEqual([puller.opened, puller.closed], [2, 1])
})

test('cancelled and removed ones are discarded unless parts are kept, and an unknown model says so', async (t) => {
  const lab = await openManagerLab(t)
  const { puller } = lab
  const cancelled = await lab.pulling('a:1')
  await lab.manager.cancel(cancelled)
  await until(() => puller.discarded.length === 1, 'it is discarded')
  const removed = await lab.pulling('b:1')
  await lab.manager.remove(removed, { deleteFile: true })
  assert.deepEqual(
    puller.discarded.map(({ key, model }) => [key, model]),
    [
      [cancelled, 'a:1'],
      [removed, 'b:1'],
    ],
  )
  await lab.manager.changeSettings({ keepPartFiles: true })
  await lab.manager.cancel(await lab.pulling('c:1'))
  const unknown = await lab.pulling('d:1')
  puller.job(unknown).fail('model-not-found', 'The model was not found in the registry.')
  await lab.is(unknown, 'error')
  assert.match(lab.of(unknown).error?.message ?? '', /not found/)
  await lab.manager.retry(unknown)
  await until(() => puller.jobs.some(({ key }) => key === unknown), 'it is tried again')
  assert.equal(puller.discarded.length, 2)
})

test('of two that go to the same place the second waits, and others pass it', async (t) => {
  const lab = await openManagerLab(t)
  const { puller } = lab
  const zip = { model: { target: 'zip' } } as const
  await lab.manager.changeSettings({ autoStart: false })
  const ids = [await lab.add({ reference: 'a:1', ...zip }), await lab.add({ reference: 'a:1', ...zip })]
  ids.push(await lab.add({ reference: 'a:1', ...zip, dir: 'sub' }), await lab.add({ reference: 'a:1' }))
  const [first = '', second = '', third = '', fourth = ''] = ids
  await lab.manager.changeSettings({ autoStart: true, maxConcurrent: 3 })
  await until(() => puller.jobs.length === 3, 'three run')
  assert.deepEqual(puller.jobs.map(({ key }) => key).toSorted(), [first, third, fourth].toSorted())
  assert.equal(lab.of(second).status, 'queued')
  puller.job(first).start([pullFile('aa', 10, { bytesDone: 5, status: 'active' })], join(lab.dir, 'a-1.zip'))
  await lab.manager.cancel(first)
  await until(() => puller.jobs.some(({ key }) => key === second), 'the second runs')
  assert.deepEqual([lab.of(first).bytesDone, lab.of(first).files[0]?.bytesDone], [0, 0])
  assert.deepEqual(
    puller.discarded.map(({ key }) => key),
    [first],
  )
  await lab.manager.retry(first)
  await lab.manager.cancel(first)
  await lab.manager.remove(first, { deleteFile: true })
  assert.equal(puller.discarded.length, 1)
  puller.job(second).fail('model-not-found')
  await lab.is(second, 'error')
})

test('lists show the first files of a model with very many, its detail shows all', async (t) => {
  const lab = await openManagerLab(t)
  const heard: number[] = []
  lab.manager.events.listen((event) => {
    if (event.type === 'changed') heard.push(event.download.files.length)
  })
  const id = await lab.pulling('many:1')
  const files = Array.from({ length: 300 }, (_, at) => pullFile(String(10 + at).slice(-2), 1))
  lab.puller.job(id).start(files, '/x')
  assert.equal(lab.of(id).files.length, 50)
  assert.equal((await lab.manager.get(id)).files.length, 300)
  const told = heard.length
  for (let at = 0; at < 300; at++) lab.puller.job(id).tell({ type: 'files', files })
  await until(() => heard.length > told, 'listeners hear of the files')
  assert.ok(heard.length - told < 5, `${heard.length - told} events`)
  assert.ok(heard.every((count) => count <= 50))
})

test('redownloading asks for the same again, from the list and from what history knows', async (t) => {
  const lab = await openManagerLab(t)
  const request = {
    dir: 'sub',
    model: { registry: 'http://127.0.0.1:5000', target: 'zip', platform: 'linux/arm64' },
  } as const
  const id = await lab.pulling('a:1', request)
  const before = lab.puller.job(id).request
  lab.puller.job(id).start([pullFile('aa', 1)], join(lab.dir, 'sub/a-1 (1).zip'))
  lab.puller.job(id).finish()
  await lab.is(id, 'completed')
  const again = await lab.manager.redownload(id)
  await until(() => lab.puller.jobs.length === 1, 'it runs')
  assert.deepEqual({ ...lab.puller.job(again.id).request, key: id }, before)
  await lab.manager.cancel(again.id)
  await lab.manager.remove(id, { deleteFile: false })
  const last = await lab.manager.redownload(id)
  await until(() => lab.puller.jobs.some(({ key }) => key === last.id), 'it runs')
  const { model, registry, target } = lab.puller.job(last.id).request
  assert.deepEqual([model, registry], ['a:1', 'http://127.0.0.1:5000'])
  assert.deepEqual(target, { kind: 'zip', path: join(lab.dir, 'sub/a-1 (1).zip') })
})

test('a full disk of the store is an error, as the space of the folder says nothing of it', async (t) => {
  const lab = await openManagerLab(t)
  const id = await lab.pulling('a:1')
  lab.puller.job(id).fail('disk-full')
  await lab.is(id, 'error')
  assert.equal(lab.of(id).error?.code, 'disk-full')
  const zip = await lab.pulling('a:1', { model: { target: 'zip' } })
  lab.puller.job(zip).fail('disk-full')
  await lab.is(zip, 'queued')
  assert.equal(lab.of(zip).waitingFor, 'low-disk')
})
