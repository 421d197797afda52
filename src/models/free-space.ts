import { statfs } from 'node:fs/promises'
import { dirname } from 'node:path'
import { SluiceError } from '../core/errors.ts'
import { formatBytes } from '../core/units.ts'

/** Bytes that may still be written to the disk of a folder (or of the nearest one above it), null where it cannot be told. */
export async function freeSpace(folder: string): Promise<number | null> {
  for (let dir = folder; ; dir = dirname(dir)) {
    try {
      const { bavail, bsize } = await statfs(dir)
      return bavail * bsize
    } catch {
      if (dirname(dir) === dir) return null
    }
  }
}

/** Refuses what cannot fit before a byte is fetched. */
export async function checkSpace(folder: string, bytesMissing: number): Promise<void> {
  const free = await freeSpace(folder)
  if (free === null || bytesMissing <= free) return
  throw new SluiceError(
    'disk-full',
    `The model needs ${formatBytes(bytesMissing)} more, ${formatBytes(free)} are free in ${folder}.`,
  )
}
