import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import { tmpdir } from 'node:os'
import { basename, delimiter, join, resolve } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { publint } from 'publint'
import { spawnCommand, type CliResult } from '../support/cli.ts'
import { releasedNode } from './released-node.ts'

const body = randomBytes(300_000)

/** What a user of the library writes; strict TypeScript accepts it and Node runs it. */
const program = `
import { createSluice, SluiceError } from 'sluice'
import { LibraryDownloader, downloadLibrariesForPlatforms, loadLibraryWithVersion, sha256File, unloadLibrary } from 'sluice/llama'
const [url = '', dir = ''] = process.argv.slice(2)
const sluice = await createSluice({ dir })
let seen = 0
const download = await sluice.get(url, { signal: new AbortController().signal, onProgress: () => { seen++ } })
const path: string = download.path
const bytes: number = download.bytes
const failure = await sluice.get(url + '/missing').catch((error: unknown) => error)
const sum: string = await sha256File(path)
const [result] = await downloadLibrariesForPlatforms(['plan9/amd64'], 'b1', { cacheDir: dir + '/llama' })
const { platform = '', success = true, error = null } = result ?? {}
const cached: number = (await new LibraryDownloader({ cacheDir: dir + '/llama' }).list()).length
await unloadLibrary()
console.log(JSON.stringify({ path, bytes, seen, sum, platform, success, named: error?.message, cached, load: typeof loadLibraryWithVersion, code: failure instanceof SluiceError ? failure.code : 'none' }))
`

