import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import type { DownloadStatus } from '../../src/core/download-states.ts'
import type { Download, DownloadDetail, DownloadList, Statistics } from '../../src/manager/types.ts'
import type { HistoryPage } from '../../src/store/types.ts'
import { call } from './call.ts'
import type { Answer, CallOptions } from './call.ts'
import { launcher } from './cli.ts'

export interface DaemonOptions {
  /** Further flags of `serve`. */
  readonly flags?: readonly string[]
  /** Added to a bare environment. */
  readonly env?: Readonly<Record<string, string>>
  /** Default: folders of its own under the system's folder for temporary files. */
  readonly dir?: string
  readonly dataDir?: string
}

/** How a daemon ended. */
export interface End {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly seconds: number
}

/** A real `sluice serve` with folders of its own. Killed and cleaned up with the test. */
export interface Daemon {
  /** Such as `http://127.0.0.1:40123`; another one after a restart. */
  readonly origin: string
  readonly pid: number
  /** Where downloads go. */
  readonly dir: string
  readonly dataDir: string
  /** Everything that all its runs wrote to stdout and stderr. */
  said(): string
  /** No status throws. */
  api(method: string, path: string, body?: unknown, options?: CallOptions): Promise<Answer>
  /** As api; throws unless the status is 2xx, and gives back the JSON. */
  ask<T = unknown>(method: string, path: string, body?: unknown): Promise<T>
  /** Adds a download and gives back its id. */
  add(url: string, more?: Readonly<Record<string, unknown>>): Promise<string>
  get(id: string): Promise<DownloadDetail>
  list(query?: string): Promise<DownloadList>
  all(): Promise<readonly Download[]>
  history(query?: string): Promise<HistoryPage>
  statistics(): Promise<Statistics>
  /** Waits for a status, or one of several; throws with the download as it is when that takes longer. */
  becomes(id: string, status: DownloadStatus | readonly DownloadStatus[], withinMs?: number): Promise<DownloadDetail>
  /** Waits until there are so many downloads of a status. */
  counts(status: DownloadStatus, count: number, withinMs?: number): Promise<void>
  /** SIGKILL to the process that does it all. */
  kill(): Promise<void>
  /** SIGTERM or another signal, and how it ended. */
  stop(signal?: NodeJS.Signals): Promise<End>
  /** Starts it again on the same folders, with other flags where given. */
  restart(flags?: readonly string[]): Promise<void>
}

