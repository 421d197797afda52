import type { ErrorCode } from './errors.ts'
import { SluiceError } from './errors.ts'

const kinds: Readonly<Record<string, readonly [ErrorCode, string]>> = {
  ENOSPC: ['disk-full', 'The disk is full'],
  EDQUOT: ['disk-full', 'The disk quota is used up'],
  EFBIG: ['disk', 'The file is larger than this disk can hold'],
  EACCES: ['disk-permission', 'Access is not permitted'],
  EPERM: ['disk-permission', 'Access is not permitted'],
  EROFS: ['disk-permission', 'The disk is read-only'],
  ELOOP: ['disk-permission', 'A link stands where a file or folder belongs'],
  ENOTDIR: ['disk', 'A part of the path is not a folder'],
  ENOENT: ['disk', 'The file or folder is gone'],
  EEXIST: ['disk', 'There is something else of that name'],
  EISDIR: ['disk', 'There is a folder of that name'],
  ENAMETOOLONG: ['disk', 'The name is too long for this disk'],
  EMFILE: ['disk', 'Too many files are open'],
  ENFILE: ['disk', 'Too many files are open'],
  EIO: ['disk', 'The disk reports an error'],
}

/** A failed file operation as a SluiceError that names the place; other values come back as they are. */
export function diskError(error: unknown, path: string): unknown {
  const code = errorCode(error)
  if (error instanceof SluiceError || code === undefined) return error
  const [kind, sentence] = kinds[code] ?? (['disk', `The disk operation failed (${code})`] as const)
  return new SluiceError(kind, `${sentence}: ${path}`, { cause: error })
}

/** `ENOENT` and the like, of an error of the operating system; codes of libraries (`ERR_…`, `Z_…`) are none. */
export function errorCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return undefined
  return /^E[A-Z\d]+$/.test(error.code) ? error.code : undefined
}