describe('the package made by npm pack', () => {
  let folder = ''
  let tarball = ''
  let server: Server | undefined
  let url = ''

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sluice-package-'))
    tarball = pack(folder)
    await writeFile(join(folder, 'package.json'), JSON.stringify({ name: 'consumer', private: true, type: 'module' }))
    npm(['install', '--no-audit', '--no-fund', '--ignore-scripts', tarball], folder)
    server = createServer((request, response) => {
      if (request.url !== '/file.bin') response.writeHead(404).end()
      else response.writeHead(200, { 'Content-Length': body.length }).end(body)
    })
    await once(server.listen(0, '127.0.0.1'), 'listening')
    const address = server.address()
    assert.ok(typeof address === 'object' && address !== null)
    url = `http://127.0.0.1:${address.port}/file.bin`
  })

  after(async () => {
    server?.close()
    server?.closeAllConnections()
    await rm(folder, { recursive: true, force: true })
  })

  it('holds compiled code with types and the built page, and neither sources nor tests', () => {
    const files = execFileSync('tar', ['-tzf', tarball], { encoding: 'utf8' }).trim().split('\n')
    for (const file of [
      'dist/index.js',
      'dist/index.d.ts',
      'dist/llama.js',
      'dist/llama.d.ts',
      'dist/cli/main.js',
      'dist/ui/index.html',
      'dist/ui/index.html.br',
      'README.md',
      'LICENSE',
    ]) {
      assert.ok(files.includes(`package/${file}`), `${file} is missing`)
    }
    const unexpected = files.filter(
      (file) =>
        !/^package\/(dist\/.*\.(js|d\.ts)|dist\/ui\/.*\.(html|css|svg|br|gz)|[^/]+)$/.test(file) ||
        /\.test\./.test(file),
    )
    assert.deepEqual(unexpected, [])
  })

  it('has no install scripts and nothing that refers to a TypeScript source', async () => {
    const installed = join(folder, 'node_modules/sluice')
    const manifest: { scripts?: Record<string, string> } = JSON.parse(
      await readFile(join(installed, 'package.json'), 'utf8'),
    )
    assert.deepEqual(
      Object.keys(manifest.scripts ?? {}).filter((name) => /install/.test(name)),
      [],
    )
    const files = execFileSync('tar', ['-tzf', tarball], { encoding: 'utf8' }).trim().split('\n')
    for (const file of files.filter((name) => name.endsWith('.js'))) {
      const code = await readFile(join(installed, file.replace('package/', '')), 'utf8')
      assert.doesNotMatch(code, /['"]\.[^'"\n]*\.ts['"]/, file)
    }
  })

  it('passes publint', async () => {
    const { buffer } = new Uint8Array(await readFile(tarball))
    const { messages } = await publint({ pack: { tarball: buffer }, strict: true })
    assert.deepEqual(messages, [])
  })

  it('gives types to a strict consumer', async () => {
    await writeFile(join(folder, 'program.ts'), program)
    const types = resolve('node_modules/@types')
    const options = ['--strict', '--exactOptionalPropertyTypes', '--module', 'nodenext', '--target', 'es2024']
    const line = [...options, '--noEmit', '--typeRoots', types, '--types', 'node', 'program.ts']
    const { code, stdout } = await run(resolve('node_modules/.bin/tsc'), line)
    assert.equal(code, 0, stdout)
  })

  it('serves the page that it brings', { timeout: 180_000 }, async () => {
    const where = ['--dir', join(folder, 'served'), '--data-dir', join(folder, 'data')]
    const path = [releasedNode('26.10.0'), join(folder, 'node_modules/.bin'), process.env['PATH']].join(delimiter)
    const daemon = await spawnCommand('sluice', ['serve', '--port', '0', '--no-open', ...where], {
      env: { PATH: path },
    })
    try {
      let address: string | undefined
      for await (const _ of daemon.child.stdout ?? []) {
        address = /http:\/\/[\d.]+:\d+/.exec(daemon.output().stdout)?.[0]
        if (address !== undefined) break
      }
      assert.match(await (await fetch(`${address ?? assert.fail('no address')}/queue`)).text(), /<script [^>]*src="/)
    } finally {
      daemon.child.kill('SIGTERM')
      await daemon.ended
    }
  })

  for (const version of ['24.21.0', '26.10.0']) {
    it(`fetches a file on Node ${version}`, { timeout: 240_000 }, async () => {
      const result = await runOn(version, 'sluice', ['get', '-d', `cli-${version}`, url])
      assert.equal(result.code, 0, result.stderr)
      assert.equal(basename(result.stdout.trim()), 'file.bin')
      assert.deepEqual(await readFile(join(folder, `cli-${version}`, 'file.bin')), body)
    })

    it(`is a library on Node ${version}`, { timeout: 240_000 }, async () => {
      await writeFile(join(folder, 'program.ts'), program)
      await mkdir(join(folder, `library-${version}`), { recursive: true })
      const result = await runOn(version, 'node', ['program.ts', url, join(folder, `library-${version}`)])
      assert.equal(result.code, 0, result.stderr)
      const said: unknown = JSON.parse(result.stdout)
      const path = join(folder, `library-${version}`, 'file.bin')
      assert.partialDeepStrictEqual(said, { path, bytes: body.length, code: 'http-not-found' })
      const sum = createHash('sha256').update(body).digest('hex')
      assert.partialDeepStrictEqual(said, { sum, platform: 'plan9/amd64', success: false, cached: 0, load: 'function' })
      assert.deepEqual(await readFile(path), body)
    })
  }

  async function runOn(version: string, command: string, args: readonly string[]): Promise<CliResult> {
    const path = [releasedNode(version), join(folder, 'node_modules/.bin'), process.env['PATH']].join(delimiter)
    return run(command, args, { PATH: path })
  }

  async function run(command: string, args: readonly string[], env: Record<string, string> = {}): Promise<CliResult> {
    // Found on the PATH of the child, not on ours: hence `env`, which looks it up there.
    const variables = Object.entries(env).map(([name, value]) => `${name}=${value}`)
    return (await spawnCommand('env', [...variables, command, ...args], { cwd: folder })).ended
  }
})

/** Builds and packs the checkout into `folder`; the path of the tarball. */
function pack(folder: string): string {
  const name = npm(['pack', '--silent', '--ignore-scripts=false', '--pack-destination', folder], process.cwd())
  return join(folder, name.trim().split('\n').at(-1) ?? '')
}

function npm(args: readonly string[], cwd: string): string {
  return execFileSync('npm', args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'], timeout: 240_000 })
}
