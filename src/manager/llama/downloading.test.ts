import assert from 'node:assert/strict'
import { test } from 'node:test'
import { everything, openManagerLab, until } from '../../../test/support/manager-lab.ts'
import { archiveBytes } from '../../../test/support/scripted-libraries.ts'
import { SluiceError } from '../../core/errors.ts'
import type { DownloadDetail } from '../types.ts'

const both = ['linux/amd64', 'win32-x64']
const gone = new SluiceError('asset-not-found', 'b8100 has no build for it.')

function steps({ timeline }: DownloadDetail): string[] {
  return timeline.map(({ event, detail = '' }) => `${event} ${detail}`.trim())
}

test('libraries are one download whose builds are its files, known before it runs', async (t) => {
  const { manager, llama, ...lab } = await openManagerLab(t)
  await manager.changeSettings({ autoStart: false })
  const id = await lab.add({ reference: 'llama.cpp', llama: { platforms: both }, priority: 8 })
  await lab.is(id, 'queued')
  const queued = await manager.get(id)
  assert.deepEqual([queued.kind, queued.type, queued.host, queued.priority], ['llama', 'llama', 'github.com', 8])
  assert.equal(queued.filename, 'llama.cpp b8100 linux-amd64, windows-amd64')
  assert.equal(queued.url, 'https://github.com/ggml-org/llama.cpp/releases/tag/b8100')
  assert.deepEqual([queued.bytesDone, queued.bytesTotal, queued.reference], [0, 2 * archiveBytes, 'llama.cpp@latest'])
  assert.deepEqual(
    queued.files.map(({ title, path, digest, mediaType, bytesTotal, status }) => [
      title,
      path,
      digest?.slice(0, 10),
      mediaType,
      bytesTotal,
      status,
    ]),
    [
      ['linux/amd64 cpu', '', 'sha256:000', 'application/gzip', archiveBytes, 'queued'],
      ['windows/amd64 cpu', '', 'sha256:555', 'application/zip', archiveBytes, 'queued'],
    ],
  )

  await manager.resume(id)
  await until(() => llama.jobs.length === 1, 'it runs')
  const job = llama.job(id)
  assert.deepEqual([job.request.version, job.request.platforms], ['b8100', ['linux/amd64', 'windows/amd64']])
  job.begin(0, 1)
  job.progress(0, 600)
  job.progress(1, 100)
  const running = await manager.get(id)
  assert.deepEqual([running.bytesDone, running.bytesTotal, running.speed, running.connections], [700, 2000, 200, 4])
  assert.deepEqual(running.segments, [
    { start: 0, end: 1000, done: 600, active: true },
    { start: 1000, end: 2000, done: 100, active: true },
  ])
  job.tell({ type: 'phase', index: 0, phase: 'unpacking' })
  assert.equal((await manager.get(id)).files[0]?.status, 'active')
  job.finish()
  await lab.is(id, 'completed')
  const done = await manager.get(id)
  assert.deepEqual([done.verdict, done.bytesDone, done.bytesTotal], ['verified', 2000, 2000])
  assert.equal(done.path, '/cache/trees/ggml-org/llama.cpp/b8100')
  assert.equal(done.filename, queued.filename)
  assert.deepEqual(done.files[1]?.digests, { sha256: '5'.repeat(64) })
  assert.match(done.files[0]?.path ?? '', /linux-amd64\/libllama\.so$/)
  assert.deepEqual(steps(done), [
    ...['created', 'validating', 'queued', 'resume', 'active', 'phase resolving', 'release b8100. It is the latest.'],
    ...['phase downloading', 'phase unpacking', 'completed'],
  ])
  // Answers when the store has all of it.
  await manager.setPriority(id, 7)
  const query = { sort: 'date', descending: true, limit: 10, offset: 0, kind: 'llama' } as const
  assert.deepEqual(
    (await manager.history(query)).entries.map(({ id: one, type, fileSize }) => [one, type, fileSize]),
    [[id, 'llama', 2000]],
  )
})

