import { createHash } from 'node:crypto'
import { open } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'

const pieceSize = 1024 * 1024

/**
 * SHA-256 of an open file in hex, from `from` (bytes) to its end. `onBytes` gets the number of bytes of each piece. Rejects
 * with the reason of an aborted signal.
 */
export async function hashHandle(
  file: FileHandle,
  signal?: AbortSignal,
  from = 0,
  onBytes?: (bytes: number) => void,
): Promise<string> {
  const hash = createHash('sha256')
  const buffer = Buffer.allocUnsafe(pieceSize)
  for (let position = from; ;) {
    signal?.throwIfAborted()
    const { bytesRead } = await file.read(buffer, 0, pieceSize, position)
    if (bytesRead === 0) return hash.digest('hex')
    hash.update(buffer.subarray(0, bytesRead))
    position += bytesRead
    onBytes?.(bytesRead)
  }
}

/** Whether a file is there with that size and that digest (`sha256:<hex>`). What cannot be read is not there. */
export async function fileHasDigest(
  path: string,
  { digest, size }: { readonly digest: string; readonly size: number },
  signal?: AbortSignal,
): Promise<boolean> {
  let file: FileHandle
  try {
    file = await open(path, 'r')
  } catch {
    return false
  }
  try {
    const stat = await file.stat()
    return stat.isFile() && stat.size === size && `sha256:${await hashHandle(file, signal)}` === digest
  } finally {
    await file.close()
  }
}
