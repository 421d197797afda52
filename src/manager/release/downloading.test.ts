import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import { limited, startFakeGithub } from '../../../test/support/fake-github.ts'
import type { FakeGithub } from '../../../test/support/fake-github.ts'
import { openManagerLab, until } from '../../../test/support/manager-lab.ts'
import type { ManagerLab } from '../../../test/support/manager-lab.ts'
import { openLibraries } from '../llama/open-libraries.ts'
import type { AddRequest, ManagerOptions } from '../types.ts'

const linux = 'tool-1.2.3-linux-x86_64.tar.gz'
const mac = 'tool-1.2.3-macos-arm64.tar.gz'
const amd64 = { platform: 'linux/x64' }
const sum = (text: string): string => createHash('sha256').update(text).digest('hex')

interface Lab extends ManagerLab {
  readonly github: FakeGithub
  /** Added, and running at the engine. */
  fetching(request?: Partial<AddRequest>): Promise<string>
}

/** A manager with a scripted GitHub and an engine that does what the test says. */
async function open(t: TestContext, options: Partial<ManagerOptions> = {}): Promise<Lab> {
  const github = await startFakeGithub()
  t.after(() => github.close())
  github.publish('acme/tool', { tag: 'v1.2.3', assets: { [linux]: 'linux', [`${linux}.asc`]: 'signed', [mac]: 'mac' } })
  github.publish('acme/twins', {
    tag: 'v1',
    assets: { 'twins-red-linux-x64.tar.gz': 'red', 'twins-tan-linux-x64.tar.gz': 'tan' },
  })
  const { SLUICE_GITHUB_API: githubApi, SLUICE_GITHUB_DOWNLOAD: githubDownload } = github.env
  const lab = await openManagerLab(t, { llama: openLibraries }, { githubApi, githubDownload, ...options })
  return Object.assign(lab, {
    github,
    async fetching(request: Partial<AddRequest> = {}) {
      const id = await lab.add({ reference: 'acme/tool', ...amd64, ...request })
      await until(() => lab.engine.jobs.some((job) => job.key === id), `${id} runs`)
      return id
    },
  })
}

test('a file of a release is found before it is queued, and fetched as any other with its digest', async (t) => {
  const lab = await open(t)
  await lab.manager.changeSettings({ autoStart: false, connectionsPerDownload: 3, retries: 7 })
  const id = await lab.add({
    reference: 'https://github.com/acme/tool/releases',
    ...amd64,
    priority: 8,
    speedLimit: 500,
  })
  await lab.is(id, 'queued')
  const address = `${lab.github.download.origin}/acme/tool/releases/download/v1.2.3/${linux}`
  const queued = await lab.manager.get(id)
  assert.deepEqual(
    [queued.kind, queued.type, queued.reference, queued.url, queued.filename, queued.bytesTotal, queued.files.length],
    ['release', 'tar.gz', 'acme/tool', address, linux, 5, 1],
  )
  await lab.manager.resume(id)
  await until(() => lab.engine.jobs.length === 1, 'it runs')
  const job = lab.engine.job(id)
  const { options, ...request } = job.request
  assert.deepEqual(request, {
    reference: address,
    dir: lab.dir,
    digests: [{ algorithm: 'sha256', hex: sum('linux') }],
    mirrors: [],
    output: linux,
    key: id,
    size: 5,
  })
  assert.deepEqual(
    [options?.headers, options?.connections, options?.retries, options?.limitRate, options?.ifChanged],
    [[], 3, 7, 500, 'restart'],
  )
  job.start(5)
  job.finish(5)
  await lab.is(id, 'completed')
  const done = await lab.manager.get(id)
  assert.deepEqual([done.path, done.filename, done.bytesDone], [join(lab.dir, linux), linux, 5])
  assert.deepEqual(
    done.timeline.map(({ event, detail = '' }) => `${event} ${detail}`.trim()),
    ['created', 'validating', 'queued', 'resume', 'active', `release v1.2.3: ${linux}`, 'completed'],
  )
  // Answers when the store has all of it.
  await lab.manager.setPriority(id, 7)
  const query = { sort: 'date', descending: true, limit: 10, offset: 0, kind: 'release' } as const
  const [entry] = (await lab.manager.history(query)).entries
  assert.deepEqual([entry?.id, entry?.type, entry?.url], [id, 'tar.gz', address])
})

