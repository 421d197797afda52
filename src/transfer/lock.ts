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

/**
 * Takes the lock of a staging folder, or gives null when another transfer holds it. Everybody writes a mark of his own
 * first and looks for others' marks then, so of two at the same moment at most one goes on. Marks of processes that
 * were killed are removed.
 */
export function takeLock(folder: string, now: number): Lock | null {
  const mine = join(folder, prefix + ownerToken())
  try {
    closeSync(openSync(mine, 'wx', 0o600))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return null
    throw error
  }
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
