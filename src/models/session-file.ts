import { readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { SluiceError } from '../core/errors.ts'
import { field, isRecord } from '../core/json-record.ts'
import { diskError, errorCode } from '../core/disk-error.ts'
import { takeLock } from '../transfer/lock.ts'
import type { Lock } from '../transfer/lock.ts'
import { makeStaging, removeStaging } from './staging-folder.ts'

export type SessionState = 'downloading' | 'paused' | 'writing' | 'completed' | 'error'

/**
 * `session.json` of a pull, for people and tools that look into its folder; docs/formats.md tells of each field. Parts
 * are gone on with from the engine's own sessions, never from this.
 */
export interface PullSession {
  readonly model: string
  readonly sessionId: string
  /** '' where the target is no zip file. */
  readonly outZip: string
  readonly stagingRoot: string
  /** Without credentials. */
  readonly registry: string
  readonly platform: string
  readonly concurrency: number
  readonly retries: number
  readonly startedAt: string
}

/** The note of a pull, and its mark on the staging folder. Written anew at each change of its state, and now and then between. */
export interface SessionFile {
  write(state: SessionState, message?: string): Promise<void>
  /** The same, unless it was written within five seconds. */
  touch(): Promise<void>
  /** The pull is over: others may have the folder. */
  leave(): void
  /** The same, and nothing of it is to be kept. */
  remove(): Promise<void>
}

const interval = 5000

/**
 * Takes the staging folder. Where another pull has it: throws `in-use`, unless several may work there (`shared`); then
 * this one writes no note.
 */
export async function openSession(
  folder: string,
  session: PullSession,
  now: () => number,
  shared: boolean,
): Promise<SessionFile> {
  const lock = await lockFolder(folder, now)
  if (lock) return sessionFile(folder, session, now, lock)
  if (shared) return noSession
  throw new SluiceError('in-use', `Another Sluice is pulling into ${folder}.`, {
    hint: 'Wait for it, or choose another target.',
  })
}

const noSession: SessionFile = {
  write: async () => {},
  touch: async () => {},
  leave() {},
  remove: async () => {},
}

function sessionFile(folder: string, session: PullSession, now: () => number, lock: Lock): SessionFile {
  let writtenAt = -Infinity
  let last: Promise<void> = Promise.resolve()
  let left = false

  async function save(state: SessionState, message: string): Promise<void> {
    const text = JSON.stringify({ ...session, lastUpdated: new Date(now()).toISOString(), state, message }, null, 2)
    const path = join(folder, 'session.json')
    try {
      await writeFile(`${path}.new`, `${text}\n`, { mode: 0o644 })
      await rename(`${path}.new`, path)
      lock.refresh(now())
    } catch (error) {
      throw diskError(error, path)
    }
  }

  function write(state: SessionState, message = ''): Promise<void> {
    writtenAt = now()
    // A failure is told to those who waited for it, and the next note may be written all the same.
    last = last.catch(() => undefined).then(() => save(state, message))
    return last
  }

  /** Once only: by then the next pull of this process may have a mark of the same name. */
  function leave(): void {
    if (left) return
    left = true
    lock.release()
  }

  return {
    write,
    touch: () => (now() - writtenAt < interval ? Promise.resolve() : write('downloading')),
    leave,
    async remove() {
      await last.catch(() => undefined)
      leave()
      await removeStaging(folder)
    },
  }
}

/** Removes the staging folder of a pull that is over, unless another one has it. `now` in ms since 1970. */
export async function discardSession(folder: string, now: number): Promise<void> {
  try {
    const lock = takeLock(folder, now)
    if (lock === null) return
    lock.release()
  } catch (error) {
    const code = errorCode(error)
    // There is none, or something else that is not ours.
    if (code === 'ENOENT' || code === 'ENOTDIR') return
    throw diskError(error, folder)
  }
  await removeStaging(folder)
}

/**
 * The same for a pull that ended before it had removed its folder, though all else was done. A folder that was kept on
 * purpose says that it is completed, and stays.
 */
export async function discardUnfinished(folder: string, now: number): Promise<void> {
  const state = await stateIn(join(folder, 'session.json'))
  if (state !== null && state !== 'completed') await discardSession(folder, now)
}

/** Null where there is no note that could be read. */
async function stateIn(path: string): Promise<unknown> {
  try {
    const note: unknown = JSON.parse(await readFile(path, 'utf8'))
    return isRecord(note) ? (field(note, 'state') ?? null) : null
  } catch (error) {
    if (error instanceof SyntaxError || errorCode(error) !== undefined) return null
    throw error
  }
}

/** The folder may go in the very moment in which it is taken, with the pull that had it. */
async function lockFolder(folder: string, now: () => number): Promise<Lock | null> {
  for (let attempt = 1; ; attempt++) {
    await makeStaging(folder)
    try {
      return takeLock(folder, now())
    } catch (error) {
      if (attempt === 5 || errorCode(error) !== 'ENOENT') throw diskError(error, folder)
    }
  }
}
