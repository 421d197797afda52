import assert from 'node:assert/strict'
import { once } from 'node:events'
import { cp, mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { launcher, spawnCommand, type CliResult, type RunningCli } from '../support/cli.ts'

/** Stands for the real command: says which Node it got, waits for a signal or ends with the code it is told. */
const command = `
import { getCompileCacheDir } from 'node:module'
import { Worker } from 'node:worker_threads'
const what: string | undefined = process.argv[2]
if (what === 'wait') setInterval(() => {}, 1000)
if (what === 'polite') process.once('SIGINT', () => process.exit(130))
if (what === 'polite') setInterval(() => {}, 1000)
if (what === 'worker') new Worker(new URL('./worker.ts', import.meta.url))
else console.log(getCompileCacheDir() === undefined ? 'uncached' : 'cached')
if (what === 'serve') {
  const { compileForDaemon } = await import('./compiler.ts')
  compileForDaemon()
  console.log(getCompileCacheDir())
  new Worker(new URL('./worker.ts', import.meta.url), { argv: ['folder'] })
}
if (what === 'malloc') console.log(process.env['MALLOC_ARENA_MAX'])
process.exitCode = Number(process.argv[3] ?? 0)
`
const worker = `
import { getCompileCacheDir } from 'node:module'
const folder: string | undefined = getCompileCacheDir()
console.log(process.argv.includes('folder') ? folder : folder === undefined ? 'uncached' : 'cached')
`

describe('the command of a checkout', () => {
  let checkout = ''
  let start = ''
  let oldNode: string[] = []

  before(async () => {
    checkout = await mkdtemp(join(tmpdir(), 'sluice-checkout-'))
    start = join(checkout, 'runtime/sluice.js')
    await cp(dirname(launcher), join(checkout, 'runtime'), { recursive: true })
    await mkdir(join(checkout, 'src/cli'), { recursive: true })
    await mkdir(join(checkout, 'node_modules'))
    await writeFile(join(checkout, 'package.json'), '{ "type": "module" }')
    await writeFile(join(checkout, 'src/cli/main.ts'), command)
    await writeFile(join(checkout, 'src/cli/worker.ts'), worker)
    await cp(join(dirname(launcher), '../src/cli/compiler.ts'), join(checkout, 'src/cli/compiler.ts'))
    const pretender = join(checkout, 'pretend.cjs')
    await writeFile(pretender, "Object.defineProperty(process, 'versions', { value: { node: '20.1.0' } })")
    oldNode = ['--require', pretender]
  })

  after(() => rm(checkout, { recursive: true, force: true }))

  it('fills its compile cache before the first run, with modules that this run does not load', async () => {
    const result = await run([start])
    assert.deepEqual([result.code, result.stdout, result.stderr], [0, 'cached\n', ''])
    const folder = join(checkout, 'node_modules/.cache/sluice')
    const [version = ''] = await readdir(folder)
    const entries = await readdir(join(folder, version))
    // Stripped types and compiled code, of the command and of the worker.
    assert.ok(entries.length >= 4, entries.join())
  })

  it('fills it again after a change, before the run that comes next', async () => {
    const [version = ''] = await readdir(join(checkout, 'node_modules/.cache/sluice'))
    const folder = join(checkout, 'node_modules/.cache/sluice', version)
    const earlier = await readdir(folder)
    await writeFile(join(checkout, 'src/added.ts'), "export const added: string = 'not loaded by any run'")
    assert.equal((await run([start])).stdout, 'cached\n')
    const later = await readdir(folder)
    assert.ok(later.length > earlier.length, later.join())
    await run([start])
    assert.deepEqual(await readdir(folder), later)
  })

  it('lets worker threads use that cache', async () => {
    assert.equal((await run([start, 'worker'])).stdout, 'cached\n')
  })

  it('fills a cache for the flags of the daemon, in which its threads find what they need', async () => {
    const { code, stdout, stderr } = await run([start, 'serve'])
    const [first, ofDaemon = '', ofThread = ''] = stdout.split('\n')
    assert.deepEqual([code, first, stderr], [0, 'cached', ''])
    assert.equal(ofThread, ofDaemon)
    const entries = await readdir(ofDaemon)
    assert.ok(entries.includes('filled') && entries.length >= 7, entries.join())
  })

  it('keeps a variable of its own from the programs that it starts', async () => {
    const running = await spawnCommand(process.execPath, [start, 'malloc'], { env: { MALLOC_ARENA_MAX: '1' } })
    assert.equal((await running.ended).stdout, 'cached\nundefined\n')
  })

  it('runs even when the cache cannot be filled, and tells so only with --verbose', async () => {
    const broken = join(checkout, 'src/broken.ts')
    await writeFile(broken, 'enum Refused { A }')
    await rm(join(checkout, 'node_modules/.cache'), { recursive: true })
    const quiet = await run([start])
    await rm(join(checkout, 'node_modules/.cache'), { recursive: true })
    const verbose = await run([start, '--verbose'])
    await rm(broken)
    assert.deepEqual([quiet.code, quiet.stdout, quiet.stderr], [0, 'cached\n', ''])
    assert.equal(verbose.code, 0)
    assert.match(verbose.stderr, /^The compile cache cannot be used: /)
  })

  it('ends with the exit code and by the signals of the command itself', async () => {
    assert.equal((await run([start, 'end', '7'])).code, 7)
    assert.equal((await signalled([start, 'wait'], 'SIGTERM')).signal, 'SIGTERM')
    assert.equal((await signalled([start, 'polite'], 'SIGINT')).code, 130)
  })

  it('says what to do when Node is too old and npm ci has not been run', async () => {
    const result = await run([...oldNode, start])
    assert.equal(result.code, 1)
    assert.equal(result.stdout, '')
    assert.match(result.stderr, /^sluice needs Node 24\.15 or newer .* Run npm ci in .*\n$/)
  })

  it('says what to do when a script of npm is run and npm ci has not been', async () => {
    const bare = join(checkout, 'bare')
    await cp(dirname(launcher), join(bare, 'runtime'), { recursive: true })
    const result = await run([...oldNode, join(bare, 'runtime/with-node.js'), 'node', '--version'])
    assert.deepEqual([result.code, result.stdout], [1, ''])
    assert.match(result.stderr, /^Sluice is not set up\. Run npm ci in .*\n$/)
  })

  it('uses the Node of the checkout when the machine has an old one', async () => {
    const folder = join(checkout, 'node_modules', `node-${process.platform}-${process.arch}`, 'bin')
    await mkdir(folder, { recursive: true })
    await symlink(process.execPath, join(folder, 'node'))
    assert.equal((await run([...oldNode, start])).stdout, 'cached\n')
    assert.equal((await run([...oldNode, start, 'end', '7'])).code, 7)
    assert.equal((await signalled([...oldNode, start, 'wait'], 'SIGTERM')).signal, 'SIGTERM')
    assert.equal((await signalled([...oldNode, start, 'polite'], 'SIGINT')).code, 130)
  })
})

async function run(args: readonly string[]): Promise<CliResult> {
  return (await spawnCommand(process.execPath, args)).ended
}

/** Sends the signal as soon as the command has said its first word. */
async function signalled(args: readonly string[], signal: NodeJS.Signals): Promise<CliResult> {
  const running: RunningCli = await spawnCommand(process.execPath, args)
  if (running.child.stdout !== null) await once(running.child.stdout, 'data')
  running.child.kill(signal)
  return running.ended
}
