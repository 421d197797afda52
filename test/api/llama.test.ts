import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import type {
  LlamaCache,
  LlamaChecks,
  LlamaHardware,
  LlamaLoaded,
  LlamaPruned,
  LlamaReleases,
} from '../../src/server/api-types.ts'
import { startDaemon, until } from '../support/daemon.ts'
import type { Daemon, DaemonOptions } from '../support/daemon.ts'
import { limited, startFakeGithub } from '../support/fake-github.ts'
import type { FakeGithub } from '../support/fake-github.ts'
import { llama, publishLatest, releaseFiles } from '../support/library-lab.ts'
import { realArchive } from '../support/llama-archives.ts'
import { noRealLibrary, realTag } from '../support/llama-library.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

interface World {
  readonly daemon: Daemon
  readonly github: FakeGithub
  /** Of the libraries. */
  readonly cache: string
  download(body?: Readonly<Record<string, unknown>>): Promise<string>
  /** Archives that were sent, each once. */
  sent(): string[]
}

async function world(t: TestContext, options: DaemonOptions = {}): Promise<World> {
  const github = await startFakeGithub()
  t.after(() => github.close())
  const cache = join(temporaryFolder(t), 'llama')
  const env = { ...github.env, SLUICE_LLAMA_CACHE_DIR: cache, ...options.env }
  const daemon = await startDaemon(t, { ...options, env })
  return {
    daemon,
    github,
    cache,
    download: async (body = {}) => (await daemon.ask<{ id: string }>('POST', '/api/llama/download', body)).id,
    sent: () => [...new Set(github.sent())].filter((name) => name !== 'nightly-tag.txt').sort(),
  }
}

function filesIn(folder: string): string[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort()
}

function codeOf(answer: { json(): unknown }): string {
  return (answer.json() as { code: string }).code
}

test(
  'the real library is downloaded, paused, killed and resumed, then listed, verified, loaded and removed',
  { skip: noRealLibrary },
  async (t) => {
    const { daemon, github, cache, download } = await world(t)
    const archive = await realArchive()
    const name = `llama-${realTag}-bin-ubuntu-x64.tar.gz`
    github.publish(llama, { tag: realTag, assets: { ...releaseFiles(realTag), [name]: archive } })
    github.publish(llama, { tag: 'v0.6.0', assets: { 'nightly-tag.txt': `${realTag}\n` } })
    const id = await download({
      platforms: ['linux/amd64'],
      variant: 'cpu',
      speedLimit: Math.ceil(archive.length / 20),
    })
    const grows = (bytes: number): Promise<true> =>
      until(
        async () => (await daemon.get(id)).bytesDone > bytes || undefined,
        60_000,
        () => `more than ${bytes} bytes come`,
      )
    await grows(0)
    await daemon.ask('POST', `/api/download/${id}/pause`)
    const paused = await daemon.becomes(id, 'paused')
    assert.deepEqual([paused.kind, paused.bytesTotal, paused.reference], ['llama', archive.length, 'llama.cpp@latest'])
    assert.deepEqual(
      paused.files.map(({ title }) => title),
      ['linux/amd64 cpu'],
    )
    assert.equal(paused.files[0]?.digest, `sha256:${createHash('sha256').update(archive).digest('hex')}`)
    // What is the latest by then is another matter.
    github.publish(llama, { tag: 'b11500', assets: releaseFiles('b11500') })
    github.publish(llama, { tag: 'v0.7.0', assets: { 'nightly-tag.txt': 'b11500\n' } })
    await daemon.ask('POST', `/api/download/${id}/resume`)
    await grows(paused.bytesDone + archive.length / 20)
    await daemon.kill()
    assert.deepEqual(filesIn(join(cache, 'trees')), [])
    const before = github.cdn.heard.length
    await daemon.restart()
    await daemon.ask('POST', `/api/download/${id}/limit`, { bytesPerSecond: 0 })
    const done = await daemon.becomes(id, 'completed', 60_000)
    assert.deepEqual([done.verdict, done.bytesDone, done.files.length], ['verified', archive.length, 1])
    const ranges = github.cdn.heard
      .slice(before)
      .map(({ headers }) => Number(/^bytes=(\d+)-/.exec(headers.range ?? '')?.[1] ?? 0))
    assert.ok(Math.min(...ranges) > 0, 'it began anew')
    assert.equal(
      filesIn(join(cache, 'downloads')).some((one) => one.includes('tar.gz')),
      false,
    )

    const { trees, dir, size } = await daemon.ask<LlamaCache>('GET', '/api/llama/cache')
    assert.deepEqual(
      [dir, trees.map(({ tag, platform, variant }) => `${tag} ${platform} ${variant}`)],
      [cache, [`${realTag} linux/amd64 cpu`]],
    )
    assert.equal(trees[0]?.bytes, size)
    assert.equal(trees[0]?.libraryPath, done.files[0]?.path)
    assert.equal(done.path, join(trees[0]?.folder ?? '', '..'))
    assert.equal((await daemon.ask<LlamaChecks>('POST', '/api/llama/verify', {})).verdict, 'verified')

    if (process.arch === 'x64') {
      const loaded = await daemon.ask<LlamaLoaded>('POST', '/api/llama/load', { version: realTag })
      assert.deepEqual([loaded.tag, loaded.libraryPath], [realTag, trees[0]?.libraryPath])
      assert.match(loaded.systemInfo, /CPU/)
      assert.ok(loaded.devices.some(({ kind }) => kind === 'cpu'))
    }

    writeFileSync(done.files[0]?.path ?? '', 'damaged')
    const damaged = await daemon.ask<LlamaChecks>('POST', '/api/llama/verify', { version: realTag })
    assert.equal(damaged.verdict, 'damaged')
    assert.ok((damaged.checks[0]?.changed.length ?? 0) > 0)
    rmSync(join(trees[0]?.folder ?? '', '.sluice-tree.json'))
    for (const selection of [{}, { version: realTag, platform: 'linux/amd64' }]) {
      const { verdict, checks } = await daemon.ask<LlamaChecks>('POST', '/api/llama/verify', selection)
      const [lost, ...others] = checks
      assert.deepEqual([verdict, lost?.tag, lost?.platform, lost?.variant], ['damaged', realTag, 'linux/amd64', 'cpu'])
      assert.deepEqual([lost?.missing, others], [['.sluice-tree.json'], []])
    }
    assert.ok((await daemon.ask<{ bytes: number }>('DELETE', '/api/llama/cache')).bytes > 0)
    assert.deepEqual((await daemon.ask<LlamaCache>('GET', '/api/llama/cache')).trees, [])
    assert.equal((await daemon.get(id)).missing, true)
  },
)

