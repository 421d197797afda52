import { resolve } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { Settings } from '../config/settings.ts'
import { SluiceError } from '../core/errors.ts'
import { openManager } from '../manager/open-manager.ts'
import type { Manager, ManagerLog, ManagerOptions } from '../manager/types.ts'
import { createApp } from './app.ts'
import type { App } from './app.ts'
import { addressIn, writeDaemonFile } from './daemon-file.ts'
import { bracketed, isLoopback } from './http/hosts.ts'
import { checkTokenStrength } from './http/token.ts'
import { listen } from './listen.ts'
import { createLog } from './log.ts'
import { readPage } from './pages/page-files.ts'

export interface DaemonOptions extends Omit<ManagerOptions, 'reachable' | 'log'> {
  /** 0 is any; a busy one gives way to the next that is free. */
  readonly port: number
  readonly host: string
  /** Needed to listen on more than loopback. */
  readonly token?: string
  /** Further names that the daemon may be asked for by, `name` or `name:port`. */
  readonly allowHosts?: readonly string[]
  /** Counts before the setting. */
  readonly logLevel?: Settings['logLevel']
  /** Default: stderr. */
  readonly log?: ManagerLog
}

export interface Daemon {
  /** Where this machine reaches it. */
  readonly url: string
  readonly port: number
  /** What the user should know about the port. */
  readonly note: string | null
  /** Stops taking requests, writes the checkpoints and ends everything, within 3 seconds. */
  close(): Promise<void>
}

const longestClose = 2900

/** Opens the manager and serves it. Nothing is opened or written where the options are not safe. */
export async function startDaemon(options: DaemonOptions): Promise<Daemon> {
  const { port, host, token, allowHosts, logLevel, log = logOf(logLevel), ...managerOptions } = options
  const reachable = !isLoopback(host)
  if (token !== undefined) checkTokenStrength(token)
  else if (reachable) {
    throw new SluiceError('usage', `Others could reach a daemon on ${host}, so it needs a token.`, {
      hint: 'Give one with --token or SLUICE_TOKEN, or listen on 127.0.0.1.',
    })
  }
  const dataDir = resolve(options.dataDir)
  const manager = await openManager({ ...managerOptions, dataDir, reachable, log }).catch(async (error: unknown) => {
    throw await withAddress(error, dataDir)
  })
  try {
    return await serve(manager, { port, host, dataDir, log, version: options.version, allow: allowHosts ?? [], token })
  } catch (error) {
    await manager.close()
    throw error
  }
}

/** Where another daemon holds the data folder, tells where that one is. */
async function withAddress(error: unknown, dataDir: string): Promise<unknown> {
  if (!(error instanceof SluiceError) || error.code !== 'already-running') return error
  const url = await addressIn(dataDir)
  if (url === undefined) return error
  return new SluiceError('already-running', error.message, {
    hint: `Use the daemon at ${url}, or give this one another --data-dir.`,
    cause: error,
  })
}

/** With a level of its own it stays at that, whatever the settings say. */
function logOf(level: DaemonOptions['logLevel']): ManagerLog {
  return level === undefined ? createLog() : { ...createLog(level), setLevel() {} }
}

interface ServeOptions {
  readonly port: number
  readonly host: string
  readonly dataDir: string
  readonly log: ManagerLog
  readonly version: string
  readonly allow: readonly string[]
  readonly token: string | undefined
}

/** Serves a manager that is open, and closes it in the end. */
export async function serve(manager: Manager, options: ServeOptions): Promise<Daemon> {
  const { host, log, version, token, allow } = options
  const apps: App[] = []
  const page = await readPage()
  const listening = await listen(host, options.port, log, (port) => {
    const hosts = { bound: host, port, allow }
    const app = createApp(manager, {
      hosts,
      version,
      log,
      ...(page === undefined ? {} : { page }),
      ...(token === undefined ? {} : { token }),
    })
    apps.push(app)
    return app
  })
  const url = `http://${bracketed(localAddress(host))}:${listening.port}`
  const file = await writeDaemonFile(options.dataDir, url)

  async function stop(): Promise<void> {
    for (const app of apps) app.stop()
    listening.stop()
    const late = new AbortController()
    await Promise.race([
      manager.close(),
      delay(longestClose, undefined, { signal: late.signal }).then(() =>
        log.warn({}, 'Not everything could be closed in time.'),
      ),
    ]).finally(() => late.abort())
    listening.destroy()
    await file.remove()
  }

  let closing: Promise<void> | undefined
  return { url, port: listening.port, note: listening.note, close: () => (closing ??= stop()) }
}

/** The address to use on this machine for one that stands for all of its own. */
function localAddress(host: string): string {
  if (host === '0.0.0.0') return '127.0.0.1'
  return host === '::' ? '::1' : host
}
