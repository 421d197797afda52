import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { globSync, lstatSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { before, describe, it } from 'node:test'
import type { TestContext } from 'node:test'
import { runSluice, spawnSluice } from '../support/cli.ts'
import type { CliResult } from '../support/cli.ts'
import { limited, startFakeGithub } from '../support/fake-github.ts'
import type { FakeGithub } from '../support/fake-github.ts'
import { llama, releaseFiles } from '../support/library-lab.ts'
import { realArchive } from '../support/llama-archives.ts'
import { noRealLibrary, realTag } from '../support/llama-library.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const ubuntu = `llama-${realTag}-bin-ubuntu-x64.tar.gz`

interface Place {
  readonly github: FakeGithub
  readonly root: string
  readonly libraries: string
  /** `sluice llama ...` */
  run(args: readonly string[], env?: Readonly<Record<string, string>>): Promise<CliResult>
  environment(env?: Readonly<Record<string, string>>): Record<string, string>
  /** Names of the archives that were sent so far. */
  sent(): string[]
}

describe('sluice llama with the real library', { skip: noRealLibrary, concurrency: 2 }, () => {
  let files: Record<string, Buffer> = {}

  before(async () => {
    files = { ...releaseFiles(realTag), [ubuntu]: await realArchive() }
  })

  async function place(t: TestContext): Promise<Place> {
    const github = await startFakeGithub()
    t.after(() => github.close())
    github.publish(llama, { tag: realTag, assets: files })
    github.publish(llama, { tag: 'v0.6.0', assets: { 'nightly-tag.txt': `${realTag}\n` } })
    const root = temporaryFolder(t)
    const libraries = join(root, 'llama')
    const environment = (env = {}): Record<string, string> => ({
      ...github.env,
      SLUICE_LLAMA_CACHE_DIR: libraries,
      SLUICE_DATA_DIR: join(root, 'data'),
      ...env,
    })
    return {
      github,
      root,
      libraries,
      environment,
      run: (args, env) => runSluice(['llama', ...args], { cwd: root, env: environment(env), timeout: 120 }),
      sent: () => github.sent().filter((name) => name !== 'nightly-tag.txt'),
    }
  }

  it('is fetched by way of the latest release, checked, unpacked, loaded, and answers; offline too', async (t) => {
    const { github, libraries, run, sent } = await place(t)
    const token = 'ghp_0123456789'
    const got = await run(['download', '--checksum'], { GITHUB_TOKEN: token })
    assert.equal(got.code, 0, got.stderr)
    const [library = ''] = globSync('**/libllama.so', { cwd: libraries })
    assert.equal(
      got.stdout,
      [
        'Download Results:',
        '================',
        `✅ linux/amd64: SUCCESS (Library: ${join(libraries, library)})`,
        `   SHA256: ${createHash('sha256')
          .update(files[ubuntu] ?? '')
          .digest('hex')}`,
        '',
        'Summary: 1/1 platforms downloaded successfully',
        '',
      ].join('\n'),
    )
    assert.deepEqual(sent(), [ubuntu])
    assert.deepEqual(github.leaks(), [])
    assert.ok(github.api.heard.some(({ headers }) => headers.authorization === `Bearer ${token}`))
    assert.ok(!`${got.stdout}${got.stderr}`.includes(token))
    const answers = (loaded: CliResult): void => {
      assert.equal(loaded.code, 0, loaded.stderr)
      assert.match(loaded.stdout, new RegExp(`^Version: +${realTag}$`, 'm'))
      assert.match(loaded.stdout, /^ {2}CPU \(cpu\): /m)
      assert.match(loaded.stdout, /^System info: .*SSE3 = 1/m)
    }
    answers(await run(['load', '--version', 'v0.6.0']))
    await github.close()
    answers(await run(['load']))
    answers(await run(['load', '--version', realTag]))
    answers(await run(['load', '--version', 'v0.6.0']))
    const other = await run(['load', '--version', 'b99998'])
    assert.equal(other.code, 9)
    assert.match(other.stderr, /b99998 of llama\.cpp .* not in the cache/)
    const variant = await run(['load', '--version', realTag, '--variant', 'vulkan'])
    assert.match(variant.stderr, new RegExp(`sluice llama download --version ${realTag} --variant vulkan\\.\n$`))
    const again = await run(['download', '--version', realTag, '--checksum'])
    assert.equal(again.stdout, got.stdout)
    assert.match(again.stderr, /linux\/amd64: already there/)
  })

  it('is checked file by file, and fetched again when it is damaged', async (t) => {
    const { libraries, run, sent } = await place(t)
    assert.equal((await run(['download'])).code, 0)
    const good = await run(['verify'])
    assert.equal(`${good.code} ${good.stdout}`, `0 ${realTag} linux/amd64 cpu: verified\n`)
    const [victim = ''] = globSync('**/libllama.v*.so', { cwd: libraries })
    const bytes = readFileSync(join(libraries, victim))
    bytes[5000] = (bytes[5000] ?? 0) ^ 1
    writeFileSync(join(libraries, victim), bytes)
    writeFileSync(join(libraries, victim, '..', 'libstray.so'), 'x')
    const bad = await run(['verify', realTag])
    assert.equal(bad.code, 5)
    assert.match(bad.stdout, /: damaged\n {2}changed: .*libllama\.v.*\.so\n {2}unexpected: .*libstray\.so\n/)
    assert.match(bad.stdout, /\n1 damaged: download them again with --force\.\n$/)
    const refused = await run(['load'])
    assert.equal(refused.code, 9)
    assert.match(refused.stderr, /damaged/)
    assert.equal((await run(['download'])).code, 0)
    assert.deepEqual(sent(), [ubuntu, ubuntu])
    assert.equal((await run(['load'])).code, 0)
    assert.equal((await run(['verify'])).code, 0)
  })

  it('is named when its record is gone or damaged, and the next download mends it', async (t) => {
    const { libraries, run } = await place(t)
    assert.equal((await run(['download'])).code, 0)
    for (const [what, spoil] of [
      ['missing', (record: string) => rmSync(record)],
      ['changed', (record: string) => writeFileSync(record, '{}')],
    ] as const) {
      const [record = ''] = globSync('**/.sluice-tree.json', { cwd: libraries })
      spoil(join(libraries, record))
      for (const args of [['verify'], ['verify', realTag]]) {
        const { code, stdout } = await run(args)
        const found = `${realTag} linux/amd64 cpu: damaged\n  ${what}: .sluice-tree.json\n`
        assert.equal(`${code} ${stdout}`, `5 ${found}1 damaged: download them again with --force.\n`)
      }
      assert.equal((await run(['download'])).code, 0)
      assert.equal((await run(['verify'])).code, 0)
    }
  })

  it('is fetched once by two processes at the same time', async (t) => {
    const { environment, root, run, sent } = await place(t)
    const line = ['llama', 'download', '--version', realTag, '--json']
    const both = await Promise.all([1, 2].map(() => spawnSluice(line, { cwd: root, env: environment(), timeout: 120 })))
    const ends = await Promise.all(both.map(({ ended }) => ended))
    for (const { code, stderr } of ends) assert.equal(code, 0, stderr)
    assert.deepEqual(sent(), [ubuntu])
    const cached = ends.filter(({ stdout }) => /"type":"platform".*"fromCache":true/.test(stdout))
    assert.equal(cached.length, 1)
    assert.equal((await run(['load'])).code, 0)
  })

  it('goes on after an interrupt and after kill -9 in the middle of the archive', { timeout: 180_000 }, async (t) => {
    const { github, environment, libraries, root, run } = await place(t)
    const claimed = (): number =>
      globSync('downloads/.staging/dl-*/session.json', { cwd: libraries })
        .map((path) => Number(/"done":\[\[0,(\d+)/.exec(readFileSync(join(libraries, path), 'utf8'))?.[1] ?? 0))
        .reduce((most, bytes) => Math.max(most, bytes), 0)
    /** Starts a slow download and ends it when it has noted more than those bytes. */
    async function stopped(signal: NodeJS.Signals, after: number): Promise<CliResult> {
      const { child, ended } = await spawnSluice(['llama', 'download', '--limit-rate', '300K'], {
        cwd: root,
        env: environment(),
      })
      while (claimed() <= after) await new Promise((resolve) => setTimeout(resolve, 50))
      child.kill(signal)
      return ended
    }
    const interrupted = await stopped('SIGINT', 0)
    assert.equal(interrupted.code, 130, interrupted.stderr)
    assert.match(interrupted.stderr, /^Interrupted: .* kept\. Run the same line again to go on\.$/m)
    assert.equal(interrupted.stdout, '')
    await stopped('SIGKILL', claimed())
    assert.deepEqual(globSync('**/libllama*', { cwd: libraries }), [])
    const done = await run(['download'])
    assert.equal(done.code, 0, done.stderr)
    assert.ok(github.cdn.heard.some(({ headers }) => /^bytes=[1-9]/.test(headers.range ?? '')))
    assert.equal((await run(['verify'])).code, 0)
  })

  it('ends with 130 where it is interrupted while nobody answers', async (t) => {
    const { environment, root } = await place(t)
    const { promise: asked, resolve: onAsked } = Promise.withResolvers<void>()
    const silent = createServer(() => onAsked()).listen(0, '127.0.0.1')
    t.after(() => silent.closeAllConnections())
    t.after(() => silent.close())
    await once(silent, 'listening')
    const address = silent.address()
    const port = typeof address === 'object' ? address?.port : 0
    const { child, ended } = await spawnSluice(['llama', 'test-download'], {
      cwd: root,
      env: environment({ SLUICE_GITHUB_API: `http://127.0.0.1:${port}` }),
      timeout: 120,
    })
    await asked
    child.kill('SIGINT')
    const { code, stderr } = await ended
    assert.deepEqual([code, stderr], [130, 'sluice: Interrupted.\n  Run the same line again.\n'])
  })

  it('is listed, exported, pruned and cleaned away, and nothing else is', async (t) => {
    const { libraries, root, run } = await place(t)
    mkdirSync(libraries)
    assert.equal((await run(['download', '--platforms', 'linux/amd64', '--platforms', 'windows/amd64'])).code, 0)
    writeFileSync(join(root, 'mine'), 'mine')
    const list = await run(['list'])
    assert.match(list.stdout, /^VERSION +PLATFORM +VARIANT +SIZE/)
    assert.match(list.stdout, new RegExp(`${realTag} +windows/amd64 +cpu .*llama\\.dll`))
    const exported = await run(['export', '--to', 'libs'])
    assert.equal(exported.stdout, `${join(root, 'libs', `linux_amd64_${realTag}`)}\n`)
    assert.ok(lstatSync(join(root, 'libs', `linux_amd64_${realTag}`, 'libllama.so')).isSymbolicLink())
    const own = await run(['load'], { SLUICE_LLAMA_LIBRARY_PATH: join(root, 'libs', `linux_amd64_${realTag}`) })
    assert.match(own.stdout, /^Library: +.*\/libs\/linux_amd64_b11429\/libllama\.so/m)
    assert.match((await run(['prune', '--keep', '1'])).stdout, /^0 removed/)
    // By the release that has led to the build.
    assert.match((await run(['verify', 'v0.6.0'])).stdout, new RegExp(`^${realTag} linux/amd64 cpu: verified\n`))
    assert.equal((await run(['export', '--to', 'libs', '--version', 'v0.6.0'])).stdout, exported.stdout)
    const one = await run(['clean-cache', '--version', 'b1'])
    assert.match(one.stdout, /^b1 is not in .*: nothing to remove\n$/)
    const cleaned = await run(['clean-cache'])
    assert.match(cleaned.stdout, /^Cache cleaned: .*\(\d{6,} bytes\) freed in /)
    assert.deepEqual(globSync('**/*.{so,dll,gz,json}', { cwd: libraries }), [])
    assert.equal(readFileSync(join(root, 'mine'), 'utf8'), 'mine')
    assert.equal((await run(['list'])).stdout, '')
    const outside = await run(['clean-cache'], { SLUICE_LLAMA_CACHE_DIR: `${root}/a/../../x` })
    assert.equal(outside.code, 2)
  })

  it('tells what it would fetch, and fetches nothing', async (t) => {
    const { github, libraries, run, sent } = await place(t)
    const told = await run(['test-download', '--platforms', 'linux/amd64,darwin/arm64'])
    assert.equal(told.code, 0, told.stderr)
    assert.match(told.stdout, new RegExp(`^Release: ${realTag}\n`))
    assert.match(told.stdout, new RegExp(`Asset: +${ubuntu.replaceAll('.', '\\.')}\n`))
    assert.match(told.stdout, new RegExp(`URL: +http.*/releases/download/${realTag}/llama-${realTag}-bin-macos-arm64`))
    assert.match(told.stdout, /SHA256: +[0-9a-f]{64}\n/)
    assert.match(told.stdout, /Download test completed successfully\n$/)
    const json = await run(['test-download', '--json', '--version', 'nightly'])
    assert.partialDeepStrictEqual(JSON.parse(json.stdout), {
      platform: 'linux/amd64',
      variant: 'cpu',
      asset: { name: ubuntu },
    })
    assert.deepEqual(sent(), [])
    assert.deepEqual(globSync('**/libllama*', { cwd: libraries }), [])
    github.behaviour.api = () => limited()
    const limits = await run(['test-download', '--version', 'b11428'])
    assert.equal(limits.code, 4)
    assert.match(limits.stderr, /limit/)
    github.behaviour.api = () => undefined
    github.behaviour.badTokens.add('bad')
    const bad = await run(['test-download'], { GITHUB_TOKEN: 'bad' })
    assert.equal(bad.code, 0, bad.stderr)
    github.publish(llama, { tag: realTag, assets: files, told: () => ({ digest: 'sha256:xyz' }) })
    const refused = await run(['test-download', '--json'])
    assert.equal(refused.code, 5, refused.stderr)
    assert.match(refused.stdout, /"error":\{"code":"digest-mismatch".*"variant":"cpu"/)
    github.publish(llama, { tag: realTag, assets: files, told: () => ({ digest: null }) })
    assert.equal((await run(['test-download'])).code, 0)
    const strict = await run(['test-download', '--strict'])
    assert.equal(strict.code, 5)
    assert.match(strict.stderr, /tells no digest/)
  })

  it('tells failures of single platforms in the lines, the exit code and JSON', async (t) => {
    const { github, libraries, run } = await place(t)
    const mixed = await run(['download', '--platforms', 'plan9/amd64,windows/arm64, win32-arm64 ,plan9/amd64'])
    assert.equal(mixed.code, 2)
    assert.match(mixed.stdout, /^❌ plan9\/amd64: FAILED - .*plan9/m)
    assert.match(mixed.stdout, /^✅ windows\/arm64: SUCCESS \(Library: .*llama\.dll\)$/m)
    assert.match(mixed.stdout, /\nSummary: 1\/2 platforms downloaded successfully\n$/)
    github.behaviour.corrupt.add(ubuntu)
    const json = await run(['download', '--json', '--platforms', 'linux/amd64'])
    assert.equal(json.code, 5)
    assert.deepEqual(globSync('downloads/**/*{.part,session.json,.tar.gz}', { cwd: libraries }), [])
    const lines = json.stdout
      .trim()
      .split('\n')
      .map((line): unknown => JSON.parse(line))
    assert.partialDeepStrictEqual(lines.at(-2), {
      type: 'platform',
      success: false,
      error: { code: 'digest-mismatch' },
    })
    assert.partialDeepStrictEqual(lines.at(-1), { type: 'summary', failed: 1, exitCode: 5 })
  })
})

describe('sluice llama', () => {
  it('computes and compares the SHA-256 of a file', async (t) => {
    const root = temporaryFolder(t)
    writeFileSync(join(root, 'file'), 'abc')
    const sum = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'
    const plain = await runSluice(['llama', 'verify-checksum', 'file'], { cwd: root })
    assert.deepEqual(
      [plain.code, plain.stdout, plain.stderr],
      [0, `SHA256: ${sum}\n`, 'Calculating SHA256 checksum for file...\n'],
    )
    assert.equal((await runSluice(['llama', 'verify-checksum', 'file', sum.toUpperCase()], { cwd: root })).code, 0)
    const other = await runSluice(['llama', 'verify-checksum', 'file', '7'.repeat(64)], { cwd: root })
    assert.equal(other.code, 5)
    assert.match(other.stderr, new RegExp(`${sum}.*${'7'.repeat(64)}`))
    assert.equal((await runSluice(['llama', 'verify-checksum', 'nothing'], { cwd: root })).code, 9)
  })

  it('tells what the machine has and what would be used', async () => {
    const told = await runSluice(['llama', 'detect-gpu'])
    assert.equal(told.code, 0, told.stderr)
    for (const word of ['CUDA', 'HIP', 'Vulkan', 'OpenCL', 'SYCL', 'Metal', 'Plan'])
      assert.match(told.stdout, new RegExp(`^${word}:`, 'm'))
    const { stdout } = await runSluice(['llama', 'detect-gpu', '--json'])
    assert.partialDeepStrictEqual(JSON.parse(stdout), { type: 'hardware', platform: process.platform, plan: [{}] })
  })

  it('refuses actions, flags and values that mean nothing', async () => {
    const wrong: Array<[string[], RegExp]> = [
      [[], /needs an action/],
      [['donwload'], /Did you mean sluice llama download\?/],
      [['list', '--keep', '2'], /does not take --keep/],
      [['prune'], /--keep is missing/],
      [['download', 'b6089'], /"b6089" has no meaning/],
      [['download', '--all', '--platforms', 'linux/amd64'], /exclude each other/],
      [['download', '--version', 'newest'], /no version of llama\.cpp/],
      [['download', '--sha256', 'a'.repeat(64), '--all'], /single platform/],
      [['export'], /--to is missing/],
    ]
    for (const [args, message] of wrong) {
      const { code, stdout, stderr } = await runSluice(['llama', ...args])
      assert.deepEqual([code, stdout], [2, ''], args.join(' '))
      assert.match(stderr, message)
    }
  })
})
