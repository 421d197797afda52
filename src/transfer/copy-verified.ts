import { dirname, join } from 'node:path'
import { diskError } from '../core/disk-error.ts'
import { SluiceError } from '../core/errors.ts'

const { createHash } = process.getBuiltinModule('node:crypto')
const { lstatSync, rmSync } = process.getBuiltinModule('node:fs')
const { open } = process.getBuiltinModule('node:fs/promises')

const pieceSize = 1024 * 1024

/** Where the copy of a file that is moved into a folder is until it has its name. */
export function copyPath(dir: string, key: string): string {
  return join(dir, `.sluice-${key}.part`)
}

/**
 * Copies a file to the path `copy`, which is nobody else's, synced, with mode and time of the original. What was written is
 * read again: `digest-mismatch` where that is not what was read, or not what `sha256` (in hex) says. On any failure nothing
 * is left.
 */
export async function copyVerified(
  path: string,
  copy: string,
  sha256: string | undefined,
  signal: AbortSignal,
): Promise<void> {
  // Of an earlier try that was killed.
  rmSync(copy, { force: true })
  try {
    const read = await copyBytes(path, copy, signal)
    const written = await hashOf(copy, signal)
    if (written === read && (sha256 === undefined || sha256 === read)) return
    throw new SluiceError('digest-mismatch', `${path} could not be copied unchanged, so it stays where it is.`, {
      hint: 'The file or one of the disks may be damaged.',
    })
  } catch (error) {
    rmSync(copy, { force: true })
    throw notCopied(error, dirname(copy))
  }
}

/** A copy that does not fit leaves no part to go on with. */
function notCopied(error: unknown, dir: string): unknown {
  const known = diskError(error, dir)
  if (!(known instanceof SluiceError) || known.code !== 'disk-full') return known
  return new SluiceError('disk-full', known.message, {
    hint: 'The file stays where it is. Free some space there, or choose another folder.',
    cause: error,
  })
}

async function copyBytes(path: string, copy: string, signal: AbortSignal): Promise<string> {
  const hash = createHash('sha256')
  const { mode, atime, mtime } = lstatSync(path)
  await using source = await open(path, 'r')
  await using target = await open(copy, 'wx', mode & 0o777)
  for await (const piece of pieces(source, signal)) {
    hash.update(piece)
    for (let from = 0; from < piece.length;) from += (await target.write(piece, from)).bytesWritten
  }
  await target.utimes(atime, mtime)
  await target.sync()
  return hash.digest('hex')
}

async function hashOf(path: string, signal: AbortSignal): Promise<string> {
  const hash = createHash('sha256')
  await using file = await open(path, 'r')
  for await (const piece of pieces(file, signal)) hash.update(piece)
  return hash.digest('hex')
}

/** Each is gone when the next is asked for: the buffer is the same. */
async function* pieces(file: Awaited<ReturnType<typeof open>>, signal: AbortSignal): AsyncGenerator<Buffer> {
  const buffer = Buffer.allocUnsafe(pieceSize)
  for (;;) {
    if (signal.aborted) throw new SluiceError('interrupted', 'The file was not moved: the program is ending.')
    const { bytesRead } = await file.read(buffer, 0, pieceSize)
    if (bytesRead === 0) return
    yield buffer.subarray(0, bytesRead)
  }
}
