import { SluiceError, asSluiceError } from '../core/errors.ts'
import { readListOption } from '../core/list-option.ts'
import type { ExpectedDigest } from '../transfer/types.ts'
import { readLines } from './lines.ts'
import type { Line } from './lines.ts'

/** One reference of a list, or what is wrong with its lines. */
export interface ListEntry {
  readonly reference: string
  /** Further addresses on the same line, separated by tabs. */
  readonly mirrors: readonly string[]
  readonly out?: string
  readonly dir?: string
  readonly digests: readonly ExpectedDigest[]
  /** The first thing wrong; names its line. The other fields are then of no use. */
  readonly error?: SluiceError
}

type Draft = { -readonly [K in keyof ListEntry]: ListEntry[K] } & { digests: ExpectedDigest[] }

/**
 * Reads a list as aria2 does: one reference a line, further addresses of the same file after tabs; blank lines and
 * lines that begin with # are skipped; lines that begin with a blank are options of the reference above. An entry
 * comes out as soon as it is complete, so a list may be of any length.
 */
export async function* readInputList(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<ListEntry> {
  let draft: Draft | undefined
  for await (const line of readLines(chunks)) {
    const text = line.text.trimEnd()
    if (text === '' || text.trimStart() === '' || text.startsWith('#')) continue
    const isOption = /^\s/.test(text)
    if (isOption && draft !== undefined) {
      applyOption(draft, line, text.trim())
      continue
    }
    if (draft !== undefined) yield draft
    draft = isOption ? undefined : startEntry(line, text)
    if (isOption) yield failed(text.trim(), line.number, 'The option line stands below no reference.')
  }
  if (draft !== undefined) yield draft
}

function startEntry(line: Line, text: string): Draft {
  if (line.problem !== undefined) return { ...failed(text.slice(0, 80), line.number, line.problem), digests: [] }
  const [reference = '', ...mirrors] = text
    .split('\t')
    .map((part) => part.trim())
    .filter((part) => part !== '')
  return { reference, mirrors, digests: [] }
}

function applyOption(entry: Draft, line: Line, text: string): void {
  if (entry.error !== undefined) return
  try {
    if (line.problem !== undefined) throw new SluiceError('usage', line.problem)
    const option = readListOption(text)
    if (option.name === 'checksum') entry.digests.push(option.value)
    else if (option.name === 'out') entry.out = option.value
    else entry.dir = option.value
  } catch (error) {
    const { message, hint } = asSluiceError(error)
    entry.error = new SluiceError('usage', `Line ${line.number} of the list: ${message}`, { hint })
  }
}

function failed(reference: string, line: number, message: string): ListEntry {
  const error = new SluiceError('usage', `Line ${line} of the list: ${message}`, {
    hint: 'A list has one reference a line; option lines below it begin with a blank.',
  })
  return { reference, mirrors: [], digests: [], error }
}
