import type { Hash } from 'node:crypto'
import type { DigestAlgorithm } from '../core/digest.ts'
import { diskError } from '../core/disk-error.ts'

const { read } = process.getBuiltinModule('node:fs')

/**
 * Hashes a file while it grows. Bytes that arrive at the end of what is hashed are taken from memory as they come;
 * bytes that were written elsewhere first are read back from the page cache once the gap before them is closed.
 */
export interface HashFollower {
  /** Bytes from the front of the file that are in the digest. */
  readonly position: number
  /** Takes bytes that were just received for a position of the file. */
  take(buffer: Buffer, start: number, end: number, at: number): void
  /** Starts reading back up to `limit`; everything before it must have been written. Does nothing when already busy. */
  chase(limit: number): void
  /** Reads the rest back and gives the digests of bytes 0 to `size` in hex. Rejects with disk errors. */
  finish(size: number): Promise<Partial<Record<DigestAlgorithm, string>>>
  /** Forgets all: the file starts anew. */
  reset(): void
}

/** An open file. */
export interface Readable {
  readonly fd: number
  readonly path: string
  /** Where byte 0 of what is hashed stands in it; default 0. */
  readonly offset?: number
}

const readSize = 256 * 1024

export function followHash(algorithms: readonly DigestAlgorithm[], file: Readable): HashFollower {
  // Most downloads have no digest to compare with; the module costs them 5 MB.
  const { createHash } = process.getBuiltinModule('node:crypto')
  let hashes = start()
  let position = 0
  let generation = 0
  let chasing: Promise<void> | null = null
  let buffer: Buffer | undefined

  function start(): Array<readonly [DigestAlgorithm, Hash]> {
    return algorithms.map((name) => [name, createHash(name)] as const)
  }

  function update(bytes: Buffer): void {
    for (const [, hash] of hashes) hash.update(bytes)
    position += bytes.length
  }

  async function readBack(limit: number): Promise<void> {
    const mine = generation
    buffer ??= Buffer.allocUnsafeSlow(readSize)
    while (position < limit && mine === generation) {
      const count = await readAt(file, buffer, Math.min(readSize, limit - position), position)
      if (mine !== generation) return
      if (count === 0) throw diskError(Object.assign(new Error('short file'), { code: 'EIO' }), file.path)
      update(buffer.subarray(0, count))
    }
  }

  return {
    get position() {
      return position
    },
    take(bytes, from, end, at) {
      if (chasing || position < at || position >= at + end - from) return
      update(bytes.subarray(from + position - at, end))
    },
    chase(limit) {
      if (chasing || limit <= position) return
      // A failure shows again in `finish`, which reads the same bytes and reports it.
      chasing = readBack(limit).then(
        () => void (chasing = null),
        () => void (chasing = null),
      )
    },
    async finish(size) {
      while (chasing) await chasing
      await readBack(size)
      return Object.fromEntries(hashes.map(([name, hash]) => [name, hash.copy().digest('hex')]))
    },
    reset() {
      generation++
      hashes = start()
      position = 0
    },
  }
}

function readAt(file: Readable, buffer: Buffer, length: number, position: number): Promise<number> {
  return new Promise((resolve, reject) => {
    read(file.fd, buffer, 0, length, position + (file.offset ?? 0), (error, count) =>
      error ? reject(diskError(error, file.path)) : resolve(count),
    )
  })
}
