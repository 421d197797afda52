import { createHash } from 'node:crypto'

/** The bytes of a file that exists nowhere: any part of it can be computed from its place, so size costs no memory. */
export interface Content {
  /** Bytes. */
  readonly size: number
  readonly seed: number
  /** Bytes `start` (inclusive) to `end` (exclusive). */
  read(start: number, end: number): Buffer
  /** SHA-256 of the whole, lower-case hex. Computed once. */
  sha256(): string
}

const blockSize = 4096
const tableSize = 65_536

/**
 * Pseudo-random content, the same for the same seed and size. Every block of 4 KiB names its own place, so a byte that
 * lands anywhere else than where it belongs changes the digest.
 */
export function makeContent(seed: number, size: number): Content {
  const table = randomTable(seed)
  let digest: string | undefined

  function read(start: number, end: number): Buffer {
    const out = Buffer.allocUnsafe(end - start)
    for (let at = start; at < end;) {
      const block = Math.floor(at / blockSize)
      const inside = at - block * blockSize
      const length = Math.min(blockSize - inside, end - at)
      fillBlock(table, block)
      scratch.copy(out, at - start, inside, inside + length)
      at += length
    }
    return out
  }

  function sha256(): string {
    if (digest === undefined) {
      const hash = createHash('sha256')
      for (let at = 0; at < size; at += 1 << 20) hash.update(read(at, Math.min(size, at + (1 << 20))))
      digest = hash.digest('hex')
    }
    return digest
  }

  return { size, seed, read, sha256 }
}

const scratch = Buffer.alloc(blockSize)

function fillBlock(table: Buffer, block: number): void {
  const from = (Math.imul(block + 1, 0x9e3779b1) >>> 0) % tableSize
  table.copy(scratch, 0, from, from + blockSize)
  scratch.writeDoubleLE(block, 0)
}

function randomTable(seed: number): Buffer {
  const table = Buffer.alloc(tableSize + blockSize)
  const next = randomNumbers(seed)
  for (let at = 0; at < table.length; at += 4) table.writeUInt32LE(next(), at)
  return table
}

/** Unsigned 32-bit numbers, the same for the same seed (mulberry32). */
export function randomNumbers(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return (mixed ^ (mixed >>> 14)) >>> 0
  }
}
