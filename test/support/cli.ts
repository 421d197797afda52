import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

export interface CliOptions {
  /** Default: the current folder. */
  readonly cwd?: string
  /** Added to a bare environment: PATH, locale and a HOME of its own, so that no setting of the machine leaks in. */
  readonly env?: Readonly<Record<string, string>>
  /** What the command reads from stdin; without it stdin is empty. */
  readonly stdin?: string
  /** Seconds after which the command is killed and the run rejects. Default 120. */
  readonly timeout?: number
}

export interface CliResult {
  /** Exit code, null when a signal ended the command. */
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
  readonly seconds: number
}

export interface RunningCli {
  readonly child: ChildProcess
  /** Everything written to stderr and stdout so far. */
  output(): { readonly stdout: string; readonly stderr: string }
  /** Settles when the command has ended and its output is complete; rejects when it cannot start or on the timeout. */
  readonly ended: Promise<CliResult>
}

/** The command of the checkout. */
export const launcher: string = resolve(import.meta.dirname, '../../runtime/sluice.js')

/** Runs the checkout's `sluice` with these arguments until it ends. */
export async function runSluice(args: readonly string[], options: CliOptions = {}): Promise<CliResult> {
  return (await spawnSluice(args, options)).ended
}

/** Starts the checkout's `sluice` and returns at once, for tests that kill it or talk to it. */
export async function spawnSluice(args: readonly string[], options: CliOptions = {}): Promise<RunningCli> {
  return spawnCommand(process.execPath, [launcher, ...args], options)
}

/** As spawnSluice, for any command. */
export async function spawnCommand(
  command: string,
  args: readonly string[],
  options: CliOptions = {},
): Promise<RunningCli> {
  const home = await mkdtemp(join(tmpdir(), 'sluice-home-'))
  const started = performance.now()
  const child = spawn(command, args, { cwd: options.cwd, env: { ...bareEnvironment(), HOME: home, ...options.env } })
  let stdout = ''
  let stderr = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
  // A command that does not read its stdin may end before it is written: that is its right.
  child.stdin.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
  })
  child.stdin.end(options.stdin ?? '')

  async function end(): Promise<CliResult> {
    try {
      const signal = AbortSignal.timeout((options.timeout ?? 120) * 1000)
      const [code, endSignal] = (await once(child, 'close', { signal })) as [number | null, NodeJS.Signals | null]
      const seconds = (performance.now() - started) / 1000
      return { code, signal: endSignal, stdout, stderr, seconds }
    } catch (error) {
      child.kill('SIGKILL')
      const line = [command, ...args].join(' ')
      throw new Error(`No proper end of: ${line}\nstdout: ${stdout}\nstderr: ${stderr}`, { cause: error })
    } finally {
      await rm(home, { recursive: true, force: true })
    }
  }
  return { child, output: () => ({ stdout, stderr }), ended: end() }
}

function bareEnvironment(): Record<string, string> {
  const kept = ['PATH', 'LANG', 'LC_ALL', 'TZ', 'TMPDIR'].map((name) => [name, process.env[name]])
  return Object.fromEntries(kept.filter(([, value]) => value !== undefined))
}
