import { join } from 'node:path'
import { diskError } from '../core/disk-error.ts'
import { makeFolder } from './make-folder.ts'
import { liveness, ownerToken } from './owner.ts'
import type { Liveness } from './owner.ts'
import { removeIfEmpty, stagingName } from './session.ts'

const { accessSync, constants, existsSync, readdirSync, rmSync, statSync, statfsSync } =
  process.getBuiltinModule('node:fs')

/**
 * Places for files that arrive within a moment: one folder for each process under the staging folder, so that
 * thousands of small files need no session each. What a killed process left there is removed by the next one.
 */
export interface Staging {
  /**
   * Makes the target folder when missing; throws a disk error when it cannot be written to. Tells whether it lies in
   * memory, where nothing survives a power cut and nothing is to be synced.
   */
  prepare(dir: string): { readonly inMemory: boolean }
  /** Whether a session folder of that name was there a moment ago (a quarter of a second). */
  hasSession(dir: string, id: string, now: number): boolean
  /** A session was begun there: the next `hasSession` looks again. */
  sessionBegun(dir: string): void
  /** A path for a new file in the folder of this process. */
  take(dir: string): string
  /** The file is gone from there. */
  done(dir: string): void
  /** Removes the folders of this process; no file may be in them any more. */
  close(): void
}

/** Types of tmpfs and ramfs, statfs(2). */
const memoryDisks = new Set([0x01021994, 0x858458f6])

/** A folder that is used again within this time stays (ms). */
const sweepMs = 500
/** Thousands of small files need no look at the folder each (ms). */
const listingMs = 250
const foreignPatience = 24 * 3600 * 1000

/** Engines of this thread so far: each has folders of its own. */
let engines = 0

export function createStaging(): Staging {
  const prepared = new Map<string, { readonly inMemory: boolean }>()
  const inUse = new Map<string, number>()
  const listings = new Map<string, { readonly at: number; readonly names: ReadonlySet<string> }>()
  let sweep: NodeJS.Timeout | null = null
  let count = 0
  const own = `run-${ownerToken()}-${engines++}`

  return {
    prepare(dir) {
      const known = prepared.get(dir)
      // Somebody may have removed it since.
      if (known && existsSync(dir)) return known
      try {
        makeFolder(dir)
        accessSync(dir, constants.W_OK)
        const facts = { inMemory: memoryDisks.has(statfsSync(dir).type) }
        prepared.set(dir, facts)
        return facts
      } catch (error) {
        throw diskError(error, dir)
      }
    },
    hasSession(dir, id, now) {
      let listing = listings.get(dir)
      if (!listing || now - listing.at > listingMs) {
        listing = { at: now, names: namesIn(join(dir, stagingName)) }
        listings.set(dir, listing)
      }
      return listing.names.has(id)
    },
    sessionBegun: (dir) => void listings.delete(dir),
    take(dir) {
      const folder = join(dir, stagingName, own)
      const using = inUse.get(dir)
      if (using === undefined || (using === 0 && !existsSync(folder))) {
        // On a disk that is read-only by now the next line would say that the folder is gone.
        accessSync(dir, constants.W_OK)
        makeFolder(folder, 0o700)
        removeLeftOvers(join(dir, stagingName))
      }
      inUse.set(dir, (using ?? 0) + 1)
      return join(folder, String(count++))
    },
    done(dir) {
      inUse.set(dir, (inUse.get(dir) ?? 1) - 1)
      sweep ??= setTimeout(removeUnused, sweepMs).unref()
    },
    close: removeUnused,
  }

  function removeUnused(): void {
    if (sweep) clearTimeout(sweep)
    sweep = null
    for (const [dir, using] of inUse) {
      if (using > 0) continue
      inUse.delete(dir)
      rmSync(join(dir, stagingName, own), { recursive: true, force: true })
      removeIfEmpty(join(dir, stagingName))
    }
  }
}

function namesIn(folder: string): ReadonlySet<string> {
  try {
    return new Set(readdirSync(folder))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return new Set()
    throw diskError(error, folder)
  }
}

function removeLeftOvers(folder: string): void {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name)
    if (name.startsWith('run-') && isLeftOver(path, liveness(name.slice(4))))
      rmSync(path, { recursive: true, force: true })
  }
}

/** Of another boot or container nobody can tell whether it lives: after a day without a new file it does not. */
function isLeftOver(path: string, state: Liveness): boolean {
  if (state !== 'elsewhere') return state === 'dead'
  const stat = statSync(path, { throwIfNoEntry: false })
  return stat !== undefined && Date.now() - stat.mtimeMs > foreignPatience
}
