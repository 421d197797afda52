import type { FileHandle } from 'node:fs/promises'
import { crc32 } from 'node:zlib'
import { SluiceError } from '../core/errors.ts'
import { centralHeader, endRecords, localHeader, localHeaderSize } from './zip-format.ts'
import type { ZipRecord } from './zip-format.ts'

const pieceSize = 1024 * 1024

/** Where the bytes of an entry come from. */
export interface ZipInput {
  readonly file: FileHandle
  readonly size: number
}

/**
 * Writes entries one behind the other into a file that is open for reading and writing. Nothing is synced. `onBytes`
 * gets the number of bytes of each piece that was read.
 */
export interface ZipWriter {
  /** Takes bytes that stand in the file already, behind room for their header (`localHeaderSize`), as first entry. */
  adopt(name: string, size: number): Promise<void>
  addFile(name: string, input: ZipInput): Promise<void>
  addBytes(name: string, bytes: Uint8Array): Promise<void>
  /** An entry without content; the name ends in `/`. */
  addFolder(name: string): Promise<void>
  /** Writes directory and end, then the header of what was adopted, which makes the file a zip. Gives its size. */
  finish(): Promise<number>
}

export interface ZipWriterOptions {
  readonly mtime: Date
  readonly signal?: AbortSignal | undefined
  readonly onBytes?: ((bytes: number) => void) | undefined
}

/** @throws SluiceError `size-mismatch` from `adopt` and `addFile` when a file is shorter than its size */
export function createZipWriter(file: FileHandle, { mtime, signal, onBytes }: ZipWriterOptions): ZipWriter {
  const records: ZipRecord[] = []
  let adopted: ZipRecord | undefined
  let end = 0

  async function write(bytes: Uint8Array, at: number): Promise<void> {
    for (let done = 0; done < bytes.length;) {
      done += (await file.write(bytes, done, bytes.length - done, at + done)).bytesWritten
    }
  }

  /** Reads a whole input, gives each piece to `use`, and the CRC-32 of all. */
  async function read(
    input: FileHandle,
    from: number,
    size: number,
    use?: (piece: Buffer, at: number) => Promise<void>,
  ): Promise<number> {
    const buffer = Buffer.allocUnsafe(Math.min(size, pieceSize))
    let crc = 0
    for (let at = 0; at < size;) {
      signal?.throwIfAborted()
      const { bytesRead } = await input.read(buffer, 0, Math.min(size - at, pieceSize), from + at)
      if (bytesRead === 0)
        throw new SluiceError('size-mismatch', 'A blob became shorter while it was put into the zip.')
      const piece = buffer.subarray(0, bytesRead)
      crc = crc32(piece, crc)
      await use?.(piece, at)
      at += bytesRead
      onBytes?.(bytesRead)
    }
    return crc
  }

  /** Data first, header second: only then is the checksum known. */
  async function append(name: string, size: number, data: (start: number) => Promise<number>): Promise<void> {
    const start = end + localHeaderSize(name)
    const record = { name, size, crc: await data(start), offset: end }
    await write(localHeader(record, mtime), end)
    records.push(record)
    end = start + size
  }

  return {
    async adopt(name, size) {
      const start = localHeaderSize(name)
      adopted = { name, size, crc: await read(file, start, size), offset: 0 }
      records.push(adopted)
      end = start + size
    },
    addFile: (name, input) =>
      append(name, input.size, (start) => read(input.file, 0, input.size, (piece, at) => write(piece, start + at))),
    addBytes: (name, bytes) =>
      append(name, bytes.length, async (start) => {
        await write(bytes, start)
        return crc32(bytes)
      }),
    addFolder: (name) => append(name, 0, async () => 0),
    async finish() {
      const directory = Buffer.concat(records.map((record) => centralHeader(record, mtime)))
      const tail = endRecords({ entries: records.length, size: directory.length, offset: end })
      await write(Buffer.concat([directory, tail]), end)
      if (adopted) await write(localHeader(adopted, mtime), 0)
      return end + directory.length + tail.length
    },
  }
}
