import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, it } from 'node:test'
import { asSluiceError, SluiceError } from '../../src/core/errors.ts'
import { downloadPlatforms } from '../../src/libraries/download-platforms.ts'
import type { PlatformResult } from '../../src/libraries/types.ts'
import { limited } from '../support/fake-github.ts'
import { machine, nvidia, vulkan } from '../support/hardware-facts.ts'
import { libraryLab, llama, publishLatest, releaseFiles } from '../support/library-lab.ts'
import { linuxFiles, tarOf } from '../support/llama-archives.ts'

const sum = (bytes: Buffer | undefined): string =>
  createHash('sha256')
    .update(bytes ?? '')
    .digest('hex')
const code = (error: Error | null | undefined): string => (error ? asSluiceError(error).code : 'none')
const said = (result: PlatformResult | undefined): string => result?.error?.message ?? 'no error'
const cpu = 'llama-b11429-bin-ubuntu-x64.tar.gz'
const cuda = ['cudart-llama-b11429-bin-ubuntu-cuda-13.4-x64.tar.gz', 'llama-b11429-bin-ubuntu-cuda-13.4-x64.tar.gz']
const withNvidia = machine({ ...nvidia('590.1', '13.4', '12.0'), ...vulkan })

describe('a download of libraries', () => {
  it('gives results in the order of the platforms, one failure beside others', async (t) => {
    const lab = await libraryLab(t)
    const files = publishLatest(lab.github)
    const platforms = ['windows/amd64', 'plan9/amd64', 'darwin-arm64', 'linux', 'linux/x64']
    const results = await lab.download({ platforms })
    assert.deepEqual(
      results.map(({ platform }) => platform),
      platforms,
    )
    assert.deepEqual(
      results.map(({ success }) => success),
      [true, false, true, false, true],
    )
    assert.match(results[1]?.error?.message ?? '', /plan9/)
    assert.match(asSluiceError(results[3]?.error).hint, /linux\/amd64.*windows\/arm64/)
    const names = results.map(({ libraryPath }) => libraryPath.slice(libraryPath.lastIndexOf('/') + 1))
    assert.deepEqual(names, ['llama.dll', '', 'libllama.dylib', '', 'libllama.so'])
    assert.equal(results[4]?.sha256Sum, sum(files[cpu]))
    assert.deepEqual(lab.sent(), ['llama-b11429-bin-macos-arm64.tar.gz', cpu, 'llama-b11429-bin-win-cpu-x64.zip'])
    assert.deepEqual(
      readdirSync(join(lab.cacheDir, 'downloads')).filter((name) => name.startsWith('ggml')),
      [],
    )
  })

  it('asks nobody when the build is exact and in the cache, foreign platforms too', async (t) => {
    const lab = await libraryLab(t)
    publishLatest(lab.github)
    const platforms = ['linux/amd64', 'windows/arm64']
    const first = await lab.download({ platforms })
    const asked = lab.github.api.heard.length
    const second = await lab.download({ version: 'B11429', platforms })
    assert.equal(lab.github.api.heard.length, asked)
    assert.deepEqual(
      second.map(({ fromCache, sha256Sum, tag }) => [fromCache, sha256Sum, tag]),
      first.map(({ sha256Sum }) => [true, sha256Sum, 'b11429']),
    )
    const third = await lab.download({ version: 'v0.6.0', platforms })
    assert.ok(third.every(({ fromCache }) => fromCache))
  })

  it('does not stay with the build for the CPU in the cache where the machine can use more', async (t) => {
    const lab = await libraryLab(t)
    publishLatest(lab.github)
    await lab.download({ version: 'b11429' })
    lab.hardware = withNvidia
    const [better] = await lab.download({ version: 'b11429' })
    assert.deepEqual([better?.variant, better?.fromCache], ['cuda-13.4', false])
    const asked = lab.github.api.heard.length
    const [again] = await lab.download({ version: 'b11429' })
    assert.deepEqual([again?.variant, again?.fromCache, lab.github.api.heard.length], ['cuda-13.4', true, asked])
    const [cpuOnly] = await lab.download({ version: 'b11429', variant: 'cpu' })
    assert.deepEqual([cpuOnly?.variant, cpuOnly?.fromCache], ['cpu', true])
  })

  it('takes what the cache has where nobody can be asked, and says so', async (t) => {
    const lab = await libraryLab(t)
    publishLatest(lab.github)
    await lab.download({ version: 'v0.6.0' })
    lab.github.behaviour.api = () => ({ status: 503, body: 'busy' })
    await lab.github.download.close()
    for (const version of ['latest', 'v0.6.0', 'b11429', 'nightly']) {
      const [result] = await lab.download({ version })
      assert.deepEqual([result?.success, result?.fromCache], [true, true], `${version}: ${result?.error?.message}`)
    }
    const [other] = await lab.download({ version: 'b11428' })
    assert.equal(other?.success, false)
    assert.ok(lab.warnings.some((message) => /b11429 of the cache is used|kept/.test(message)))
  })

  it('goes back over an incomplete release on a channel, and never for an exact one', async (t) => {
    const lab = await libraryLab(t)
    publishLatest(lab.github)
    lab.github.publish(llama, {
      tag: 'b11431',
      assets: { 'llama-b11431-ui.tar.gz': 'x', 'llama-b11431-bin-macos-x64.tar.gz': 'x' },
    })
    const [nightly] = await lab.download({ version: 'nightly' })
    assert.equal(nightly?.tag, 'b11429')
    assert.ok(lab.events.some((event) => event.type === 'release' && event.why.some((why) => why.includes('b11431'))))
    const [exact] = await lab.download({ version: 'b11431' })
    assert.equal(code(exact?.error), 'asset-not-found')
    const [unknown] = await lab.download({ version: 'b99999' })
    assert.equal(asSluiceError(unknown?.error).exitCode, 9)
    await assert.rejects(lab.download({ version: 'newest' }), { code: 'usage' })
  })

  it('merges the CUDA runtime beside the backends, and tells of both as of one file', async (t) => {
    const lab = await libraryLab(t)
    lab.hardware = withNvidia
    publishLatest(lab.github)
    const [result] = await lab.download()
    assert.equal(result?.variant, 'cuda-13.4', said(result))
    const folder = dirname(result.libraryPath)
    assert.equal(readFileSync(join(folder, 'libcudart.so.13'), 'utf8'), 'runtime')
    assert.equal(readlinkSync(join(folder, 'libcudart.so')), 'libcudart.so.13')
    assert.equal(existsSync(join(folder, 'EULA.txt')), false)
    assert.deepEqual(
      readdirSync(result.folder).filter((name) => name.startsWith('.companion')),
      [],
    )
    assert.deepEqual(lab.sent(), cuda)
    const [tree] = await lab.world.cache.list()
    assert.equal(tree?.companions.length, 1)
    assert.ok(tree)
    assert.equal((await lab.world.cache.check(tree)).verdict, 'verified')
    const starts = lab.events.filter((event) => event.type === 'transfer' && event.event.type === 'start')
    assert.equal(starts.length, 1)
    // Foreign platforms never get what this machine could use.
    const [foreign] = await lab.download({ platforms: ['linux/arm64'] })
    assert.equal(foreign?.variant, 'cpu')
  })

  it('refuses a companion with another file of the same name', async (t) => {
    const lab = await libraryLab(t)
    const files = releaseFiles('b11429')
    const [companion = ''] = cuda
    files[companion] = tarOf('b11429', { 'libggml-cuda.so': 'another', 'libcudart.so': 'runtime' })
    lab.github.publish(llama, { tag: 'b11429', assets: files })
    const [result] = await lab.download({ version: 'b11429', variant: 'cuda' })
    assert.equal(code(result?.error), 'bad-archive')
    assert.deepEqual(await lab.world.cache.list(), [])
  })

  it('takes the next variant where the best cannot be loaded, says why, and does not fetch twice', async (t) => {
    const lab = await libraryLab(t)
    lab.hardware = withNvidia
    lab.broken.set('cuda-13.4', 'The driver is too old.')
    publishLatest(lab.github)
    const [result] = await lab.download()
    assert.equal(result?.variant, 'vulkan')
    assert.ok(result.why.some((why) => /cuda-13\.4 does not work here: The driver is too old\./.test(why)))
    lab.sent()
    const [again] = await lab.download({ version: 'b11429' })
    assert.deepEqual([again?.variant, again?.fromCache, lab.sent()], ['vulkan', true, []])
    // What was asked for by name stays what it is.
    const [asked] = await lab.download({ variant: 'cuda' })
    assert.deepEqual([asked?.variant, asked?.success], ['cuda-13.4', true])
  })

  it('fetches all variants of a platform when asked to', async (t) => {
    const lab = await libraryLab(t)
    publishLatest(lab.github)
    const results = await lab.download({ variant: 'all', platforms: ['linux/amd64', 'darwin/arm64'] })
    const got = results.map(({ platform, variant }) => `${platform} ${variant}`)
    assert.deepEqual(got, ['linux/amd64 cpu', 'linux/amd64 cuda-13.4', 'linux/amd64 vulkan', 'darwin/arm64 metal'])
    assert.ok(results.every(({ success }) => success))
    const [missing] = await lab.download({ variant: 'sycl-fp16' })
    assert.equal(code(missing?.error), 'asset-not-found')
  })

  it('fetches a damaged archive once more, and gives up with both digests', async (t) => {
    const lab = await libraryLab(t)
    const files = publishLatest(lab.github)
    let spoiled = 1
    lab.github.behaviour.cdn = ({ path }) => {
      if (!path.endsWith(cpu) || spoiled-- <= 0) return undefined
      const bytes = Buffer.from(files[cpu] ?? '')
      bytes[100] = (bytes[100] ?? 0) ^ 1
      return {
        headers: { 'Content-Type': 'application/octet-stream', 'Content-Length': String(bytes.length) },
        body: bytes,
      }
    }
    const [healed] = await lab.download()
    assert.equal(healed?.success, true, said(healed))
    lab.github.behaviour.cdn = () => undefined
    lab.github.behaviour.corrupt.add('llama-b11429-bin-win-cpu-x64.zip')
    const [lost] = await lab.download({ platforms: ['windows/amd64'] })
    assert.equal(code(lost?.error), 'digest-mismatch')
    assert.match(
      lost?.error?.message ?? '',
      new RegExp(`[0-9a-f]{64}.*${sum(files['llama-b11429-bin-win-cpu-x64.zip'])}`),
    )
    assert.equal(lab.github.sent().filter((name) => name.endsWith('win-cpu-x64.zip')).length, 2)
    assert.deepEqual(
      readdirSync(join(lab.cacheDir, 'downloads')).filter((name) => name.includes('win-cpu')),
      [],
    )
  })

  it('has its own answer to digests that are missing, malformed or pinned', async (t) => {
    const lab = await libraryLab(t)
    const files = releaseFiles('b11429')
    const publish = (digest: unknown): void =>
      lab.github.publish(llama, { tag: 'b11429', assets: files, told: () => ({ digest }) })
    publish(null)
    const [strict] = await lab.download({ version: 'b11429', strict: true })
    assert.equal(code(strict?.error), 'no-digest')
    const [pinned] = await lab.download({ version: 'b11429', strict: true, pin: sum(files[cpu]) })
    assert.equal(pinned?.success, true, said(pinned))
    assert.equal((await lab.world.cache.list())[0]?.verifiedBy, 'pin')
    const [other] = await lab.download({ version: 'b11429', pin: 'a'.repeat(64) })
    assert.equal(code(other?.error), 'digest-mismatch')
    assert.match(said(other), /is not what was asked for, twice/)
    const [unknown] = await lab.download({ version: 'b11429', platforms: ['darwin/arm64'] })
    assert.equal(unknown?.success, true)
    const told = lab.events.some(
      (one) => one.type === 'transfer' && one.event.type === 'warning' && /unverified/.test(one.event.message),
    )
    assert.ok(told)
    publish('sha256:xyz')
    const [malformed] = await lab.download({ version: 'b11429', platforms: ['windows/amd64'] })
    assert.equal(asSluiceError(malformed?.error).exitCode, 5)
    await assert.rejects(lab.download({ platforms: ['linux/amd64', 'darwin/arm64'], pin: 'a'.repeat(64) }), {
      code: 'usage',
    })
  })

  it('makes a tree anew when the archive was replaced, its files were changed, or it is forced to', async (t) => {
    const lab = await libraryLab(t)
    const files = publishLatest(lab.github)
    const [first] = await lab.download()
    lab.sent()
    const [forced] = await lab.download({ force: true })
    assert.deepEqual([forced?.success, forced?.fromCache, lab.sent()], [true, false, [cpu]])
    writeFileSync(join(dirname(forced?.libraryPath ?? ''), 'libllama.so.0'), 'not the library')
    const [healed] = await lab.download()
    assert.deepEqual([healed?.success, healed?.fromCache, lab.sent()], [true, false, [cpu]])
    writeFileSync(join(dirname(healed?.libraryPath ?? ''), 'libggml.so'), 'neither')
    const [exact] = await lab.download({ version: 'b11429' })
    assert.deepEqual([exact?.success, exact?.fromCache, lab.sent()], [true, false, [cpu]])
    const replaced = { ...files, [cpu]: tarOf('b11429', linuxFiles('replaced')) }
    lab.github.publish(llama, { tag: 'b11429', assets: replaced })
    const [fresh] = await lab.download({ version: 'latest' })
    assert.equal(fresh?.sha256Sum, sum(replaced[cpu]))
    assert.notEqual(fresh.sha256Sum, first?.sha256Sum)
    assert.equal((await lab.world.cache.list()).length, 1)
  })

  it('finds the usual build by its address while the API limit is used up', async (t) => {
    const lab = await libraryLab(t)
    publishLatest(lab.github)
    lab.github.behaviour.api = () => limited()
    const [result] = await lab.download({ version: 'b11429' })
    assert.equal(result?.success, true, said(result))
    assert.ok(lab.warnings.some((message) => /limit/i.test(message)))
    const [gone] = await lab.download({ version: 'b11428' })
    assert.equal(code(gone?.error), 'rate-limited')
    assert.match(asSluiceError(gone?.error).hint, /GITHUB_TOKEN/)
    const [latest] = await lab.download({ version: 'latest', platforms: ['windows/amd64'] })
    assert.equal(latest?.tag, 'b11429', said(latest))
    assert.ok(lab.warnings.some((message) => /used up.*resets at .*addresses/.test(message)))
    // The release has it; that nobody could be asked is what is told.
    for (const variant of ['vulkan', 'all']) {
      const [other] = await lab.download({ version: 'b11429', variant })
      assert.equal(code(other?.error), 'rate-limited', variant)
    }
  })

  it('uses what is in a cache that cannot be written to, whatever the version is called', async (t) => {
    const lab = await libraryLab(t)
    publishLatest(lab.github)
    await lab.download()
    const { cache } = lab.world
    const readOnly = new SluiceError('disk-permission', 'The disk is read-only.')
    const world = { ...lab.world, cache: { ...cache, prepare: () => Promise.reject(readOnly) } }
    const [result] = await downloadPlatforms(world, { version: 'latest', platforms: ['linux/amd64'] })
    assert.deepEqual([result?.success, result?.fromCache], [true, true], said(result))
  })

  it('refuses a number of platforms at once that is none, and is interrupted before it has begun too', async (t) => {
    const lab = await libraryLab(t)
    publishLatest(lab.github)
    for (const concurrency of [0, 1.5, 33, Number.NaN])
      await assert.rejects(lab.download({ concurrency }), { code: 'usage' }, String(concurrency))
    const request = { version: 'latest', platforms: ['linux/amd64'] }
    await assert.rejects(downloadPlatforms(lab.world, request, { signal: AbortSignal.abort() }), {
      code: 'interrupted',
    })
  })

  it('refuses an archive without a library', async (t) => {
    const lab = await libraryLab(t)
    const assets = {
      ...releaseFiles('b11429'),
      [cpu]: tarOf('b11429', { 'llama-cli': 'a program', 'libllama-common.so': 'x' }),
    }
    lab.github.publish(llama, { tag: 'b11429', assets })
    const [result] = await lab.download({ version: 'b11429' })
    assert.equal(code(result?.error), 'bad-archive')
    assert.match(result?.error?.message ?? '', /no library/)
  })

  it('mends the links of b9165 to b9172', async (t) => {
    const lab = await libraryLab(t)
    const name = 'llama-b9165-bin-ubuntu-x64.tar.gz'
    const files = {
      'libllama.so': '-> llama-b9165ibllama.so.0',
      'libllama.so.0': '-> llama-b9165ibllama.so.0.0.1',
      'libllama.so.0.0.1': 'x',
    }
    lab.github.publish(llama, { tag: 'b9165', assets: { [name]: tarOf('b9165', files) } })
    const [result] = await lab.download({ version: 'b9165' })
    assert.equal(result?.success, true, said(result))
    assert.equal(readFileSync(result.libraryPath, 'utf8'), 'x')
  })

  it('keeps what has come when it is interrupted, and goes on from there', async (t) => {
    const lab = await libraryLab(t)
    publishLatest(lab.github)
    const stop = new AbortController()
    const run = downloadPlatforms(
      lab.world,
      { version: 'b11429', platforms: ['linux/amd64'] },
      { signal: stop.signal, onEvent: (event) => event.type === 'begin' && stop.abort() },
    )
    await assert.rejects(run, { code: 'interrupted' })
    assert.deepEqual(await lab.world.cache.list(), [])
    const [result] = await lab.download({ version: 'b11429' })
    assert.equal(result?.success, true)
  })
})
