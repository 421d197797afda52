import assert from 'node:assert/strict'
import { test } from 'node:test'
import { manualClock } from '../../../test/support/manager-parts.ts'
import { openManagerLab, until } from '../../../test/support/manager-lab.ts'
import { archiveBytes, scriptedRelease, scriptedTree } from '../../../test/support/scripted-libraries.ts'
import { hostTarget, showTarget } from '../../core/llama-target.ts'

const linux = { os: 'linux', arch: 'amd64' } as const
const mac = { os: 'darwin', arch: 'arm64' } as const
const own = showTarget(hostTarget(process.platform, process.arch))

test('releases tell their builds by platform, and what the channels mean', async (t) => {
  const { manager, llama } = await openManagerLab(t)
  const half = scriptedRelease('b8102')
  llama.releases = [
    { ...half, assets: half.assets.filter(({ name }) => name.includes('macos')) },
    scriptedRelease('b8101'),
    { ...scriptedRelease('b8100'), tag: 'v0.6.0' },
  ]
  llama.latest = 'b8101'
  const { releases, latest, nightly, repository } = await manager.llamaReleases({ limit: 3 })
  assert.deepEqual(
    [latest, nightly, repository],
    [{ tag: 'b8101', why: ['It is the latest.'] }, 'b8101', 'ggml-org/llama.cpp'],
  )
  assert.deepEqual(
    releases.map(({ tag, platforms }) => [tag, platforms.length]),
    [
      ['b8102', 2],
      ['b8101', 6],
    ],
  )
  const variants = ['cpu', 'vulkan'].map((name) => ({ name, bytes: archiveBytes }))
  assert.deepEqual(releases[1]?.platforms[0], { platform: 'linux/amd64', variants })
  await assert.rejects(manager.llamaReleases({ limit: 31 }), { code: 'usage' })
  llama.releases = []
  assert.deepEqual((await manager.llamaReleases({})).nightly, null)
})

test('the cache tells its trees and whether they are in use; a check tells what is damaged', async (t) => {
  const { manager, llama } = await openManagerLab(t)
  llama.trees = [scriptedTree('b8101', linux), scriptedTree('b8100', mac, 'metal')]
  llama.used.add('b8100')
  llama.damaged.add('b8100')
  const { dir, trees, size } = await manager.llamaCache()
  assert.deepEqual([dir, size], ['/cache', 6000])
  assert.deepEqual(
    trees.map((tree) => [tree.tag, tree.platform, tree.variant, tree.inUse, 'files' in tree]),
    [
      ['b8101', 'linux/amd64', 'cpu', false, false],
      ['b8100', 'darwin/arm64', 'metal', true, false],
    ],
  )
  const all = await manager.verifyLlama({})
  assert.deepEqual([all.verdict, all.checks.map(({ verdict }) => verdict)], ['damaged', ['verified', 'damaged']])
  assert.equal(
    (await manager.verifyLlama({ version: 'B8101', platform: 'linux-x64', variant: 'cpu' })).verdict,
    'verified',
  )
  for (const selection of [{ version: 'b1' }, { platform: 'darwin/amd64' }, { variant: 'cuda' }])
    await assert.rejects(manager.verifyLlama(selection), { code: 'not-found' })
  await assert.rejects(manager.verifyLlama({ version: 'latest' }), { code: 'usage' })
  await assert.rejects(manager.verifyLlama({ platform: 'x' }), { code: 'unsupported-platform' })
})

