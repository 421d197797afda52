import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync } from 'node:fs'
import { mkdir, readFile, rm } from 'node:fs/promises'
import { request } from 'node:http'
import net from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Bench } from './measure.ts'
import { endGroup } from './program.ts'

/** A daemon under measurement, with folders of its own that go with it. */
export interface Daemon extends AsyncDisposable {
  readonly origin: string
  /** Peak resident memory in bytes so far (VmHWM: the process with all its threads). */
  peak(): Promise<number>
  /** Seconds of processor time used so far. */
  cpu(): Promise<number>
}

export interface Reply {
  readonly status: number
  readonly text: string
  /** From the first byte of the connection to the last of the answer. */
  readonly ms: number
}

const SLUICE = join(import.meta.dirname, '..', 'node_modules', '.bin', 'sluice')

export async function startSluice(bench: Bench): Promise<Daemon> {
  return start(bench, 'GET /api/health', (port, folder) => [
    ...[SLUICE, 'serve', '--no-open', '--host', '127.0.0.1', '--port', String(port)],
    ...['--dir', join(folder, 'files'), '--data-dir', join(folder, 'data')],
  ])
}

/** aria2 as its manual advises for the work: eight downloads at once, no filling of files with zeros. */
export async function startAria2(bench: Bench): Promise<Daemon> {
  return start(bench, 'POST /jsonrpc', (port, folder) => [
    ...['aria2c', '-q', '--enable-rpc', `--rpc-listen-port=${port}`, '--rpc-max-request-size=64M'],
    ...['--file-allocation=none', '-j8', '-d', join(folder, 'files')],
  ])
}

/** Sends a request on a connection of its own, as curl would. */
export async function ask(daemon: Daemon, line: string, body?: unknown): Promise<Reply> {
  const [method = '', path = ''] = line.split(' ')
  const text = typeof body === 'string' ? body : body === undefined ? '' : JSON.stringify(body)
  const type = typeof body === 'string' ? 'text/plain' : 'application/json'
  const begun = performance.now()
  return new Promise((resolve, reject) => {
    const headers = body === undefined ? {} : { 'content-type': type, 'content-length': Buffer.byteLength(text) }
    const outgoing = request(daemon.origin + path, { method, headers, agent: false, timeout: 30_000 }, (response) => {
      const parts: Buffer[] = []
      response.on('data', (bytes: Buffer) => parts.push(bytes))
      response.once('error', reject)
      response.once('end', () => {
        const ms = performance.now() - begun
        resolve({ status: response.statusCode ?? 0, text: Buffer.concat(parts).toString(), ms })
      })
    })
    outgoing.once('timeout', () => outgoing.destroy(new Error(`no answer to ${line} in 30 s`)))
    outgoing.once('error', reject)
    outgoing.end(text)
  })
}

/** As ask; an answer that is no success, or an error of JSON-RPC, is an Error. Gives back the answer's JSON. */
export async function need<T>(daemon: Daemon, line: string, body?: unknown): Promise<T> {
  const { status, text } = await ask(daemon, line, body)
  if (status < 200 || status > 299) throw new Error(`${line} answers ${status}: ${text.slice(0, 160)}`)
  return JSON.parse(text) as T
}

/** Waits until the daemon's own list says that so many downloads are active. */
export async function untilActive(daemon: Daemon, count: number, signal: AbortSignal): Promise<void> {
  const deadline = performance.now() + 30_000
  for (;;) {
    const { total } = await need<{ total: number }>(daemon, 'GET /api/downloads?status=active&limit=1')
    if (total === count) return
    if (performance.now() > deadline) throw new Error(`${total} of ${count} downloads are active after 30 s`)
    await sleep(100, undefined, { signal })
  }
}

type Line = readonly string[]

async function start(bench: Bench, probe: string, argv: (port: number, folder: string) => Line): Promise<Daemon> {
  const folder = join(bench.folder, 'daemon')
  await rm(folder, { recursive: true, force: true })
  for (const name of ['files', 'data', 'home']) await mkdir(join(folder, name), { recursive: true })
  const port = await freePort()
  const log = openSync(join(bench.folder, 'log'), 'w')
  const [program = '', ...args] = argv(port, folder)
  const bin = join(import.meta.dirname, '..', 'node_modules', '.bin')
  const child = spawn(program, args, {
    cwd: folder,
    env: { PATH: `${bin}:${process.env['PATH'] ?? ''}`, HOME: join(folder, 'home'), LANG: 'C.UTF-8' },
    stdio: ['ignore', log, log],
    detached: true,
  })
  closeSync(log)
  const failed = once(child, 'error').then(([error]) => Promise.reject(error as Error))
  const ended = once(child, 'exit').then(async ([code]) => {
    const words = (await readFile(join(bench.folder, 'log'), 'utf8')).trim().slice(-160).replaceAll(/\s+/g, ' ')
    throw new Error(`ended at its start (exit ${String(code)}): ${words}`)
  })
  const pid = child.pid ?? 0
  const daemon: Daemon = {
    origin: `http://127.0.0.1:${port}`,
    peak: async () => Number(/VmHWM:\s*(\d+)/.exec(await readFile(`/proc/${pid}/status`, 'utf8'))?.[1]) * 1024,
    async cpu() {
      const fields = (await readFile(`/proc/${pid}/stat`, 'utf8')).replace(/^.*\) /, '').split(' ')
      // Clock ticks of 10 ms, on every Linux that Node runs on.
      return (Number(fields[11]) + Number(fields[12])) / 100
    },
    async [Symbol.asyncDispose]() {
      await end(child)
      await rm(folder, { recursive: true, force: true })
    },
  }
  try {
    await Promise.race([answers(daemon, probe, bench.signal), failed, ended])
    return daemon
  } catch (error) {
    await daemon[Symbol.asyncDispose]()
    throw error
  }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return
  const gone = once(child, 'exit')
  endGroup(child, 'SIGKILL')
  await gone
}

async function answers(daemon: Daemon, probe: string, signal: AbortSignal): Promise<void> {
  const deadline = performance.now() + 20_000
  for (;;) {
    const isThere = await ask(daemon, probe).then(
      () => true,
      () => false,
    )
    if (isThere) return
    if (performance.now() > deadline) throw new Error('does not answer')
    await sleep(50, undefined, { signal })
  }
}

async function freePort(): Promise<number> {
  const server = net.createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as net.AddressInfo
  server.close()
  return port
}
