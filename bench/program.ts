import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import { readFile } from 'node:fs/promises'

export interface Command {
  /** Program and arguments; no shell in between. */
  readonly argv: readonly [string, ...string[]]
  readonly cwd: string
  readonly env: NodeJS.ProcessEnv
  /** File that takes stdout and stderr, so that a talkative program costs this process nothing. */
  readonly log: string
  readonly signal: AbortSignal
  /** Milliseconds after which the run counts as failed. */
  readonly limit: number
}

/**
 * Runs a command to its end and returns its wall time in seconds, from just before the spawn.
 * @throws Error with the last words of the program when it fails, hangs or is not there.
 */
export async function timed(command: Command): Promise<number> {
  const [program, ...args] = command.argv
  const log = openSync(command.log, 'w')
  try {
    const start = performance.now()
    const child = spawn(program, args, {
      cwd: command.cwd,
      env: command.env,
      stdio: ['ignore', log, log],
      detached: true,
    })
    const how = await ended(child, AbortSignal.any([command.signal, AbortSignal.timeout(command.limit)]))
    const seconds = (performance.now() - start) / 1000
    command.signal.throwIfAborted()
    if (how !== 'exit 0') throw new Error(`${how} after ${seconds.toFixed(1)} s${await lastWords(command.log)}`)
    return seconds
  } finally {
    closeSync(log)
  }
}

/** Waits for the end; an abort kills the program and all that it started. */
function ended(child: ChildProcess, signal: AbortSignal): Promise<string> {
  return new Promise((resolve, reject) => {
    const kill = (): void => endGroup(child, 'SIGKILL')
    signal.addEventListener('abort', kill)
    child.once('error', reject)
    child.once('exit', (code, by) => {
      signal.removeEventListener('abort', kill)
      resolve(code === null ? `ended by ${by}` : `exit ${code}`)
    })
    if (signal.aborted) kill()
  })
}

/** Signals a child that was spawned `detached`, and its descendants. */
export function endGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return
  process.kill(-child.pid, signal)
}

async function lastWords(log: string): Promise<string> {
  const words = (await readFile(log, 'utf8')).trim().split('\n').slice(-2).join(' ').replaceAll(/\s+/g, ' ')
  return words === '' ? '' : `: ${words.slice(0, 160)}`
}
