import { SluiceError } from '../core/errors.ts'
import { diskError, errorCode } from '../core/disk-error.ts'

const shownLength = 80

/** The refusal of an archive; the sentence must be safe to print. */
export function badArchive(sentence: string, cause?: unknown): SluiceError {
  return new SluiceError('bad-archive', sentence, cause === undefined ? {} : { cause })
}

/** A name from an archive for a sentence: quoted, at most 80 characters, anything that is not plain ASCII as `?`. */
export function showEntry(name: string): string {
  const shown = name.length > shownLength ? `${name.slice(0, shownLength)}…` : name
  return `"${shown.replace(/[^\x20-\x7e…]/g, '?')}"`
}

/** What went wrong while an archive was read: the disk or, else, the archive. SluiceErrors come back as they are. */
export function readingFailed(error: unknown, path: string, what = 'The zip file'): unknown {
  if (error instanceof SluiceError) return error
  if (errorCode(error) !== undefined) return diskError(error, path)
  return badArchive(`${what} is damaged.`, error)
}
