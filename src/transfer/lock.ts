import { join } from 'node:path'
import { liveness, ownerToken } from './owner.ts'

const { closeSync, openSync, readdirSync, rmSync, statSync, utimesSync } = process.getBuiltinModule('node:fs')

const prefix = 'lock-'
/** A lock from another machine or container counts as left behind when it was not refreshed for this long (ms). */
const foreignPatience = 60_000
const refreshEvery = 10_000

/** The right to write one part file, held by one transfer of one process. */
export interface Lock {
  /** Shows processes elsewhere that the holder lives; may be called as often as one likes, `now` in ms since 1970. */
  refresh(now: number): void
  release(): void
}

/** Two that saw each other's marks ask again at moments that chance decides, or neither would go on. */
const attempts = 3
const longestPause = 40

/**
 * Takes the lock of a staging folder, or gives null when another transfer holds it. Everybody writes a mark of his own
 * first and looks for others' marks then, so of two at the same moment at most one goes on. Marks of processes that
 * were killed are removed. Waits for up to a tenth of a second where another process is in the way.
 */
export function takeLock(folder: string, now: number): Lock | null {
  const mine = join(folder, prefix + ownerToken())
  for (let attempt = 1; attempt <= attempts; attempt++) {
    if (attempt > 1) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1 + Math.random() * longestPause)
    try {
      closeSync(openSync(mine, 'wx', 0o600))
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      // A mark of this very process; or the other one is done meanwhile and has taken the folder with it.
      if (code === 'EEXIST' || (code === 'ENOENT' && attempt > 1)) return null
      throw error
    }
    const lock = lockBehind(folder, mine, now)
    if (lock) return lock
  }
  return null
}

function lockBehind(folder: string, mine: string, now: number): Lock | null {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name)
    if (!name.startsWith(prefix) || path === mine) continue
    if (holds(path, name.slice(prefix.length), now)) {
      rmSync(mine, { force: true })
      return null
    }
    rmSync(path, { force: true })
  }
  let refreshed = now
  return {
    refresh: (time) => {
      if (time - refreshed < refreshEvery) return
      refreshed = time
      const at = new Date(time)
      utimesSync(mine, at, at)
    },
    release: () => rmSync(mine, { force: true }),
  }
}

function holds(path: string, token: string, now: number): boolean {
  const state = liveness(token)
  if (state !== 'elsewhere') return state === 'alive'
  const stat = statSync(path, { throwIfNoEntry: false })
  return stat !== undefined && now - stat.mtimeMs < foreignPatience
}
