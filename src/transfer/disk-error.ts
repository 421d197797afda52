import type { ErrorCode } from '../core/errors.ts'
import { SluiceError } from '../core/errors.ts'

const codes: Record<string, readonly [ErrorCode, string]> = {
  ENOSPC: ['disk-full', 'The disk is full'],
  EDQUOT: ['disk-full', 'The disk quota is used up'],
  EFBIG: ['disk', 'The file is larger than this disk can hold'],
  EACCES: ['disk-permission', 'Writing is not permitted'],
  EPERM: ['disk-permission', 'Writing is not permitted'],
  EROFS: ['disk-permission', 'The disk is read-only'],
  ENOTDIR: ['disk', 'A part of the path is not a folder'],
  ENOENT: ['disk', 'The folder is gone'],
  EISDIR: ['disk', 'There is a folder of that name'],
  ENAMETOOLONG: ['disk', 'The name is too long for this disk'],
  EMFILE: ['disk', 'Too many files are open'],
  ENFILE: ['disk', 'Too many files are open'],
  EIO: ['disk', 'The disk reports an error'],
}

/** A failed file operation as a SluiceError that names the place; other values come back as they are. */
export function diskError(error: unknown, path: string): unknown {
  const code = (error as NodeJS.ErrnoException | null)?.code
  if (error instanceof SluiceError || typeof code !== 'string') return error
  const [kind, sentence] = codes[code] ?? (['disk', `The disk operation failed (${code})`] as const)
  return new SluiceError(kind, `${sentence}: ${path}`, { cause: error })
}