test('what cannot be found is an error that says why, and a retry asks again', async (t) => {
  const lab = await open(t)
  const wrong = [
    [{ reference: 'acme/twins', ...amd64 }, 'asset-ambiguous', /2 files for linux\/amd64: twins-red-.*, twins-tan-/],
    [{ reference: 'acme/twins@v1', asset: 'twins-*', ...amd64 }, 'asset-ambiguous', /twins-red-.*, twins-tan-/],
    [{ reference: 'acme/tool', platform: 'windows/arm64' }, 'asset-not-found', /no file for windows\/arm64/],
    [{ reference: 'acme/tool', asset: '*.rpm' }, 'asset-not-found', /with a name like \*\.rpm/],
    [{ reference: 'acme/tool', asset: '/^(([a-z0-9._-])+)+!$/' }, 'usage', /takes too long/],
    [{ reference: 'acme/tool@v9' }, 'release-not-found', /acme\/tool has no release v9/],
    [{ reference: 'acme/nothing' }, 'release-not-found', /no repository acme\/nothing/],
    [
      { reference: 'acme/tool', ...amd64, checksum: `sha256:${'7'.repeat(64)}` },
      'digest-mismatch',
      /7777 was asked for/,
    ],
  ] as const
  for (const [request, code, words] of wrong) {
    const id = await lab.add(request)
    await lab.is(id, 'error')
    const { error, filename } = lab.of(id)
    assert.deepEqual([error?.code, filename], [code, ''], request.reference)
    assert.match(error?.message ?? '', words)
    if (code.startsWith('asset-')) assert.match(error?.hint ?? '', /asset.*--asset/)
  }
  lab.github.behaviour.api = () => limited(1800)
  lab.github.publish('acme/other', { tag: 'v1', assets: { 'other.zip': 'other' } })
  const id = await lab.add({ reference: 'acme/other' })
  await lab.is(id, 'error')
  const { error } = lab.of(id)
  assert.equal(error?.code, 'rate-limited')
  assert.match(error?.hint ?? '', /It resets at \d\d:\d\d, in 3\d minutes.*GITHUB_TOKEN/)
  lab.github.behaviour.api = () => undefined
  await lab.manager.retry(id)
  await until(() => lab.engine.jobs.some((job) => job.key === id), 'it runs')
  assert.equal(lab.engine.job(id).request.output, 'other.zip')
  assert.deepEqual(lab.engine.faults, [])
})

test('a file that was found stays the one, over a pause, a restart and a newer release', async (t) => {
  const lab = await open(t)
  const id = await lab.fetching()
  lab.engine.job(id).start(5)
  lab.engine.job(id).progress(3)
  await lab.manager.pause(id)
  await until(() => lab.engine.jobs.length === 0, 'it stops')
  lab.github.publish('acme/tool', { tag: 'v2', assets: { 'tool-2-linux-x86_64.tar.gz': 'newer' } })
  const asked = lab.github.api.heard.length
  await lab.manager.resume(id)
  await until(() => lab.engine.jobs.length === 1, 'it runs')
  await lab.reopen()
  await until(() => lab.engine.jobs.length === 1, 'it runs again')
  assert.equal(lab.engine.job(id).request.output, linux)
  assert.deepEqual([lab.of(id).bytesDone, lab.of(id).bytesTotal], [3, 5])
  assert.equal(lab.github.api.heard.length, asked)
  const twin = await lab.manager.add({ reference: 'ACME/tool', platform: 'linux-amd64', ifDuplicate: 'skip' })
  assert.deepEqual(twin, { id, duplicateOf: id, skipped: true })
})

