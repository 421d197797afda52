import { SluiceError } from '../../core/errors.ts'
import { formatBytes } from '../../core/units.ts'
import type { UnpackLimits } from '../archive-types.ts'
import { badArchive, showEntry } from '../bad-archive.ts'

const GiB = 1024 ** 3
/** Fewer bytes than this are no bomb, however well they were packed. */
const smallBytes = 64 * 1024 ** 2
/** What the headers of as many entries as are allowed may take, and the end of a tar. */
const headerBytes = 64 * 1024 ** 2

export const unpackLimits: UnpackLimits = { entries: 20_000, fileBytes: 8 * GiB, totalBytes: 16 * GiB, ratio: 200 }

/** Counts what an archive unpacks to, and fails as soon as it is too much. All its errors are SluiceErrors. */
export interface UnpackMeter {
  /** Content of all files so far, those that were left out too. */
  readonly bytes: number
  /** One more entry, and as many folders and files so far as `places`. */
  entry(places: number): void
  /** A file of that size comes. `written` says whether it needs room on the disk. */
  file(path: string, size: number, written: boolean): void
  /** So many bytes came out of so many packed ones so far. */
  stream(unpacked: number, packed: number): void
}

/** @param free bytes that the disk has room for */
export function createMeter(limits: UnpackLimits, free: number): UnpackMeter {
  let [entries, bytes, written] = [0, 0, 0]
  return {
    get bytes() {
      return bytes
    },
    entry(places) {
      entries += 1
      if (Math.max(entries, places) > limits.entries)
        throw badArchive(`The archive holds more than ${limits.entries} entries.`)
    },
    file(path, size, isWritten) {
      if (size > limits.fileBytes)
        throw badArchive(`The entry ${showEntry(path)} of the archive is larger than ${formatBytes(limits.fileBytes)}.`)
      bytes += size
      if (bytes > limits.totalBytes)
        throw badArchive(
          `The archive holds more than ${formatBytes(limits.totalBytes)}: the limit is reached at ${showEntry(path)}.`,
        )
      if (isWritten) written += size
      if (written > free)
        throw new SluiceError(
          'disk-full',
          `The disk has no room for what the archive holds: ${formatBytes(free)} are free.`,
          {
            hint: 'Nothing was installed. Free some space, then try again.',
          },
        )
    },
    stream(unpacked, packed) {
      if (unpacked > limits.totalBytes + headerBytes)
        throw badArchive(`The archive holds more than ${formatBytes(limits.totalBytes)}.`)
      if (unpacked > smallBytes && unpacked > limits.ratio * packed)
        throw badArchive(`The archive is packed more than ${limits.ratio} to 1, as no honest one is.`)
    },
  }
}
