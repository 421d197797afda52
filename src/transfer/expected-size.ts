import type { Answer } from '../core/answer.ts'
import { parseContentRange } from '../core/content-range.ts'
import { SluiceError } from '../core/errors.ts'
import type { FileRequest } from './types.ts'

/** Throws `size-mismatch` when the head of an answer tells of a file with another size than the one to be expected. */
export function checkSize(expected: number | undefined, answer: Answer): void {
  const told = toldSize(answer)
  if (expected !== undefined && told !== null && told !== expected) throw wrongSize(expected, `has ${told} bytes`)
}

/** `found` says what the file at the server has instead. */
export function wrongSize(expected: number, found: string): SluiceError {
  return new SluiceError('size-mismatch', `The file at the server ${found}, expected were ${expected}.`)
}

/** Size of the whole file, null when the head does not tell. */
function toldSize({ status, coded, contentLength, contentRange }: Answer): number | null {
  if (status === 200 || status === 203) return coded ? null : contentLength
  if (status === 206 || status === 416) return parseContentRange(contentRange ?? '')?.total ?? null
  return null
}

/**
 * The file is known by its bytes: whatever a server says of its type, its date or its tag, size and digest decide in the
 * end. So it does not matter which of several servers a part of it came from.
 */
export function isKnownByContent({ size, digests }: FileRequest): boolean {
  return size !== undefined && digests.length > 0
}

/** Throws `usage` for a size or a reserve that is no number of bytes. */
export function checkNumbers({ size = 0, reserve = 0 }: FileRequest): void {
  for (const bytes of [size, reserve, size + reserve]) {
    if (!Number.isSafeInteger(bytes) || bytes < 0)
      throw new SluiceError('usage', 'The size of a file and its reserve are whole numbers of bytes.')
  }
}
