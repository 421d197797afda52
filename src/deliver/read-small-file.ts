import { constants } from 'node:fs'
import { open } from 'node:fs/promises'

interface SmallFile {
  readonly bytes: Buffer
  readonly mtimeMs: number
}

/**
 * A whole file of at most `limit` bytes; null when it is larger or no regular file. Links are followed, a pipe is not
 * waited for.
 */
export async function readSmallFile(path: string, limit: number): Promise<SmallFile | null> {
  const file = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0))
  try {
    const stat = await file.stat()
    if (!stat.isFile() || stat.size > limit) return null
    // One byte more than the size that was told shows a file that has grown since.
    const buffer = Buffer.allocUnsafe(stat.size + 1)
    let length = 0
    while (length < buffer.length) {
      const { bytesRead } = await file.read(buffer, length, buffer.length - length, length)
      if (bytesRead === 0) return { bytes: buffer.subarray(0, length), mtimeMs: stat.mtimeMs }
      length += bytesRead
    }
    return null
  } finally {
    await file.close()
  }
}