/** @throws Error with what it said when it does not answer within 30 seconds. */
export async function startDaemon(t: TestContext, options: DaemonOptions = {}): Promise<Daemon> {
  const root = mkdtempSync(join(tmpdir(), 'sluice-daemon-'))
  const dir = options.dir ?? join(root, 'files')
  const dataDir = options.dataDir ?? join(root, 'data')
  for (const folder of [join(root, 'home'), dir, dataDir]) mkdirSync(folder, { recursive: true })
  let said = ''
  let flags = options.flags ?? []
  let run = { child: undefined as ChildProcess | undefined, origin: '' }

  async function start(): Promise<void> {
    const child = spawnServe(dir, dataDir, flags, { HOME: join(root, 'home'), ...options.env })
    const begun = said.length
    child.stdout?.setEncoding('utf8').on('data', (text: string) => (said += text))
    child.stderr?.setEncoding('utf8').on('data', (text: string) => (said += text))
    run = { child, origin: '' }
    const origin = await until(
      async () => {
        if (hasEnded(child)) throw new Error(`sluice serve ended at its start: ${said.slice(begun)}`)
        // The log tells other addresses before.
        const [, printed] = /Sluice runs on (http:\/\/\S+:\d+)/.exec(said.slice(begun)) ?? []
        if (printed === undefined) return undefined
        return (await isHealthy(printed)) ? printed : undefined
      },
      60_000,
      () => `sluice serve does not answer: ${said.slice(begun)}`,
    )
    run = { child, origin }
  }

  async function end(signal: NodeJS.Signals): Promise<End> {
    const { child } = run
    if (child === undefined) throw new Error('the daemon was never started')
    const begun = performance.now()
    if (!hasEnded(child)) {
      const closed = once(child, 'close')
      child.kill(signal)
      await closed
    }
    return { code: child.exitCode, signal: child.signalCode, seconds: (performance.now() - begun) / 1000 }
  }

  t.after(async () => {
    if (run.child !== undefined) await end('SIGKILL')
    rmSync(root, { recursive: true, force: true })
  })
  await start()

  const api: Daemon['api'] = (method, path, body, more = {}) =>
    call(run.origin, method, path, { ...(body === undefined ? {} : { body }), ...more })
  const ask: Daemon['ask'] = async <T>(method: string, path: string, body?: unknown) => {
    const answer = await api(method, path, body)
    if (answer.status < 200 || answer.status > 299)
      throw new Error(`${method} ${path} answers ${answer.status}: ${answer.text.slice(0, 300)}`)
    return answer.json() as T
  }
  const get = (id: string): Promise<DownloadDetail> => ask('GET', `/api/download/${id}`)
  const list = (query = 'limit=100'): Promise<DownloadList> => ask('GET', `/api/downloads?${query}`)

  return {
    dir,
    dataDir,
    get origin() {
      return run.origin
    },
    get pid() {
      return run.child?.pid ?? 0
    },
    said: () => said,
    api,
    ask,
    get,
    list,
    async add(url, more = {}) {
      const { id } = await ask<{ id: string }>('POST', '/api/download/add', { url, ...more })
      return id
    },
    async all() {
      const found: Download[] = []
      for (;;) {
        const { downloads, total } = await list(`limit=100&offset=${found.length}`)
        found.push(...downloads)
        if (found.length >= total || downloads.length === 0) return found
      }
    },
    history: (query = 'limit=100') => ask('GET', `/api/history?${query}`),
    statistics: () => ask('GET', '/api/statistics'),
    becomes(id, status, withinMs = 60_000) {
      const wanted: readonly DownloadStatus[] = typeof status === 'string' ? [status] : status
      let last: DownloadDetail | undefined
      return until(
        async () => {
          last = await get(id)
          return wanted.includes(last.status) ? last : undefined
        },
        withinMs,
        () => `${id} does not become ${wanted.join(' or ')}: ${JSON.stringify(last)}`,
      )
    },
    async counts(status, count, withinMs = 60_000) {
      let last = -1
      await until(
        async () => {
          last = (await list(`status=${status}&limit=1`)).total
          return last === count ? true : undefined
        },
        withinMs,
        () => `${last} and not ${count} downloads are ${status}`,
      )
    },
    async kill() {
      await end('SIGKILL')
    },
    stop: (signal = 'SIGTERM') => end(signal),
    async restart(others) {
      flags = others ?? flags
      await start()
    },
  }
}

/** `sluice serve` on a port that the system chooses, unless the flags say otherwise. */
function spawnServe(
  dir: string,
  dataDir: string,
  flags: readonly string[],
  env: Readonly<Record<string, string>>,
): ChildProcess {
  const port = flags.includes('--port') ? [] : ['--port', '0']
  const args = ['serve', '--no-open', '--dir', dir, '--data-dir', dataDir, ...port, ...flags]
  return spawn(process.execPath, [launcher, ...args], {
    env: { PATH: process.env['PATH'], LANG: 'C.UTF-8', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null
}

async function isHealthy(origin: string): Promise<boolean> {
  try {
    // 401 is an answer too: a daemon with a token.
    return [200, 401].includes((await call(origin, 'GET', '/api/health', { timeout: 5000 })).status)
  } catch (error) {
    if (error instanceof Error && 'code' in error) return false
    throw error
  }
}

/** Asks again and again until there is a value; throws with the words given when it takes too long. */
export async function until<T>(
  look: () => Promise<T | undefined> | T | undefined,
  withinMs: number,
  complaint: () => string,
): Promise<T> {
  const deadline = performance.now() + withinMs
  for (;;) {
    const found = await look()
    if (found !== undefined) return found
    if (performance.now() > deadline) throw new Error(`Not within ${withinMs} ms: ${complaint()}`)
    await delay(25)
  }
}
