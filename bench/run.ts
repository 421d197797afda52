/**
 * npm run bench [-- P1 P5 ...] [--rounds N] [--only-peers] [--no-save]
 * Measures Sluice and its peers side by side, prints the rows and writes them to results.json and RESULTS.md.
 */
import { mkdir, readdir, rm, statfs } from 'node:fs/promises'
import os from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { Bench } from './measure.ts'
import { sluice } from './peers.ts'
import { timed } from './program.ts'
import { loadResults, saveText } from './results.ts'
import type { RowResult } from './results.ts'
import { ROWS } from './rows/all.ts'
import type { Row } from './rows/row.ts'
import { startWeb } from './servers.ts'
import { busyShare, currentSetting, sluiceVersion } from './setting.ts'
import { document, rowText } from './table.ts'
import { IPULL_VERSION, compileFloor, installIpull, installPeers } from './tools.ts'

const USAGE = `npm run bench [-- ROW...] [options]       rows: ${ROWS.map((row) => row.id).join(' ')} (default: all)
  --rounds N      interleaved rounds of each comparison (default 5)
  --only-peers    leave out Sluice; prints only
  --no-save       print only
Fixtures (about 2.5 GB, made once) and runs go to a folder sluice-bench under the system's folder for temporary files,
or to SLUICE_BENCH_DIR, which should be on the real disk. Not all peers need be there: what is missing is left out.
`

const RESULTS = join(import.meta.dirname, 'results.json')
const DOCUMENT = join(import.meta.dirname, 'RESULTS.md')

interface Order {
  readonly rows: readonly Row[]
  readonly rounds: number
  readonly onlyPeers: boolean
  readonly isSaved: boolean
}

function readOrder(): Order | undefined {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      rounds: { type: 'string', default: '5' },
      'only-peers': { type: 'boolean', default: false },
      'no-save': { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  })
  if (values.help) return undefined
  const wanted = new Set(positionals.map((id) => id.toUpperCase()))
  const unknown = [...wanted].filter((id) => !ROWS.some((row) => row.id === id))
  if (unknown.length > 0) throw new Error(`There is no row ${unknown.join(', ')}.\n${USAGE}`)
  const rounds = Number(values.rounds)
  if (!Number.isInteger(rounds) || rounds < 1)
    throw new Error(`--rounds wants a whole number from 1, not ${values.rounds}.`)
  return {
    rows: wanted.size === 0 ? ROWS : ROWS.filter((row) => wanted.has(row.id)),
    rounds,
    onlyPeers: values['only-peers'],
    isSaved: !values['no-save'] && !values['only-peers'],
  }
}

/** A folder that goes away at the end, and with it what benches left that were killed. */
async function ownFolder(parent: string, prefix: string): Promise<AsyncDisposable & { readonly path: string }> {
  await mkdir(parent, { recursive: true })
  for (const name of await readdir(parent)) {
    const owner = name.startsWith(prefix) ? Number(name.slice(prefix.length)) : Number.NaN
    if (Number.isInteger(owner) && !isAlive(owner)) await rm(join(parent, name), { recursive: true, force: true })
  }
  const path = join(parent, prefix + String(process.pid))
  await mkdir(path)
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code !== 'ESRCH'
  }
}

/** statfs(2)'s number for tmpfs. */
const TMPFS = 0x01021994

/** A memory disk with room for the small files; undefined where there is none, as on systems without /dev/shm. */
async function memoryDisk(): Promise<string | undefined> {
  const path = '/dev/shm'
  const kind = await statfs(path).catch(() => undefined)
  return kind?.type === TMPFS && kind.bavail * kind.bsize > 512 * 1024 * 1024 ? path : undefined
}

async function main(order: Order, signal: AbortSignal): Promise<void> {
  const say = (line: string): void => void process.stderr.write(`${line}\n`)
  const cache = process.env['SLUICE_BENCH_DIR'] ?? join(os.tmpdir(), 'sluice-bench')
  const www = join(cache, 'www')
  await mkdir(www, { recursive: true })
  const workshop = { cache, signal, say }
  await installPeers(workshop)
  const floor = await compileFloor(workshop)
  const ipull = order.rows.some((row) => row.id === 'P1') ? await installIpull(workshop) : undefined

  await using own = await ownFolder(cache, 'run-')
  const memory = await memoryDisk()
  await using ownMemory = memory === undefined ? undefined : await ownFolder(memory, 'sluice-bench-')
  await using web = await startWeb(www, join(own.path, 'nginx'), signal)
  const bench: Bench = {
    web,
    www,
    folder: own.path,
    memory: ownMemory?.path,
    rounds: order.rounds,
    onlyPeers: order.onlyPeers,
    floor,
    ipull,
    signal,
    say,
  }
  if (!order.onlyPeers) await tryOut(bench)
  const setting = await currentSetting(own.path, { ipull: IPULL_VERSION })
  const version = await sluiceVersion()
  for (const row of order.rows) {
    say(`${row.id}: ${row.title}`)
    const busy = await busyShare(1000, signal)
    const sections = await row.run(bench)
    const { id, title, notes } = row
    const result: RowResult = {
      id,
      title,
      date: today(),
      sluice: version,
      busy,
      setting,
      sections,
      notes,
    }
    process.stdout.write(`\n${rowText(result)}\n`)
    if (order.isSaved) await save(result)
  }
}

/**
 * Starts Sluice once, so that its compiled modules are cached as they are for a user, and no row is lost to a broken one.
 * @throws Error when it does not even give help.
 */
async function tryOut(bench: Bench): Promise<void> {
  const { argv } = sluice('help', '--help')
  const { folder, signal } = bench
  try {
    await timed({ argv, cwd: folder, env: process.env, log: join(folder, 'log'), signal, limit: 60_000 })
  } catch (error) {
    signal.throwIfAborted()
    throw new Error(`Sluice itself does not run, so only the peers can be measured (--only-peers): ${wordsOf(error)}`, {
      cause: error,
    })
  }
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

/** Saved after each row, so that an interrupted bench keeps the rows it has. */
async function save(row: RowResult): Promise<void> {
  const results = { ...(await loadResults(RESULTS)), [row.id]: row }
  await saveText(RESULTS, `${JSON.stringify(results, undefined, 1)}\n`)
  await saveText(
    DOCUMENT,
    document(
      results,
      ROWS.map(({ id }) => id),
    ),
  )
}

function today(): string {
  return new Date().toISOString().slice(0, 10)
}

const interrupted = new AbortController()
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.once(name, () => interrupted.abort(new Error(`Ended by ${name}.`)))
try {
  const order = readOrder()
  if (order === undefined) process.stdout.write(USAGE)
  else await main(order, interrupted.signal)
} catch (error) {
  process.stderr.write(`${wordsOf(error)}\n`)
  process.exitCode = 1
}