test('transfers go as download and settings say, and a limit that changes holds for those that begin later', async (t) => {
  const { manager, engine, llama, ...lab } = await openManagerLab(t)
  await manager.changeSettings({ connectionsPerDownload: 3, retries: 7 })
  const id = await lab.libraries({ speedLimit: 500, retries: 2 })
  const job = llama.job(id)
  assert.deepEqual([job.request.group, job.request.platforms.length], [id, 1])
  const begin = async (key: string) => {
    const request = {
      reference: 'https://github.test/a',
      dir: '/cache/downloads',
      digests: [],
      mirrors: [],
      key,
      group: id,
    }
    void (await job.engine()).get({ ...request, options: { ifExists: 'overwrite' } }).catch(() => undefined)
    await until(() => engine.jobs.some((one) => one.key === key), 'it is at the engine')
    return engine.job(key).request.options
  }
  const options = { ifExists: 'overwrite', retries: 2, connections: 3 }
  assert.deepEqual(await begin('dl-00000000000000aa'), { ...options, limitRate: 500 })
  await manager.setLimit(id, 900)
  await until(() => engine.calls.includes(`adjust ${id} {"limitRate":900}`), 'the engine knows')
  assert.deepEqual(await begin('dl-00000000000000bb'), { ...options, limitRate: 900 })
  for (const one of engine.jobs) one.finish(1)
})

test('pausing keeps what is there, a restart goes on by itself, and both with the build that was found', async (t) => {
  const lab = await openManagerLab(t)
  const { llama } = lab
  const id = await lab.libraries({
    reference: 'llama.cpp@nightly',
    llama: { platforms: both, variant: 'cpu', strict: true },
  })
  llama.job(id).begin(0, 1)
  llama.job(id).progress(0, 300)
  await lab.manager.pause(id)
  await until(() => llama.jobs.length === 0, 'it stops')
  const paused = await lab.manager.get(id)
  assert.deepEqual([paused.status, paused.bytesDone, paused.files[0]?.status], ['paused', 300, 'paused'])
  llama.latest = 'b8101'
  await lab.manager.resume(id)
  await until(() => llama.jobs.length === 1, 'it runs again')
  const asked = {
    version: 'b8100',
    platforms: ['linux/amd64', 'windows/amd64'],
    variant: 'cpu',
    strict: true,
    group: id,
  }
  assert.deepEqual(llama.job(id).request, asked)
  llama.job(id).begin(0)
  llama.job(id).progress(0, 500)
  await lab.reopen()
  await until(() => llama.jobs.length === 1, 'it runs after the restart')
  assert.deepEqual(llama.job(id).request, asked)
  assert.equal(lab.of(id).bytesDone, 500)
  llama.job(id).begin(0, 1)
  llama.job(id).finish()
  await lab.is(id, 'completed')
  assert.equal(
    (await lab.manager.add({ reference: 'llama.cpp@nightly', llama: { platforms: both, variant: 'cpu' } })).duplicateOf,
    id,
  )
})

test('of several platforms the failed ones are told, the others are there, and a retry asks for the same build', async (t) => {
  const { manager, llama, ...lab } = await openManagerLab(t)
  const warnings: string[] = []
  manager.events.listen((event) => void (event.type === 'warning' && warnings.push(`${event.code} ${event.message}`)))
  const id = await lab.libraries({ reference: 'llama.cpp', llama: { platforms: ['all'] } })
  const job = llama.job(id)
  job.begin(0, 1, 2, 3, 4, 5)
  job.failed(1, 'digest-mismatch', 'It has another digest.')
  job.failed(4, 'stalled')
  job.finish()
  await lab.is(id, 'error')
  const failed = await manager.get(id)
  assert.equal(failed.error?.code, 'digest-mismatch')
  assert.equal(failed.error?.message, '2 of 6 platforms failed: linux/arm64: It has another digest.')
  assert.deepEqual(
    failed.files.map(({ status }) => status),
    ['completed', 'error', 'completed', 'completed', 'error', 'completed'],
  )
  assert.deepEqual(warnings, [
    'digest-mismatch linux/arm64: It has another digest.',
    'stalled windows/amd64: It failed.',
  ])
  llama.latest = 'b8101'
  await manager.retry(id)
  await until(() => llama.jobs.length === 1, 'it runs again')
  assert.equal(llama.job(id).request.version, 'b8100')
  llama.job(id).begin(0, 1, 2, 3, 4, 5)
  llama.job(id).finish()
  await lab.is(id, 'completed')
})

