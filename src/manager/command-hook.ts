import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import type { Readable } from 'node:stream'
import { redactUrl } from '../core/url.ts'
import type { Download, ManagerLog } from './types.ts'

export interface CommandHook {
  /** Returns at once. */
  run(download: Download): void
  /** Forgets what waits and ends what runs. */
  close(): Promise<void>
}

export interface CommandHookLimits {
  /** ms for one run. */
  readonly timeout: number
  /** Runs that may wait. */
  readonly waiting: number
}

const mostOutput = 4096
/** ms */
const leftBehind = 1000
/** ms that a program has to end by itself when the daemon stops */
const grace = 1000

/**
 * Runs a program after each completed download, one at a time, never through a shell: the path of the file is its last
 * argument, and SLUICE_ID, _PATH, _DOWNLOAD_URL, _BYTES, _SHA256 and _VERDICT stand in its environment. Its output (the first
 * 4 KiB) and its failures go to the log. Without a program nothing happens.
 */
export function createCommandHook(
  argv: readonly string[] | undefined,
  log: ManagerLog,
  { timeout, waiting: most }: CommandHookLimits = { timeout: 10 * 60_000, waiting: 10_000 },
): CommandHook {
  const [program, ...given] = argv ?? []
  const waiting: Download[] = []
  let child: ChildProcess | undefined
  let working = Promise.resolve()
  let closed = false

  const runNext = async (): Promise<void> => {
    const download = waiting.shift()
    if (download === undefined || program === undefined || closed) return
    const fields = { download: download.id }
    try {
      child = spawn(program, [...given, download.path], {
        env: environment(download),
        shell: false,
        windowsHide: true,
        stdio: ['ignore', 'pipe', 'pipe'],
        timeout,
        killSignal: 'SIGKILL',
      })
      const { how, output } = await ended(child)
      if (output !== '') log.info({ ...fields, output }, 'The program after completion wrote something.')
      if (how !== '' && !closed) log.warn(fields, `The program after completion ${how}.`)
    } catch (error) {
      log.error(
        fields,
        `The program after completion could not be run: ${error instanceof Error ? error.message : String(error)}`,
      )
    }
  }
  return {
    run: (download) => {
      if (program === undefined || closed) return
      if (waiting.length >= most) {
        log.error(
          { download: download.id },
          'Too many downloads wait for the program after completion; one was left out.',
        )
        return
      }
      waiting.push(download)
      working = working.then(runNext)
    },
    close: async () => {
      closed = true
      if (waiting.length > 0) log.warn({ count: waiting.length }, 'The program after completion was not run for some.')
      child?.kill('SIGTERM')
      const hurry = setTimeout(() => child?.kill('SIGKILL'), grace).unref()
      await working
      clearTimeout(hurry)
    },
  }
}

/** Of the daemon's own environment all but the key of its stored credentials. */
function environment(download: Download): NodeJS.ProcessEnv {
  const { SLUICE_KEY: _, ...inherited } = process.env
  return {
    ...inherited,
    SLUICE_ID: download.id,
    SLUICE_PATH: download.path,
    // SLUICE_URL is the address of the daemon for a `sluice` that the program runs, and would be given its token.
    SLUICE_DOWNLOAD_URL: redactUrl(download.url),
    SLUICE_BYTES: String(download.bytesDone),
    SLUICE_SHA256: download.digests.sha256 ?? '',
    SLUICE_VERDICT: download.verdict ?? '',
  }
}

/** How it ended, '' when well. Programs that it left behind may hold its output open; they are waited for briefly. */
async function ended(child: ChildProcess): Promise<{ readonly how: string; readonly output: string }> {
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  const outputs = [collect(child.stdout), collect(child.stderr)]
  child.once('error', reject)
  child.once('exit', () => {
    setTimeout(() => [child.stdout, child.stderr].forEach((stream) => stream?.destroy()), leftBehind).unref()
  })
  child.once('close', (code, signal) => {
    if (signal === null) resolve(code === 0 ? '' : `ended with code ${code}`)
    else resolve(`was ended by ${signal}`)
  })
  const how = await promise
  const output = outputs.map((read) => read()).join('')
  return { how, output: output.trimEnd() }
}

function collect(stream: Readable | null): () => string {
  const decoder = new TextDecoder()
  let text = ''
  stream?.on('data', (chunk: Uint8Array) => {
    if (text.length < mostOutput) text += decoder.decode(chunk, { stream: true })
  })
  return () => text.slice(0, mostOutput)
}
