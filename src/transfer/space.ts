import { SluiceError } from '../core/errors.ts'
import { formatBytes } from '../core/units.ts'

const { statSync, statfsSync } = process.getBuiltinModule('node:fs')

/** Free space on each disk, less what running transfers still need there. */
export interface Space {
  /** Throws `disk-full` when `bytes` more do not fit beside what others claim. The claim holds until it is released. */
  claim(dir: string, bytes: number, stillNeeded: () => number): Claim
}

export interface Claim {
  release(): void
}

/** `freeBytes` tells what an unprivileged user may still write into a folder. */
export function createSpace(freeBytes: (dir: string) => number = freeOnDisk): Space {
  const claims = new Set<{ readonly disk: number; readonly stillNeeded: () => number }>()
  const disks = new Map<string, number>()

  function diskOf(dir: string): number {
    const disk = disks.get(dir) ?? statSync(dir).dev
    disks.set(dir, disk)
    return disk
  }

  return {
    claim(dir, bytes, stillNeeded) {
      const disk = diskOf(dir)
      let others = 0
      for (const claim of claims) if (claim.disk === disk) others += claim.stillNeeded()
      const free = freeBytes(dir) - others
      if (bytes > free) {
        const promised = others > 0 ? ` (${formatBytes(others)} more are promised to other downloads)` : ''
        throw new SluiceError(
          'disk-full',
          `The file needs ${formatBytes(bytes)}, ${formatBytes(Math.max(0, free))} are free in ${dir}${promised}.`,
        )
      }
      const claim = { disk, stillNeeded }
      claims.add(claim)
      return { release: () => void claims.delete(claim) }
    },
  }
}

function freeOnDisk(dir: string): number {
  const { bavail, bsize } = statfsSync(dir)
  return bavail * bsize
}
