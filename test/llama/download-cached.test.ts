import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { asSluiceError, SluiceError } from '../../src/core/errors.ts'
import { downloadPlatforms } from '../../src/libraries/download-platforms.ts'
import type { DownloadRequest, LibraryWorld } from '../../src/libraries/download-types.ts'
import type { PlatformResult } from '../../src/libraries/types.ts'
import { machine, nvidia, vulkan } from '../support/hardware-facts.ts'
import { libraryLab, llama, publishLatest } from '../support/library-lab.ts'
import { zipOf } from '../support/llama-archives.ts'

const code = (error: Error | null | undefined): string => (error ? asSluiceError(error).code : 'none')
const said = (result: PlatformResult | undefined): string => result?.error?.message ?? 'no error'
const cpu = 'llama-b11429-bin-ubuntu-x64.tar.gz'
const withNvidia = machine({ ...nvidia('590.1', '13.4', '12.0'), ...vulkan })

describe('what the cache has for a download of libraries', () => {
  it('is fetched once by two that are forced at the same time', async (t) => {
    const lab = await libraryLab(t)
    publishLatest(lab.github)
    await lab.download()
    const both = await Promise.all([1, 2].map(() => lab.download({ force: true })))
    const results = both.flat()
    assert.deepEqual(
      results.map(({ success }) => success),
      [true, true],
      results.map(said).join(),
    )
    assert.equal(results.filter(({ fromCache }) => fromCache).length, 1)
    assert.equal(lab.github.sent().filter((name) => name === cpu).length, 2)
  })

  it('fails for what cannot run here alone, also where all of it is in the cache', async (t) => {
    const lab = await libraryLab(t)
    publishLatest(lab.github)
    const platforms = ['linux/amd64', 'windows/amd64']
    await lab.download({ platforms })
    const asked = lab.github.api.heard.length
    lab.hardware = machine({ libc: { family: 'glibc', version: '2.31' } })
    const [here, there] = await lab.download({ version: 'b11429', platforms })
    assert.deepEqual([code(here?.error), there?.success], ['unsupported-platform', true])
    assert.equal(lab.github.api.heard.length, asked)
    await lab.github.close()
    const results = await lab.download({ platforms })
    assert.deepEqual(
      results.map(({ success }) => success),
      [false, true],
    )
  })

  it('waits less for GitHub where the cache can stand in', async (t) => {
    const lab = await libraryLab(t)
    publishLatest(lab.github)
    let hasty = 0
    const hastyGithub = (): LibraryWorld['github'] => {
      hasty++
      return lab.world.github
    }
    const world = { ...lab.world, hastyGithub }
    const platforms = ['linux/amd64']
    const download = (request: Partial<DownloadRequest> = {}): Promise<readonly PlatformResult[]> =>
      downloadPlatforms(world, { version: 'latest', platforms, ...request })
    await download()
    assert.equal(hasty, 0)
    await download()
    assert.equal(hasty, 1)
    for (const request of [{ force: true }, { variant: 'vulkan' }, { platforms: [...platforms, 'darwin/arm64'] }])
      await download(request)
    assert.equal(hasty, 1)
  })

  it('knows without network the build that the latest release has led to', async (t) => {
    const lab = await libraryLab(t)
    publishLatest(lab.github)
    await lab.download({ version: 'latest' })
    await lab.github.close()
    const [result] = await lab.download({ version: 'v0.6.0' })
    assert.deepEqual([result?.tag, result?.fromCache], ['b11429', true], said(result))
    assert.deepEqual(lab.warnings, [])
  })

  it('keeps a build for the GPU where no library can be tried at all, and says so', async (t) => {
    const lab = await libraryLab(t)
    publishLatest(lab.github)
    lab.hardware = withNvidia
    const problem = new SluiceError('not-loadable', 'koffi does not work.', { hint: 'Install it.' })
    const world = { ...lab.world, loaderProblem: async () => problem }
    const warnings: string[] = []
    const [result] = await downloadPlatforms(
      world,
      { version: 'latest', platforms: ['linux/amd64'] },
      {
        onEvent(event) {
          if (event.type === 'transfer' && event.event.type === 'warning') warnings.push(event.event.message)
        },
      },
    )
    assert.deepEqual([result?.success, result?.variant], [true, 'cuda-13.4'])
    assert.ok(warnings.includes('cuda-13.4 is taken without being tried: koffi does not work. Install it.'))
    assert.match(result?.why.at(-1) ?? '', /was not tried/)
  })

  it('refuses an archive with names that the cache uses itself, and keeps nothing of it', async (t) => {
    const lab = await libraryLab(t)
    for (const [index, taken] of ['.sluice-tree.json', '.Sluice-tree.json.new', '.companion/x'].entries()) {
      const tag = `b1000${index}`
      const archive = zipOf({ 'llama.dll': 'llama', [taken]: 'x' })
      lab.github.publish(llama, { tag, assets: { [`llama-${tag}-bin-win-cpu-x64.zip`]: archive } })
      const [result] = await lab.download({ version: tag, platforms: ['windows/amd64'] })
      assert.equal(code(result?.error), 'bad-archive', taken)
      assert.match(said(result), /a name that Sluice uses itself/)
    }
    assert.deepEqual(await lab.world.cache.list(), [])
    assert.deepEqual(
      readdirSync(join(lab.cacheDir, 'downloads')).filter((name) => name.startsWith('ggml')),
      [],
    )
  })
})