test('a restart in the middle of the question asks again', async (t) => {
  const lab = await open(t)
  const { promise: asked, resolve } = Promise.withResolvers<void>()
  lab.github.behaviour.api = () => {
    resolve()
    return { odd: () => undefined }
  }
  const id = await lab.add({ reference: 'acme/tool', ...amd64 })
  await asked
  assert.equal(lab.of(id).status, 'validating')
  lab.github.behaviour.api = () => undefined
  await lab.reopen()
  await until(() => lab.engine.jobs.some((job) => job.key === id), 'it runs')
  const { timeline, filename } = await lab.manager.get(id)
  assert.equal(filename, linux)
  assert.ok(timeline.some(({ event, detail }) => event === 'phase' && detail === 'resolving'))
})

test('a file that was replaced at the server is looked for again, and begun anew', async (t) => {
  const lab = await open(t)
  const id = await lab.fetching()
  lab.engine.job(id).start(5)
  lab.github.publish('acme/tool', { tag: 'v1.2.3', assets: { [linux]: 'linux again' } })
  lab.engine.job(id).fail('digest-mismatch')
  await until(() => lab.engine.jobs.some((job) => job.request.size === 11), 'the other one is fetched')
  assert.ok(lab.engine.calls.includes(`discard ${id}`))
  assert.deepEqual(lab.engine.job(id).request.digests, [{ algorithm: 'sha256', hex: sum('linux again') }])
  // Once in a run, and only where there is another one.
  lab.engine.job(id).fail('digest-mismatch')
  await lab.is(id, 'error')
  assert.equal(lab.of(id).error?.code, 'digest-mismatch')
  await lab.manager.retry(id)
  await until(() => lab.engine.jobs.length === 1, 'it runs')
  lab.github.publish('acme/tool', { tag: 'v1.2.3', assets: { [mac]: 'mac' } })
  lab.engine.job(id).fail('http-not-found')
  await lab.is(id, 'error')
  assert.equal(lab.of(id).error?.code, 'asset-not-found')
  await lab.manager.retry(id)
  await until(() => lab.engine.jobs.length === 1, 'it runs')
  lab.github.behaviour.api = () => ({ status: 403, body: '{}' })
  lab.engine.job(id).fail('http-not-found')
  await lab.is(id, 'error')
  assert.equal(lab.of(id).error?.code, 'http-not-found')
})

test('without a digest it is fetched with a warning; a checksum of the user counts with that of the release', async (t) => {
  const lab = await open(t)
  lab.github.publish('acme/bare', { tag: 'v1', assets: { 'bare.zip': 'bare' }, told: () => ({ digest: null }) })
  const warnings: string[] = []
  lab.manager.events.listen((event) => {
    if (event.type === 'warning') warnings.push(event.code)
  })
  const bare = await lab.fetching({ reference: 'acme/bare' })
  assert.deepEqual([lab.engine.job(bare).request.digests, warnings], [[], ['no-digest']])
  lab.github.publish('acme/listed', {
    tag: 'v1',
    assets: { 'listed.zip': 'listed', 'SHA256SUMS.txt': `${sum('listed')}  listed.zip\n` },
    told: () => ({ digest: null }),
  })
  const listed = await lab.fetching({ reference: 'acme/listed', checksum: `md5:${'0'.repeat(32)}` })
  assert.deepEqual(lab.engine.job(listed).request.digests, [
    { algorithm: 'md5', hex: '0'.repeat(32) },
    { algorithm: 'sha256', hex: sum('listed') },
  ])
})

test('a request that means nothing is refused at once', async (t) => {
  const lab = await open(t)
  const wrong: Array<[Partial<AddRequest>, string, RegExp]> = [
    [{ reference: 'acme', kind: 'release' }, 'usage', /is no release/],
    [{ reference: 'https://example.org/a.zip', asset: '*' }, 'usage', /is no release/],
    [{ reference: 'https://example.org/a.zip', kind: 'http', asset: '*' }, 'usage', /asset: only a release/],
    [{ reference: 'https://example.org/a.zip', platform: 'linux/amd64' }, 'usage', /platform: an address has none/],
    [{ reference: 'llama3.2:1b', kind: 'model', asset: '*' }, 'usage', /asset: only a release/],
    [
      { reference: 'acme/tool', platform: 'plan9/mips' },
      'unsupported-platform',
      /"plan9\/mips" is none of linux\/amd64/,
    ],
    [{ reference: 'acme/tool', asset: '/(/' }, 'usage', /regular expression/],
    [{ reference: 'acme/tool', asset: 'a'.repeat(201) }, 'usage', /200 characters/],
    [{ reference: 'acme/tool', headers: { 'X-A': 'b' } }, 'usage', /headers: a file of a release takes none/],
    [{ reference: 'acme/tool', mirrors: ['https://example.org/a'] }, 'usage', /mirrors/],
    [{ reference: 'acme/tool@..', kind: 'release' }, 'usage', /can be no tag/],
    [{ reference: 'acme/tool', filename: '../a' }, 'usage', /not a path/],
  ]
  for (const [request, code, message] of wrong)
    await assert.rejects(lab.add(request), { code, message }, JSON.stringify(request))
  assert.equal(lab.github.api.heard.length, 0)
  const model = await lab.pulling('llama3.2:1b', { platform: 'linux/arm64' })
  assert.equal(lab.puller.jobs.find(({ key }) => key === model)?.request.platform, 'linux/arm64')
})