test('what is selected is removed, and only that', async (t) => {
  const { manager, llama } = await openManagerLab(t)
  const fill = (): void => {
    llama.trees = [scriptedTree('b8101', linux), scriptedTree('b8101', mac), scriptedTree('b8100', linux)]
  }
  const left = (): string[] => llama.trees.map(({ tag, platform }) => `${tag} ${showTarget(platform)}`)
  fill()
  assert.deepEqual(await manager.cleanLlama({ version: 'b8101', platform: 'darwin/arm64' }), { bytes: 3000 })
  assert.deepEqual(left(), ['b8101 linux/amd64', 'b8100 linux/amd64'])
  await assert.rejects(manager.cleanLlama({ version: 'b7000' }), { code: 'not-found' })
  await assert.rejects(manager.cleanLlama({ version: 'b8101', platform: 'darwin/arm64' }), { code: 'not-found' })
  fill()
  assert.deepEqual(await manager.cleanLlama({ version: 'b8101' }), { bytes: 6000 })
  assert.deepEqual(left(), ['b8100 linux/amd64'])
  fill()
  assert.deepEqual((await manager.pruneLlama(1)).removed[1], { tag: 'b8100', platform: 'linux/amd64', variant: 'cpu' })
  assert.deepEqual(await manager.cleanLlama({}), { bytes: 3000 })
  assert.deepEqual(await manager.cleanLlama({}), { bytes: 0 })
})

test('nothing that a running download may count on is removed, and no download begins in the middle of a removal', async (t) => {
  const clock = manualClock(0)
  const { manager, llama, ...lab } = await openManagerLab(t, { clock })
  llama.trees = [scriptedTree('b8100', linux), scriptedTree('b8099', linux)]
  const id = await lab.libraries()
  for (const work of [
    () => manager.cleanLlama({}),
    () => manager.cleanLlama({ version: 'b8100' }),
    () => manager.pruneLlama(0),
  ])
    await Promise.all([assert.rejects(work(), { code: 'in-use', message: /llama\.cpp b8100/ }), clock.advance(5000)])
  assert.equal(llama.trees.length, 2)
  assert.deepEqual(await manager.cleanLlama({ version: 'b8099' }), { bytes: 3000 })
  await manager.pause(id)
  await until(() => llama.jobs.length === 0, 'it stops')
  const removal = Promise.withResolvers<void>()
  llama.onRemove = () => removal.promise
  const cleaned = manager.cleanLlama({})
  await manager.resume(id)
  await lab.is(id, 'active')
  const warned = new Promise<void>((resolve) => setTimeout(resolve, 50))
  await warned
  assert.equal(llama.jobs.length, 0)
  removal.resolve()
  assert.deepEqual(await cleaned, { bytes: 3000 })
  await until(() => llama.jobs.length === 1, 'it begins')
})

test('a removal waits a moment for a download that is nearly done', async (t) => {
  const { manager, llama, ...lab } = await openManagerLab(t)
  llama.trees = [scriptedTree('b8100', linux)]
  const id = await lab.libraries()
  const cleaned = manager.cleanLlama({})
  llama.job(id).begin(0)
  llama.job(id).finish()
  assert.deepEqual(await cleaned, { bytes: 3000 })
  await lab.is(id, 'completed')
})

test('removing a completed download with its files takes what it has in the cache', async (t) => {
  const { manager, llama, ...lab } = await openManagerLab(t)
  const id = await lab.libraries({ llama: { platforms: ['linux/amd64'] } })
  llama.job(id).begin(0)
  llama.job(id).finish()
  await lab.is(id, 'completed')
  const path = lab.of(id).files[0]?.path ?? ''
  llama.trees = [{ ...scriptedTree('b8100', linux), libraryPath: path }, scriptedTree('b8100', mac)]
  // Its files are nowhere in this test.
  assert.equal((await manager.get(id)).missing, true)
  await manager.remove(id, { deleteFile: true })
  assert.deepEqual(
    llama.trees.map(({ platform }) => platform),
    [mac],
  )
})

test('hardware comes with its plan, and loading tells what the library says', async (t) => {
  const { manager, llama } = await openManagerLab(t)
  assert.equal(llama.opened, 0)
  const { platform, facts, plan } = await manager.llamaHardware()
  assert.deepEqual([platform, facts.arch, plan.at(-1)?.backend], [own, 'x64', 'cpu'])
  assert.equal((await manager.loadLlama({})).tag, 'b8100')
  const { tag, warnings } = await manager.loadLlama({ version: 'b7000', variant: 'vulkan' })
  assert.deepEqual([tag, warnings], ['b7000', ['The variant vulkan cannot be loaded.']])
  await manager.close()
  assert.deepEqual([llama.opened, llama.closed], [1, 1])
  await assert.rejects(manager.loadLlama({}), { code: 'stopping' })
})
