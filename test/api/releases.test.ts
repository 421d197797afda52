import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import type { Preview } from '../../src/server/api-types.ts'
import { runSluice } from '../support/cli.ts'
import { startDaemon, until } from '../support/daemon.ts'
import type { Daemon } from '../support/daemon.ts'
import { startFakeGithub } from '../support/fake-github.ts'
import type { FakeGithub } from '../support/fake-github.ts'

const linux = 'tool-1.2.3-linux-x86_64.tar.gz'
const big = Buffer.alloc(3_000_000, 'tool')

async function world(t: TestContext): Promise<{ readonly daemon: Daemon; readonly github: FakeGithub }> {
  const github = await startFakeGithub()
  t.after(() => github.close())
  github.publish('acme/tool', { tag: 'v1.2.3', assets: { [linux]: big, 'tool-1.2.3-macos-arm64.tar.gz': 'mac' } })
  github.publish('acme/twins', {
    tag: 'v1',
    assets: { 'twins-red-linux-x64.tar.gz': 'red', 'twins-tan-linux-x64.tar.gz': 'tan' },
  })
  return { daemon: await startDaemon(t, { env: { ...github.env, GITHUB_TOKEN: 'a-token' } }), github }
}

test('the file of a release is paused, killed and resumed, and fetched again from the history', async (t) => {
  const { daemon, github } = await world(t)
  const id = await daemon.add('acme/tool@v1.2.3', { platform: 'linux/x64', speedLimit: 200_000, dir: 'tools' })
  const grows = (bytes: number): Promise<true> =>
    until(
      async () => (await daemon.get(id)).bytesDone > bytes || undefined,
      60_000,
      () => `more than ${bytes} bytes come`,
    )
  await grows(0)
  await daemon.ask('POST', `/api/download/${id}/pause`)
  const paused = await daemon.becomes(id, 'paused')
  assert.deepEqual([paused.kind, paused.filename, paused.bytesTotal], ['release', linux, big.length])
  await daemon.ask('POST', `/api/download/${id}/resume`)
  await grows(paused.bytesDone + 100_000)
  // Longer than between two checkpoints.
  await grows(paused.bytesDone + 600_000)
  await daemon.kill()
  const [before, asked] = [github.cdn.heard.length, github.api.heard.length]
  await daemon.restart()
  await daemon.ask('POST', `/api/download/${id}/limit`, { bytesPerSecond: 0 })
  const done = await daemon.becomes(id, 'completed', 60_000)
  assert.deepEqual([done.verdict, done.path], ['verified', join(daemon.dir, 'tools', linux)])
  assert.ok(readFileSync(done.path).equals(big))
  const starts = github.cdn.heard
    .slice(before)
    .map(({ headers }) => Number(/^bytes=(\d+)-/.exec(headers.range ?? '')?.[1] ?? 0))
  assert.ok(Math.min(...starts) > 0, 'it began anew')
  assert.equal(github.api.heard.length, asked)
  assert.deepEqual(github.leaks(), [])

  await daemon.ask('DELETE', `/api/download/${id}?deleteFile=true`)
  assert.deepEqual(readdirSync(join(daemon.dir, 'tools')), [])
  const { id: again } = await daemon.ask<{ id: string }>('POST', `/api/history/${id}/redownload`)
  const second = await daemon.becomes(again, 'completed', 60_000)
  assert.deepEqual([second.path, second.reference], [done.path, 'acme/tool@v1.2.3'])
})

test('a preview and a form ask the same; what is ambiguous or wrong is told with its code', async (t) => {
  const { daemon } = await world(t)
  const twins = { reference: 'acme/twins', platform: 'linux/amd64' }
  const { release, filename } = await daemon.ask<Preview>('POST', '/api/preview', twins)
  assert.deepEqual([filename, release?.problem?.code, release?.assets.length], ['', 'asset-ambiguous', 2])
  const one = await daemon.ask<Preview>('POST', '/api/preview', { ...twins, asset: 'twins-tan*' })
  assert.deepEqual([one.kind, one.filename, one.size], ['release', 'twins-tan-linux-x64.tar.gz', 3])
  assert.match(one.digest ?? '', /^sha256:[0-9a-f]{64}$/)
  assert.equal((await daemon.api('POST', '/api/preview', { reference: 'acme/nothing' })).status, 404)

  const failed = await daemon.becomes(await daemon.add('acme/twins', { platform: 'linux/amd64' }), 'error')
  assert.equal(failed.error?.code, 'asset-ambiguous')
  assert.match(failed.error?.message ?? '', /twins-red-.*twins-tan-/)
  const form = new URLSearchParams({ url: 'acme/twins', asset: '*red*' })
  const answer = await fetch(`${daemon.origin}/api/download/add`, { method: 'POST', body: form })
  const { id } = (await answer.json()) as { id: string }
  assert.equal((await daemon.becomes(id, 'completed')).filename, 'twins-red-linux-x64.tar.gz')
  const wrong = await daemon.api('POST', '/api/download/add', { url: 'acme/twins', platform: 'amiga' })
  assert.deepEqual([wrong.status, (wrong.json() as { code: string }).code], [400, 'unsupported-platform'])
})

test('sluice add queues the file of a release, and lines of a list too', async (t) => {
  const { daemon } = await world(t)
  const sluice = (args: readonly string[], stdin?: string) =>
    runSluice([...args, '--url', daemon.origin], { cwd: daemon.dir, ...(stdin === undefined ? {} : { stdin }) })
  const added = await sluice(['add', 'acme/tool@v1.2.3', '--platform', 'darwin/arm64', '--quiet'])
  assert.equal(added.code, 0, added.stderr)
  const mac = await daemon.becomes(added.stdout.trim(), 'completed')
  assert.equal(mac.filename, 'tool-1.2.3-macos-arm64.tar.gz')
  const tan = await sluice(['add', 'acme/twins', '--asset', '*tan*', '-o', 'twins.tgz', '--quiet'])
  assert.equal((await daemon.becomes(tan.stdout.trim(), 'completed')).path, join(daemon.dir, 'twins.tgz'))
  const listed = await sluice(
    ['add', '-i', '-', '--platform', 'darwin/arm64', '--quiet'],
    'acme/tool@v1.2.3\n  out=b.tgz\n',
  )
  assert.equal((await daemon.becomes(listed.stdout.trim(), 'completed')).path, join(daemon.dir, 'b.tgz'))
  const refused = await sluice(['add', 'https://example.org/a.zip', '--asset', '*'])
  assert.equal(refused.code, 2, refused.stderr)
})
