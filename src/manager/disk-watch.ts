import { statfs } from 'node:fs/promises'
import type { Settings } from '../config/settings.ts'
import type { Clock } from './clock.ts'

/** Free bytes of the file system that a folder is on; null where it cannot tell. */
export type FreeSpace = (dir: string) => Promise<number | null>

/** Knows whether downloads may write: below `minFreeSpace` they stop, and go on above it by a tenth. */
export interface DiskWatch {
  low(): boolean
  /** As of the last look. */
  free(): number | null
  /** Looks when the last look is older than a few seconds; call it before something starts. */
  look(): Promise<void>
  /** Looks now. */
  lookNow(): Promise<void>
  /** Looks every few seconds until `wanted` says no. */
  keepLooking(): void
  close(): void
}

const interval = 5000

export function createDiskWatch(
  dir: string,
  clock: Clock,
  settings: () => Settings,
  freeSpace: FreeSpace,
  on: { readonly wanted: () => boolean; readonly looked: (changed: boolean) => void },
): DiskWatch {
  let low = false
  let free: number | null = null
  let lookedAt = -Infinity
  let looking: Promise<void> | null = null
  let stop: (() => void) | null = null

  async function lookOnce(): Promise<void> {
    const found = await freeSpace(dir)
    const { pauseOnLowDisk, minFreeSpace } = settings()
    const before = low
    free = found
    lookedAt = clock.elapsed()
    low = pauseOnLowDisk && found !== null && found < minFreeSpace * (before ? 1.1 : 1)
    on.looked(low !== before)
  }

  function lookNow(): Promise<void> {
    looking ??= lookOnce().finally(() => {
      looking = null
    })
    return looking
  }

  function keepLooking(): void {
    stop ??= clock.after(interval, () => {
      stop = null
      void lookNow().then(() => on.wanted() && keepLooking())
    })
  }

  return {
    low: () => low,
    free: () => free,
    look: () => (clock.elapsed() - lookedAt < interval ? Promise.resolve() : lookNow()),
    lookNow,
    keepLooking,
    close: () => stop?.(),
  }
}

export const freeSpaceOfDisk: FreeSpace = async (dir) => {
  try {
    const { bavail, bsize } = await statfs(dir)
    return bavail * bsize
  } catch {
    // A folder that is gone for now: what writes there says so better.
    return null
  }
}
