import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, it } from 'node:test'
import type { TestContext } from 'node:test'
import { spawnCommand } from '../support/cli.ts'
import { startFakeGithub } from '../support/fake-github.ts'
import type { FakeGithub } from '../support/fake-github.ts'
import { llama, releaseFiles } from '../support/library-lab.ts'
import { realArchive } from '../support/llama-archives.ts'
import { noRealLibrary, realTag } from '../support/llama-library.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const door = resolve(import.meta.dirname, '../../src/llama.ts')

/** Runs a program of a user of the library, which gives back JSON by `tell`. */
async function run(
  t: TestContext,
  github: FakeGithub,
  body: string,
  env: Record<string, string> = {},
): Promise<unknown> {
  const root = temporaryFolder(t)
  const program = join(root, 'program.ts')
  const head = `import * as sluice from ${JSON.stringify(door)}\nconst tell = (value: unknown): void => console.log(JSON.stringify(value))\n`
  writeFileSync(program, head + body)
  const variables = {
    ...github.env,
    SLUICE_LLAMA_CACHE_DIR: join(root, 'llama'),
    SLUICE_DATA_DIR: join(root, 'data'),
    ...env,
  }
  const { ended } = await spawnCommand(process.execPath, [program], { cwd: root, env: variables, timeout: 120 })
  const { code, stdout, stderr } = await ended
  assert.equal(code, 0, stderr)
  return JSON.parse(stdout)
}

describe('sluice/llama', { concurrency: 2 }, () => {
  it('loads exactly the version asked for into this process, once', { skip: noRealLibrary }, async (t) => {
    const github = await startFakeGithub()
    t.after(() => github.close())
    const older = 'b11428'
    github.publish(llama, { tag: older, assets: releaseFiles(older) })
    github.publish(llama, { tag: realTag, assets: { [`llama-${realTag}-bin-ubuntu-x64.tar.gz`]: await realArchive() } })
    github.publish(llama, { tag: 'v0.6.0', assets: { 'nightly-tag.txt': realTag } })
    const said = await run(
      t,
      github,
      `
      const code = (error: unknown): string => (error instanceof sluice.SluiceError ? error.code : String(error))
      const before = sluice.loadedLibrary()
      const unloaded = await Promise.resolve().then(() => sluice.libraryFunction('llama_max_devices', 'size_t')).catch(code)
      const missing = await sluice.loadLibraryWithVersion('b99998').catch(code)
      const all = await Promise.all([sluice.loadLibrary(), sluice.loadLibraryWithVersion('v0.6.0')])
      const again = await sluice.loadLibrary()
      const other = await sluice.loadLibraryWithVersion('${older}').catch(code)
      const most = Number(sluice.libraryFunction('llama_max_devices', 'size_t')())
      await sluice.unloadLibrary()
      const after = sluice.loadedLibrary()
      const back = await sluice.loadLibraryWithVersion('${realTag}')
      tell({ before, unloaded, tags: [...all, again, back].map(({ tag }) => tag), devices: back.devices, info: back.systemInfo, missing, other, most, after })
    `,
    )
    assert.partialDeepStrictEqual(said, {
      before: null,
      unloaded: 'not-loaded',
      tags: [realTag, realTag, realTag, realTag],
      devices: [{ name: 'CPU', kind: 'cpu' }],
      missing: 'release-not-found',
      other: 'not-loadable',
      after: null,
    })
    const { info, most } = said as { info: string; most: number }
    assert.match(info, /SSE3 = 1/)
    assert.ok(most > 0)
    assert.equal(github.sent().filter((name) => name.endsWith('.gz')).length, 1)
  })

  it('finds, chooses, fetches, lists and removes libraries', async (t) => {
    const github = await startFakeGithub()
    t.after(() => github.close())
    github.publish(llama, { tag: 'b11429', assets: releaseFiles('b11429') })
    github.publish(llama, { tag: 'v0.6.0', assets: { 'nightly-tag.txt': 'b11429' } })
    const said = await run(
      t,
      github,
      `
      const downloader = new sluice.LibraryDownloader({ variant: 'cpu' })
      const release = await downloader.getLatestRelease()
      const choice = await downloader.chooseAsset(release, 'darwin-arm64').catch((error: Error) => error.message)
      const plain = await new sluice.LibraryDownloader().chooseAsset(release, 'windows/amd64')
      const results = await sluice.downloadLibrariesForPlatforms(['windows/amd64', 'nowhere', 'linux/arm64'], 'b11429')
      const [one] = results
      const one2 = await downloader.downloadAndExtract('latest', 'win32-x64')
      const list = await downloader.list()
      const library = await downloader.findLibrary(one?.folder ?? '', 'windows/amd64')
      const sum = await sluice.sha256File(library ?? '')
      const bytes = await sluice.cleanLibraryCache()
      tell({
        tag: release.tag, choice: typeof choice === 'string' ? choice : choice.main.name, plain: plain.main.name,
        results: results.map(({ platform, success, fromCache, error }) => [platform, success, fromCache, error?.message]),
        cached: one2.fromCache, list: list.length, library: library === one?.libraryPath, sum, bytes,
        dir: sluice.libraryCacheDir() === downloader.cacheDir, left: (await downloader.list()).length,
      })
    `,
    )
    assert.partialDeepStrictEqual(said, {
      tag: 'b11429',
      choice: 'llama-b11429-bin-macos-arm64.tar.gz',
      plain: 'llama-b11429-bin-win-cpu-x64.zip',
      cached: true,
      list: 2,
      library: true,
      dir: true,
      left: 0,
    })
    const { results, bytes } = said as { results: Array<[string, boolean, boolean, string?]>; bytes: number }
    assert.deepEqual(
      results.map(([platform, success]) => [platform, success]),
      [
        ['windows/amd64', true],
        ['nowhere', false],
        ['linux/arm64', true],
      ],
    )
    assert.ok(bytes > 0)
  })

  it('rejects with its own errors: a cache folder with .. in it, a library that is none, a wrong digest', async (t) => {
    const github = await startFakeGithub()
    t.after(() => github.close())
    const said = await run(
      t,
      github,
      `
      const code = (error: unknown): string => (error instanceof sluice.SluiceError ? error.code : String(error))
      const dir = await Promise.resolve().then(() => sluice.libraryCacheDir({ cacheDir: '/tmp/a/../b' })).catch(code)
      const path = await sluice.loadLibrary().catch(code)
      const cleaned = await sluice.cleanLibraryCache({ version: 'newest' }).catch(code)
      const listed = await new sluice.LibraryDownloader({ cacheDir: 'a/../b' }).list().catch(code)
      const pinned = await sluice.downloadLibrariesForPlatforms(['linux/arm64'], 'b11429', { sha256: 'xyz' }).catch(code)
      tell({ dir, path, cleaned, listed, pinned })
    `,
      { SLUICE_LLAMA_LIBRARY_PATH: door },
    )
    const usage = { dir: 'usage', cleaned: 'usage', listed: 'usage', pinned: 'usage' }
    assert.deepEqual(said, { ...usage, path: 'not-loadable' })
  })
})
