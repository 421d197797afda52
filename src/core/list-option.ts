import { parseChecksum } from './digest.ts'
import type { ExpectedDigest } from './digest.ts'
import { SluiceError } from './errors.ts'

/** An option line of a list, as aria2 has them. */
export type ListOption =
  | { readonly name: 'out' | 'dir'; readonly value: string }
  | { readonly name: 'checksum'; readonly value: ExpectedDigest }

/**
 * Reads `out=NAME`, `dir=DIR` or `checksum=ALGO=HEX`. A `usage` error says what is wrong. A list may come from others, so
 * its names stay in the folder; where that is, `dir=` says openly.
 */
export function readListOption(text: string): ListOption {
  const equals = text.indexOf('=')
  const [name, value] = [text.slice(0, Math.max(0, equals)).trim(), text.slice(equals + 1).trim()]
  if (name === 'checksum') return { name, value: parseChecksum(value) }
  if (name !== 'out' && name !== 'dir')
    throw new SluiceError('usage', `"${(name || text).slice(0, 40)}" is no option of a list.`, {
      hint: 'Possible: out=NAME, dir=DIR, checksum=ALGO=HEX.',
    })
  if (value === '') throw new SluiceError('usage', 'The value is missing.')
  if (name === 'out' && (/^([/\\]|[a-z]:)/i.test(value) || value.split(/[/\\]/).includes('..')))
    throw new SluiceError('usage', 'The name of out= leads out of the folder.', { hint: 'Give the folder with dir=.' })
  return { name, value }
}