test('a preview tells the file, and those to choose from where none is meant', async (t) => {
  const lab = await open(t)
  const found = await lab.manager.preview({ reference: 'acme/tool', ...amd64 })
  assert.deepEqual(
    [found.kind, found.filename, found.size, found.type, found.digestKnown, found.digest],
    ['release', linux, 5, 'application/octet-stream', true, `sha256:${sum('linux')}`],
  )
  assert.deepEqual(
    found.release?.assets.map(({ name, isCandidate }) => [name, isCandidate]),
    [
      [linux, true],
      [`${linux}.asc`, false],
      [mac, false],
    ],
  )
  assert.deepEqual([found.release?.tag, found.release?.asset, found.release?.problem], ['v1.2.3', linux, null])
  const twins = await lab.manager.preview({ reference: 'acme/twins', ...amd64 })
  assert.deepEqual(
    [twins.filename, twins.size, twins.release?.asset, twins.release?.problem?.code],
    ['', null, null, 'asset-ambiguous'],
  )
  assert.equal(twins.release?.assets.filter(({ isCandidate }) => isCandidate).length, 2)
  const none = await lab.manager.preview({ reference: 'acme/tool', platform: 'windows/arm64' })
  assert.deepEqual([none.release?.problem?.code, none.release?.assets.length], ['asset-not-found', 3])
  await assert.rejects(lab.manager.preview({ reference: 'acme/nothing' }), { code: 'release-not-found' })
  const id = await lab.fetching()
  assert.equal((await lab.manager.preview({ reference: 'acme/tool', ...amd64 })).duplicateOf, id)
})

test('the queue of another daemon, and the history, know what was asked for', async (t) => {
  const lab = await open(t)
  const id = await lab.fetching({ reference: 'acme/twins', asset: '*tan*', dir: 'sub' })
  const { downloads } = JSON.parse(lab.manager.exportQueue('json')) as { downloads: unknown[] }
  assert.deepEqual(downloads, [
    { reference: 'acme/twins', kind: 'release', priority: 5, asset: '*tan*', platform: 'linux/amd64', dir: 'sub' },
  ])
  assert.equal(lab.manager.exportQueue('text'), 'acme/twins\n')
  lab.engine.job(id).start(3)
  lab.engine.job(id).finish(3)
  await lab.is(id, 'completed')
  await lab.manager.remove(id, { deleteFile: false })
  lab.github.publish('acme/twins', { tag: 'v2', assets: { 'twins-2.zip': '2' } })
  const { id: again } = await lab.manager.redownload(id)
  await until(() => lab.engine.jobs.some((job) => job.key === again), 'it runs')
  const { request } = lab.engine.job(again)
  assert.deepEqual([request.output, request.dir], ['twins-tan-linux-x64.tar.gz', join(lab.dir, 'sub')])
  assert.equal(lab.of(again).reference, 'acme/twins@v1')
  const page = await lab.add({ reference: 'https://github.com/acme/twins', kind: 'http', paused: true })
  assert.match(lab.manager.exportQueue('json'), /"reference": "https:\/\/github\.com\/acme\/twins",\s+"kind": "http"/)
  const { id: same } = await lab.manager.redownload(page)
  assert.equal(lab.of(same).kind, 'http')
})