test('where a platform has no build the others are fetched, where none has one it is told at once', async (t) => {
  const { llama, ...lab } = await openManagerLab(t)
  llama.missing.set('darwin/arm64', gone)
  const none = await lab.add({ reference: 'llama.cpp@b8100', llama: { platforms: ['darwin/arm64'] } })
  await lab.is(none, 'error')
  assert.deepEqual([lab.of(none).error?.code, lab.of(none).startedAt], ['asset-not-found', null])
  const some = await lab.libraries({ reference: 'llama.cpp', llama: { platforms: ['darwin/arm64', 'linux/arm64'] } })
  assert.deepEqual(
    lab.of(some).files.map(({ title, status }) => [title, status]),
    [
      ['darwin/arm64', 'error'],
      ['linux/arm64 cpu', 'queued'],
    ],
  )
  assert.equal(lab.of(some).bytesTotal, archiveBytes)
  // The build is not kept: a later one may have all of them.
  assert.equal(llama.job(some).request.version, 'latest')
  llama.job(some).begin(0, 1)
  llama.job(some).failed(0, 'asset-not-found', gone.message)
  llama.job(some).finish()
  await lab.is(some, 'error')
  assert.equal(lab.of(some).error?.message, `1 of 2 platforms failed: darwin/arm64: ${gone.message}`)

  llama.missing.set('linux/amd64', new SluiceError('connect-refused', 'Nothing listens.'))
  const offline = await lab.add({ reference: 'llama.cpp', llama: { platforms: ['linux/amd64'] } })
  await until(() => lab.of(offline).status === 'error', 'it fails')
  assert.deepEqual([lab.of(offline).error?.code, lab.of(offline).retryAt !== null], ['connect-refused', true])
})

test('what was not found out before it runs is found out then', async (t) => {
  const { llama, ...lab } = await openManagerLab(t)
  llama.missing.set('linux/amd64', new SluiceError('connect-refused', 'Nothing listens.'))
  await lab.manager.changeSettings({ autoStart: false, autoRetry: false })
  const id = await lab.add({ reference: 'llama.cpp', llama: { platforms: ['linux/amd64'] } })
  await lab.is(id, 'queued')
  assert.equal(lab.of(id).bytesTotal, null)
  llama.missing.clear()
  await lab.manager.resume(id)
  await until(() => llama.jobs.length === 1, 'it runs')
  assert.deepEqual([lab.of(id).files.length, llama.job(id).request.version], [1, 'b8100'])
})

test('what is being looked for is paused with all others, and models that take long hold no libraries up', async (t) => {
  const { manager, llama, puller, ...lab } = await openManagerLab(t)
  const found = Promise.withResolvers<void>()
  puller.onPreview = llama.onPlan = () => found.promise
  for (let count = 0; count < 5; count++) await lab.add({ reference: `m${count}:1` })
  const id = await lab.add({ reference: 'llama.cpp' })
  await until(() => llama.planned.length === 1, 'it is looked for')
  assert.equal((await manager.pauseAll()).done.length, 6)
  found.resolve()
  await until(() => lab.of(id).bytesTotal !== null, 'it is found')
  assert.equal(lab.of(id).status, 'paused')
  assert.deepEqual(llama.jobs, [])
})

test('a cancelled one leaves no archives, unless another that is not complete counts on them', async (t) => {
  const { manager, llama, ...lab } = await openManagerLab(t)
  const first = await lab.libraries()
  const other = await lab.libraries({ llama: { platforms: both } })
  llama.job(first).begin(0)
  await manager.cancel(first)
  await until(() => llama.jobs.length === 1, 'it stops')
  await manager.cancel(other)
  await until(() => llama.discarded.length === 1, 'its archives go')
  assert.equal(llama.discarded[0]?.builds.length, 2)
  assert.deepEqual(
    lab.of(other).files.map(({ status }) => status),
    ['cancelled', 'cancelled'],
  )
})

test('what is wrong with it is refused with the field, and nothing is listed', async (t) => {
  const lab = await openManagerLab(t)
  const pin = `sha256:${'ab'.repeat(32)}`
  for (const [request, code] of [
    [{ reference: 'llama.cpp@seven' }, 'usage'],
    [{ reference: 'llama', kind: 'llama' }, 'usage'],
    [{ llama: { version: 'b6' } }, 'usage'],
    [{ llama: { platforms: ['plan9/amd64'] } }, 'unsupported-platform'],
    [{ llama: { platforms: ['linux'] } }, 'unsupported-platform'],
    [{ llama: { variant: '../x' } }, 'usage'],
    [{ filename: 'x' }, 'usage'],
    [{ headers: { Accept: 'x' } }, 'usage'],
    [{ checksum: `md5:${'ab'.repeat(16)}` }, 'usage'],
    [{ checksum: [pin, pin] }, 'usage'],
    [{ checksum: pin, llama: { platforms: both } }, 'usage'],
    [{ checksum: pin, llama: { variant: 'all' } }, 'usage'],
    [{ mirrors: ['https://example.org/'] }, 'usage'],
    [{ ifExists: 'skip' }, 'usage'],
    [{ kind: 'llama', model: { target: 'zip' } }, 'usage'],
  ] as const)
    await assert.rejects(lab.manager.add({ reference: 'llama.cpp@b5', ...request }), { code }, JSON.stringify(request))
  assert.equal(lab.manager.list(everything).total, 0)
})