test('several platforms are one download; a retry fetches only what is missing, and what is here costs nothing', async (t) => {
  const { daemon, github, cache, download, sent } = await world(t)
  publishLatest(github)
  github.behaviour.corrupt.add('llama-b11429-bin-win-cpu-x64.zip')
  const id = await download({
    version: 'latest',
    platforms: ['linux/amd64', 'windows/amd64', 'darwin-arm64'],
    variant: 'auto',
  })
  const failed = await daemon.becomes(id, 'error', 60_000)
  assert.equal(failed.error?.code, 'digest-mismatch')
  assert.match(failed.error?.message ?? '', /^1 of 3 platforms failed: windows\/amd64: /)
  assert.deepEqual(
    failed.files.map(({ title, status }) => `${title} ${status}`),
    ['linux/amd64 cpu completed', 'windows/amd64 cpu error', 'darwin/arm64 metal completed'],
  )
  github.behaviour.corrupt.clear()
  const before = github.cdn.heard.length
  await daemon.ask('POST', `/api/download/${id}/retry`)
  const done = await daemon.becomes(id, 'completed', 60_000)
  assert.equal(done.path, join(cache, 'trees/ggml-org/llama.cpp/b11429'))
  assert.ok(
    done.files.every(
      ({ status, verdict, path }) => status === 'completed' && verdict === 'verified' && existsSync(path),
    ),
  )
  const later = new Set(github.cdn.heard.slice(before).map(({ path }) => path.slice(path.lastIndexOf('/') + 1)))
  assert.deepEqual(
    [...later].filter((name) => name !== 'nightly-tag.txt'),
    ['llama-b11429-bin-win-cpu-x64.zip'],
  )
  const all = sent()
  const again = await daemon.ask<{ id: string }>('POST', '/api/download/add', {
    reference: 'llama.cpp@b11429',
    llama: { platforms: ['windows/amd64'] },
  })
  assert.equal((await daemon.becomes(again.id, 'completed')).files[0]?.path, done.files[1]?.path)
  assert.deepEqual(sent(), all)
  assert.deepEqual(github.leaks(), [])

  const form = new URLSearchParams([
    ['version', 'b11429'],
    ['platforms', 'linux/arm64,linux/amd64'],
    ['priority', '9'],
  ])
  const answer = await daemon.api('POST', '/api/llama/download', form.toString(), {
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
  })
  const { id: third } = answer.json() as { id: string }
  assert.equal((await daemon.becomes(third, 'completed')).priority, 9)
  assert.equal((await daemon.ask<LlamaCache>('GET', '/api/llama/cache')).trees.length, 4)
  const { bytes } = await daemon.ask<{ bytes: number }>('DELETE', '/api/llama/cache?platform=linux%2Farm64')
  assert.ok(bytes > 0)
  await daemon.ask('DELETE', `/api/download/${again.id}?deleteFile=true`)
  assert.equal((await daemon.ask<LlamaCache>('GET', '/api/llama/cache')).trees.length, 2)
  assert.deepEqual((await daemon.ask<LlamaPruned>('POST', '/api/llama/prune', { keep: 1 })).removed, [])
  assert.equal((await daemon.ask<LlamaPruned>('POST', '/api/llama/prune', { keep: 0 })).removed.length, 2)
})

