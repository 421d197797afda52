import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createClient } from '../client/client.ts'
import type { Client } from '../client/client.ts'
import type { Settings } from '../config/resolve.ts'
import { SluiceError } from '../core/errors.ts'
import type { CommandContext } from './command.ts'

const usualUrl = 'http://127.0.0.1:8080'

/** What a daemon writes into its data folder while it runs. */
export interface RunningDaemon {
  readonly url: string
  readonly pid: number
}

/** A client for the daemon that is meant: `--url`, SLUICE_URL, the one that runs with this data folder, port 8080. */
export async function openDaemon(settings: Settings<'url' | 'token'>, { paths }: CommandContext): Promise<Client> {
  const given = settings.text('url')
  const url = given === undefined ? ((await runningDaemon(paths.data))?.url ?? usualUrl) : withScheme(given)
  const token = settings.text('token')
  if (token !== undefined && !/^[\x21-\x7e]+$/.test(token))
    throw new SluiceError('usage', 'The token has characters that a token cannot have.', {
      hint: 'Check SLUICE_TOKEN: visible ASCII characters, no blanks.',
    })
  return createClient({ url, ...(token === undefined ? {} : { token }) })
}

/** `nas:8080` is as good as `http://nas:8080`. */
function withScheme(url: string): string {
  return url.includes('://') ? url : `http://${url}`
}

/** The daemon of a data folder, if its process is still there. A file that is none of ours counts as missing. */
export async function runningDaemon(dataDir: string): Promise<RunningDaemon | undefined> {
  const text = await readIfThere(join(dataDir, 'daemon.json'))
  if (text === undefined) return undefined
  const found = parsed(text)
  return found !== undefined && isRunning(found.pid) ? found : undefined
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined
    throw new SluiceError('disk', `${path} cannot be read (${String(code)}).`, { cause: error })
  }
}

function parsed(text: string): RunningDaemon | undefined {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value !== 'object' || value === null || !('url' in value) || !('pid' in value)) return undefined
    const { url, pid } = value
    return typeof url === 'string' && typeof pid === 'number' && Number.isInteger(pid) && pid > 0
      ? { url, pid }
      : undefined
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    // EPERM: it runs, as another user.
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}
