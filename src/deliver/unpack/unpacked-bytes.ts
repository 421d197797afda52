import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { pipeline } from 'node:stream'
import type { Transform } from 'node:stream'
import { createGunzip, createZstdDecompress } from 'node:zlib'
import { badArchive, readingFailed } from '../bad-archive.ts'
import type { UnpackMeter } from './unpack-meter.ts'

const pieceSize = 256 * 1024

/** A file, and how it is packed. Any number of members or frames in a row is one stream. */
export interface UnpackedBytes {
  readonly path: string
  readonly kind: 'tar' | 'tar.gz' | 'tar.zst'
  readonly meter: UnpackMeter
  readonly signal?: AbortSignal | undefined
}

/**
 * Reads and unpacks a file; every checksum in it is compared. No file stays open, wherever reading ends.
 * @throws SluiceError `bad-archive` for damage, an end that is missing or has bytes behind it, and what the meter says;
 * errors of the disk; or the reason of the signal
 */
export async function* unpackedBytes(from: UnpackedBytes): AsyncGenerator<Buffer, void, void> {
  const { path, kind, meter, signal } = from
  const { size } = await stat(path)
  const file = createReadStream(path, { highWaterMark: pieceSize })
  const unpacker = unpackerOf(kind)
  // Errors of the file come out of the last stream, and its end closes the file.
  const last = unpacker ? pipeline(file, unpacker, () => undefined) : file
  let bytes = 0
  try {
    for await (const chunk of last) {
      signal?.throwIfAborted()
      bytes += chunk.length
      meter.stream(bytes, file.bytesRead)
      yield chunk
    }
  } catch (error) {
    signal?.throwIfAborted()
    throw cutOff(error) ? badArchive('The archive is cut off.', error) : readingFailed(error, path, 'The archive')
  }
  if (unpacker && unpacker.bytesWritten !== size) throw badArchive('Bytes follow the end of the archive.')
}

function unpackerOf(kind: UnpackedBytes['kind']): (Transform & { readonly bytesWritten: number }) | null {
  if (kind === 'tar') return null
  return kind === 'tar.gz' ? createGunzip({ chunkSize: pieceSize }) : createZstdDecompress({ chunkSize: pieceSize })
}

function cutOff(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'Z_BUF_ERROR'
}