test('the SHA-256 that an archive must have is passed on, and kept for another daemon', async (t) => {
  const { manager, llama, ...lab } = await openManagerLab(t)
  const hex = 'ab'.repeat(32)
  const id = await lab.add({ reference: 'llama.cpp@b6089', checksum: `SHA256:${hex.toUpperCase()}` })
  await until(() => llama.jobs.length === 1, 'it runs')
  assert.equal(llama.job(id).request.pin, hex)
  assert.equal(llama.planned[0]?.pin, hex)
  const { downloads } = JSON.parse(manager.exportQueue('json')) as { downloads: Array<Record<string, unknown>> }
  assert.deepEqual(downloads[0]?.['checksum'], [`sha256:${hex}`])
})

test('lists, queues of other daemons, schedules and history hold libraries beside the others', async (t) => {
  const lab = await openManagerLab(t)
  await lab.manager.changeSettings({ autoStart: false })
  const { added } = await lab.manager.addText('llama.cpp@b6089\nhttps://example.org/a.zip\nLlama.cpp\n')
  await lab.add({
    reference: 'llama.cpp',
    dir: 'sub',
    llama: { version: 'b7000', platforms: both, variant: 'CPU', strict: true },
  })
  await until(() => lab.manager.events.snapshot().counts.queued === 4, 'all are queued')
  const kinds = () => lab.manager.list(everything).downloads.map(({ kind, reference }) => `${kind} ${reference}`)
  const before = kinds()
  assert.deepEqual(before, [
    'llama llama.cpp@b6089',
    'http https://example.org/a.zip',
    'llama llama.cpp@latest',
    'llama llama.cpp@b7000',
  ])
  assert.match(lab.manager.exportQueue('text'), /^llama\.cpp@b6089$/m)
  const queue = lab.manager.exportQueue('json')
  const { downloads } = JSON.parse(queue) as { downloads: Array<Record<string, unknown>> }
  const platforms = ['linux/amd64', 'windows/amd64']
  assert.deepEqual(downloads.at(-1), {
    reference: 'llama.cpp@b7000',
    kind: 'llama',
    priority: 5,
    llama: { platforms, variant: 'cpu', strict: true },
  })
  assert.deepEqual((await lab.manager.importQueue(queue, 'json')).errors, [])
  await until(() => lab.manager.list(everything).total === 8, 'all are listed')
  assert.deepEqual(kinds(), [...before, ...before])
  const schedule = { cron: '0 3 * * *', request: { reference: 'llama.cpp@latest', llama: { platforms: both } } }
  assert.deepEqual((await lab.manager.addSchedule(schedule)).request, schedule.request)
  await assert.rejects(lab.manager.addSchedule({ ...schedule, request: { reference: 'llama.cpp@x' } }), {
    code: 'usage',
  })
  await lab.reopen()
  const again = await lab.manager.redownload(added[0] ?? '')
  assert.equal(lab.of(again.id).reference, 'llama.cpp@b6089')
})

test('a preview tells its size as of one file', async (t) => {
  const { manager, llama } = await openManagerLab(t)
  const { kind, size, digestKnown, filename } = await manager.preview({
    reference: 'llama.cpp',
    llama: { platforms: both },
  })
  assert.deepEqual([kind, size, digestKnown], ['llama', 2 * archiveBytes, true])
  assert.equal(filename, 'llama.cpp latest linux-amd64, windows-amd64')
  llama.missing.set('linux/amd64', gone)
  await assert.rejects(manager.preview({ reference: 'llama.cpp', llama: { platforms: ['linux/amd64'] } }), {
    code: 'asset-not-found',
  })
})

test('addresses of GitHub are those of the start of the daemon, and wrong ones are told when they are needed', async (t) => {
  const { manager, llama } = await openManagerLab(
    t,
    {},
    { githubDownload: 'http://127.0.0.1:9/gh', githubApi: 'http://127.0.0.1:9/api' },
  )
  await manager.llamaCache()
  assert.equal(llama.options?.env['SLUICE_GITHUB_API'], 'http://127.0.0.1:9/api')
  const { id } = await manager.add({ reference: 'llama.cpp@b7000', paused: true })
  assert.equal((await manager.get(id)).url, 'http://127.0.0.1:9/gh/ggml-org/llama.cpp/releases/tag/b7000')
  assert.equal((await manager.get(id)).host, '127.0.0.1:9')
  const wrong = await openManagerLab(t, {}, { githubDownload: 'nowhere' })
  await assert.rejects(wrong.manager.add({ reference: 'llama.cpp' }), {
    code: 'usage',
    message: /SLUICE_GITHUB_DOWNLOAD/,
  })
  assert.ok(await wrong.manager.add({ reference: 'https://example.org/' }))
})
