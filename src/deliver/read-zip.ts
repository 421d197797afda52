import { close, constants, fstat, open, read } from 'node:fs'
import { promisify } from 'node:util'
import { fromFdPromise } from 'yauzl'
import type { Entry, ZipFile } from 'yauzl'
import { SluiceError } from '../core/errors.ts'
import { badArchive, readingFailed } from './bad-archive.ts'
import { diskError, errorCode } from '../core/disk-error.ts'
import { checkPlaces } from './zip-places.ts'
import { checkNames, checkRecord, entryName, unixMode } from './zip-records.ts'
import { findDirectory } from './zip-end.ts'
import type { ReadAt } from './zip-end.ts'

const pieceSize = 1024 * 1024
const openFile = promisify(open)
const closeFile = promisify(close)
const stat = promisify(fstat)
const readFile = promisify(read)

/** An entry of a zip file that passed every check of `openZip`. Sizes in bytes. */
export interface ZipEntry {
  /** Relative, segments parted by `/`, none of them empty, `.` or `..`; folders without the `/` at the end. */
  readonly name: string
  readonly folder: boolean
  /** A symbolic link; its target, unchecked, is the content. Never unless they were asked for. */
  readonly link: boolean
  /** Whether its mode lets anybody run it. */
  readonly executable: boolean
  readonly size: number
  readonly crc: number
  /**
   * The content, exactly `size` bytes; a piece is good until the next one is asked for. The checksum is not compared.
   * Throws `bad-archive`, SluiceErrors of the disk, or the reason of the signal.
   */
  readonly pieces: (signal?: AbortSignal) => AsyncIterable<Uint8Array>
}

export interface ZipOptions {
  /** Takes symbolic links; by default they refuse the zip. */
  readonly links?: boolean
}

export interface OpenZip {
  /** In the order of the directory. */
  readonly entries: readonly ZipEntry[]
  close(): void
}

/**
 * Opens a zip file and checks it whole before anything of it is used: end records, every entry of the directory, every
 * local header against it, and that each byte of the file belongs to exactly one of them. Refused are names that lead
 * elsewhere or meet each other, links unless asked for, other special files, encryption, methods other than Store and
 * Deflate, and contents packed more than 1000 to 1.
 * @throws SluiceError `bad-archive`, `not-found`, those of the disk; or the reason of the signal
 */
export async function openZip(
  path: string,
  signal?: AbortSignal,
  { links = false }: ZipOptions = {},
): Promise<OpenZip> {
  const fd = await openFd(path)
  let zip: ZipFile | undefined
  try {
    const info = await stat(fd)
    if (!info.isFile()) throw badArchive(`This is not a file: ${path}`)
    const readAt = exactReader(fd)
    const directory = await findDirectory(readAt, info.size)
    const raw = await readAt(directory.offset, directory.size)
    zip = await fromFdPromise(fd, { autoClose: false, decodeStrings: false })
    const found = await readEntries({ zip, raw, count: directory.entries, links, signal })
    checkNames(found)
    const places = await checkPlaces({ zip, entries: found, readAt, end: directory.offset, signal })
    return opened(zip, fd, path, places)
  } catch (error) {
    // The reader closes the file once it has taken it over.
    if (zip) zip.close()
    else await closeFile(fd)
    signal?.throwIfAborted()
    throw readingFailed(error, path)
  }
}

async function openFd(path: string): Promise<number> {
  try {
    // Without waiting for somebody to write, should it be a pipe.
    return await openFile(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0))
  } catch (error) {
    if (errorCode(error) === 'ENOENT')
      throw new SluiceError('not-found', `There is no such file: ${path}`, { cause: error })
    throw diskError(error, path)
  }
}

function exactReader(fd: number): ReadAt {
  return async (position, length) => {
    const buffer = Buffer.alloc(length)
    for (let done = 0; done < length;) {
      const { bytesRead } = await readFile(fd, buffer, done, length - done, position + done)
      if (bytesRead === 0) throw badArchive('The zip file is cut off.')
      done += bytesRead
    }
    return buffer
  }
}

/** Reads the directory to its last byte. */
async function readEntries(work: {
  readonly zip: ZipFile
  readonly raw: Buffer
  readonly count: number
  readonly links: boolean
  readonly signal?: AbortSignal | undefined
}): Promise<Entry[]> {
  const { zip, raw, count, links, signal } = work
  const entries: Entry[] = []
  let at = 0
  for await (const entry of zip.eachEntry()) {
    signal?.throwIfAborted()
    checkRecord(entry, raw, at, links)
    at += 46 + entry.fileNameLength + entry.extraFieldLength + entry.fileCommentLength
    entries.push(entry)
  }
  if (at !== raw.length || entries.length !== count)
    throw badArchive('The directory of the zip file has another length than its end says.')
  return entries
}

function opened(zip: ZipFile, fd: number, path: string, places: ReadonlyMap<Entry, number>): OpenZip {
  const entries = Array.from(places, ([entry, start]): ZipEntry => {
    const name = entryName(entry)
    const stored = entry.compressionMethod === 0
    return {
      name: name.replace(/\/$/, ''),
      folder: name.endsWith('/'),
      ...unixMode(entry),
      size: entry.uncompressedSize,
      crc: entry.crc32,
      pieces: (signal) => (stored ? readStored(start, entry.uncompressedSize, signal) : inflate(entry, signal)),
    }
  })
  return { entries, close: () => zip.close() }

  async function* readStored(start: number, size: number, signal?: AbortSignal): AsyncIterable<Uint8Array> {
    const buffer = Buffer.allocUnsafe(Math.min(size, pieceSize))
    for (let done = 0; done < size;) {
      signal?.throwIfAborted()
      const length = Math.min(size - done, pieceSize)
      const { bytesRead } = await readFile(fd, buffer, 0, length, start + done).catch((error: unknown) => {
        throw diskError(error, path)
      })
      if (bytesRead === 0) throw badArchive('The zip file became shorter while it was read.')
      done += bytesRead
      yield buffer.subarray(0, bytesRead)
    }
  }

  async function* inflate(entry: Entry, signal?: AbortSignal): AsyncIterable<Uint8Array> {
    try {
      for await (const piece of await zip.openReadStreamPromise(entry)) {
        signal?.throwIfAborted()
        yield piece
      }
    } catch (error) {
      signal?.throwIfAborted()
      throw readingFailed(error, path)
    }
  }
}
