import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { compileCache } from '../faults/sandbox.ts'
import { sluiceCommand } from '../faults/tools.ts'

/** A sluice that is going to be killed, or not. */
export interface Victim {
  /** Sends SIGKILL, or another signal. */
  kill(signal?: NodeJS.Signals): void
  /** Exit code, null when a signal ended it, with all that it said. */
  readonly ended: Promise<{ readonly exit: number | null; readonly said: string }>
}

/** Folders of one test: where files land and where settings would be. */
export interface Place {
  readonly dir: string
  readonly home: string
  remove(): void
}

export function makePlace(): Place {
  const root = mkdtempSync(join(tmpdir(), 'sluice-system-'))
  return { dir: join(root, 'downloads'), home: root, remove: () => rmSync(root, { recursive: true, force: true }) }
}

/** `sluice get` without a launcher in between, so that the signal meets the process that writes. */
export function startGet(place: Place, args: ReadonlyArray<string>): Victim {
  const [file = '', ...first] = sluiceCommand()
  const env = {
    PATH: process.env['PATH'],
    HOME: place.home,
    SLUICE_DATA_DIR: join(place.home, 'data'),
    LANG: 'C.UTF-8',
    NODE_COMPILE_CACHE: compileCache,
  }
  const child = spawn(file, [...first, 'get', '-d', place.dir, '--no-progress', ...args], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let said = ''
  child.stdout.on('data', (bytes: Buffer) => (said += bytes.toString()))
  child.stderr.on('data', (bytes: Buffer) => (said += bytes.toString()))
  return {
    kill: (signal = 'SIGKILL') => void child.kill(signal),
    ended: new Promise((resolve, reject) => {
      child.once('error', reject)
      child.once('close', (exit) => resolve({ exit, said }))
    }),
  }
}
