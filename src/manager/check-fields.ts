import { SluiceError } from '../core/errors.ts'
import { parseChecksum } from '../core/digest.ts'
import { safeFileName } from '../core/file-name.ts'
import type { StoredOptions } from '../store/types.ts'

/** Null where none was chosen. */
export function checkName(name: string | undefined): string | null {
  if (name === undefined || name === '') return null
  if (name.length > 255) throw usage('filename: at most 255 characters are possible.')
  if (/[/\\]/.test(name) || name === '.' || name === '..')
    throw usage('filename: it must be a name, not a path.', 'Give the folder as dir.')
  return safeFileName(name)
}

export function checkChecksums(checksum: string | readonly string[] = []): Pick<StoredOptions, 'checksums'> {
  const checksums = [checksum].flat().map(parseChecksum)
  return checksums.length === 0 ? {} : { checksums: checksums.map(({ algorithm, hex }) => `${algorithm}:${hex}`) }
}

export function inRange(name: string, value: number, least: number, most: number): number {
  if (Number.isInteger(value) && value >= least && value <= most) return value
  throw usage(`${name}: it must be a whole number from ${least} to ${most}.`)
}

export function oneOf<T extends string>(name: string, value: T | undefined, known: readonly T[]): T | undefined {
  if (value === undefined || known.includes(value)) return value
  throw usage(`${name}: it must be one of ${known.join(', ')}.`)
}

export function usage(message: string, hint = 'See /api/docs for what is possible.'): SluiceError {
  return new SluiceError('usage', message, { hint })
}