test('a cancelled download leaves no archive, and nothing is removed under one that runs', async (t) => {
  const { daemon, github, cache, download } = await world(t)
  const big = { ...releaseFiles('b11429'), 'llama-b11429-bin-ubuntu-x64.tar.gz': Buffer.alloc(4_000_000, 1) }
  github.publish(llama, { tag: 'b11429', assets: big })
  const id = await download({ version: 'b11429', platforms: ['linux/amd64'], variant: 'cpu', speedLimit: 400_000 })
  const parts = (): string[] => filesIn(join(cache, 'downloads')).filter((name) => name.includes('tar.gz'))
  await until(
    () => parts().length > 0 || undefined,
    60_000,
    () => 'bytes come',
  )
  const refused = await daemon.api('DELETE', '/api/llama/cache')
  assert.deepEqual([refused.status, codeOf(refused)], [409, 'in-use'])
  await daemon.ask('POST', `/api/download/${id}/cancel`)
  await until(
    () => parts().length === 0 || undefined,
    60_000,
    () => `its part goes: ${parts().join()}`,
  )
  assert.equal((await daemon.get(id)).bytesDone, 0)
  await daemon.ask('POST', `/api/download/${id}/limit`, { bytesPerSecond: 0 })
  await daemon.ask('POST', `/api/download/${id}/retry`)
  // What arrives is as the release says, and no archive.
  assert.equal((await daemon.becomes(id, 'error', 60_000)).error?.code, 'bad-archive')
})

test('releases and hardware are told; a limit that is used up and what is wrong is explained', async (t) => {
  const { daemon, github, download } = await world(t)
  publishLatest(github)
  github.publish(llama, { tag: 'b11431', assets: { 'llama-b11431-ui.tar.gz': 'x' } })
  const { latest, nightly, releases, warnings } = await daemon.ask<LlamaReleases>('GET', '/api/llama/releases?limit=5')
  assert.equal(latest?.tag, 'b11429')
  assert.match(latest?.why.join(' ') ?? '', /v0\.6\.0 points to b11429/)
  assert.equal(nightly, 'b11429')
  assert.deepEqual(
    [releases.map(({ tag, platforms }) => [tag, platforms.length]), warnings],
    [
      [
        ['b11431', 0],
        ['b11429', 6],
      ],
      [],
    ],
  )
  const variants = releases[1]?.platforms[0]?.variants.map(({ name }) => name)
  assert.deepEqual(variants?.sort(), ['cpu', 'cuda-13.4', 'vulkan'])
  const hardware = await daemon.ask<LlamaHardware>('GET', '/api/llama/hardware')
  assert.deepEqual([hardware.facts.arch, hardware.plan.at(-1)?.backend], [process.arch, 'cpu'])

  for (const [method, path, body, status, code] of [
    ['POST', '/api/llama/download', { version: 'latest', platforms: ['plan9/amd64'] }, 400, 'unsupported-platform'],
    ['POST', '/api/llama/download', { version: 'seven' }, 400, 'usage'],
    ['POST', '/api/llama/download', { dir: '/etc' }, 400, 'usage'],
    ['POST', '/api/llama/download', { cacheDir: '/etc' }, 400, 'usage'],
    ['POST', '/api/llama/load', { version: 'b1' }, 404, 'not-found'],
    ['POST', '/api/llama/load', { libraryPath: '/etc/passwd' }, 400, 'usage'],
    ['POST', '/api/llama/verify', { version: '../..' }, 400, 'usage'],
    ['POST', '/api/llama/prune', {}, 400, 'usage'],
    ['GET', '/api/llama/releases?limit=99', undefined, 400, 'usage'],
    ['DELETE', '/api/llama/cache?version=b1', undefined, 404, 'not-found'],
    ['DELETE', '/api/llama/cache?versoin=b1', undefined, 400, 'usage'],
  ] as const) {
    const answer = await daemon.api(method, path, body)
    assert.deepEqual([answer.status, codeOf(answer)], [status, code], `${method} ${path} ${JSON.stringify(body)}`)
  }
  const none = await daemon.becomes(await download({ version: 'b99999' }), 'error')
  assert.deepEqual([none.error?.code, none.startedAt], ['release-not-found', null])

  // Answers are kept: with those a limit is no trouble.
  github.behaviour.api = () => limited()
  assert.equal((await daemon.ask<LlamaReleases>('GET', '/api/llama/releases?limit=5')).releases.length, 2)
  const answer = await daemon.api('GET', '/api/llama/releases?limit=4')
  assert.deepEqual([answer.status, codeOf(answer)], [503, 'rate-limited'])
  assert.match(answer.text, /GITHUB_TOKEN/)
})
