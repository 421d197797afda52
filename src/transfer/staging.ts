import { accessSync, constants, mkdirSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { diskError } from './disk-error.ts'
import { liveness, ownerToken } from './owner.ts'
import { removeIfEmpty, stagingName } from './session.ts'

/**
 * Places for files that arrive within a moment: one folder for each process under the staging folder, so that
 * thousands of small files need no session each. What a killed process left there is removed by the next one.
 */
export interface Staging {
  /** Makes the target folder when missing; throws a disk error when it cannot be written to. */
  prepare(dir: string): void
  /** A path for a new file in the folder of this process. */
  take(dir: string): string
  /** The file is gone from there; the last one takes the folder with it. */
  done(dir: string): void
}

export function createStaging(): Staging {
  const prepared = new Set<string>()
  const inUse = new Map<string, number>()
  let count = 0
  const own = `run-${ownerToken()}`

  return {
    prepare(dir) {
      if (prepared.has(dir)) return
      try {
        mkdirSync(dir, { recursive: true })
        accessSync(dir, constants.W_OK)
      } catch (error) {
        throw diskError(error, dir)
      }
      prepared.add(dir)
    },
    take(dir) {
      const folder = join(dir, stagingName, own)
      const using = inUse.get(dir) ?? 0
      if (using === 0) {
        mkdirSync(folder, { recursive: true, mode: 0o700 })
        removeLeftOvers(join(dir, stagingName))
      }
      inUse.set(dir, using + 1)
      return join(folder, String(count++))
    },
    done(dir) {
      const left = (inUse.get(dir) ?? 1) - 1
      inUse.set(dir, left)
      if (left > 0) return
      inUse.delete(dir)
      rmSync(join(dir, stagingName, own), { recursive: true, force: true })
      removeIfEmpty(join(dir, stagingName))
    },
  }
}

function removeLeftOvers(folder: string): void {
  for (const name of readdirSync(folder)) {
    if (name.startsWith('run-') && liveness(name.slice(4)) === 'dead') rmSync(join(folder, name), { recursive: true, force: true })
  }
}
