import type { PartFile } from './part-file.ts'

/**
 * Collects the small pieces of one connection (TLS brings 16 KiB at a time) and hands them to another thread in large
 * ones: fewer system calls, and the socket is read on while the disk works.
 */
export interface WriteBehind {
  /** Takes bytes that follow the ones taken before; false when no buffer is free and they are to be written at once. */
  add(buffer: Buffer, start: number, end: number, position: number): boolean
  /** Hands over what was collected; from then on it counts among the file's writes under way. */
  flush(): void
}

/** Buffers that all connections of an engine share. */
export interface CollectBuffers {
  take(): Buffer | undefined
  giveBack(buffer: Buffer): void
}

const bufferSize = 256 * 1024
const mostBuffers = 12

export function createCollectBuffers(): CollectBuffers {
  const free: Buffer[] = []
  let made = 0
  return {
    take() {
      const buffer = free.pop()
      if (buffer || made === mostBuffers) return buffer
      made++
      return Buffer.allocUnsafeSlow(bufferSize)
    },
    giveBack: (buffer) => void free.push(buffer),
  }
}

/** `failed` gets the error of a write that another thread made. */
export function createWriteBehind(
  buffers: CollectBuffers,
  file: PartFile,
  failed: (error: unknown) => void,
): WriteBehind {
  let current: Buffer | undefined
  let from = 0
  let length = 0

  function flush(): void {
    const full = current
    if (!full) return
    current = undefined
    file.writeLater(full, 0, length, from, (error) => {
      buffers.giveBack(full)
      if (error) failed(error)
    })
  }

  return {
    add(buffer, start, end, position) {
      const size = end - start
      if (current && (length + size > bufferSize || from + length !== position)) flush()
      if (!current) {
        current = size > bufferSize ? undefined : buffers.take()
        if (!current) return false
        from = position
        length = 0
      }
      buffer.copy(current, length, start, end)
      length += size
      return true
    },
    flush,
  }
}
