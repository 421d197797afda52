import { SluiceError, asSluiceError } from './errors.ts'
import { readListOption } from './list-option.ts'
import { readUrlPattern } from './url-pattern.ts'

const maxItems = 100_000

/** A download that a line asks for. Whether the reference is an address is not checked. */
export interface BatchItem {
  /** Counts from 1; the line of the reference. */
  readonly line: number
  readonly reference: string
  readonly filename?: string
  readonly dir?: string
  /** `sha256:HEX` and so on; several must all match. */
  readonly checksum?: readonly string[]
  readonly mirrors?: readonly string[]
}

export interface BatchError {
  readonly line: number
  readonly code: string
  readonly message: string
}

export interface Batch {
  readonly items: readonly BatchItem[]
  readonly errors: readonly BatchError[]
}

interface Draft {
  readonly line: number
  readonly addresses: readonly string[]
  filename?: string
  dir?: string
  checksum?: string[]
  failed?: true
}

/**
 * Reads a list of downloads: one reference a line, mirrors of the same file after tabs, indented option lines (`out=`,
 * `dir=`, `checksum=ALGO=HEX`) below their reference; blank lines and lines that begin with # are skipped. Patterns such as
 * `file[001-100].zip` expand (see url-pattern.ts), and so must those of the mirrors, to as many. A wrong line becomes an
 * error and nothing is added for its reference; the others stay. At most 100,000 items: reading ends at the line with more.
 */
export function readBatch(text: string): Batch {
  const items: BatchItem[] = []
  const errors: BatchError[] = []
  const fail = (line: number, error: unknown): void => {
    const { code, message, hint } = asSluiceError(error)
    errors.push({ line, code, message: `${message} ${hint}` })
  }
  for (const draft of readDrafts(text, fail)) {
    if (draft.failed !== undefined) continue
    try {
      const { count, at } = readDraft(draft)
      if (items.length + count > maxItems) {
        fail(draft.line, tooMany())
        break
      }
      for (let index = 0; index < count; index++) items.push(at(index))
    } catch (error) {
      fail(draft.line, error)
    }
  }
  return { items, errors: errors.sort((a, b) => a.line - b.line) }
}

function readDrafts(text: string, fail: (line: number, error: unknown) => void): Draft[] {
  const drafts: Draft[] = []
  for (const [index, raw] of text
    .replace(/^\ufeff/, '')
    .split(/\r?\n|\r/)
    .entries()) {
    const content = raw.trim()
    if (content === '' || raw.startsWith('#')) continue
    const draft = drafts.at(-1)
    if (!/^\s/.test(raw)) drafts.push({ line: index + 1, addresses: raw.split('\t').map(trimmed).filter(Boolean) })
    else if (draft === undefined)
      fail(index + 1, new SluiceError('usage', 'The option line stands below no reference.'))
    else if (draft.failed === undefined) applyOption(draft, content, (error) => fail(index + 1, error))
  }
  return drafts
}

function applyOption(draft: Draft, text: string, fail: (error: unknown) => void): void {
  try {
    const option = readListOption(text)
    if (option.name === 'checksum') (draft.checksum ??= []).push(`${option.value.algorithm}:${option.value.hex}`)
    else if (option.name === 'out') draft.filename = option.value
    else draft.dir = option.value
  } catch (error) {
    draft.failed = true
    fail(error)
  }
}

/** How many items the lines of one reference stand for, and each of them. */
function readDraft({ line, addresses, filename, dir, checksum }: Draft) {
  const [reference = readUrlPattern(''), ...mirrors] = addresses.map(readUrlPattern)
  const { count } = reference
  if (count > 1 && (filename !== undefined || checksum !== undefined))
    throw new SluiceError('usage', `One name or checksum cannot be that of ${count} files.`, {
      hint: 'Leave out= and checksum= away below a pattern.',
    })
  if (mirrors.some((mirror) => mirror.count !== count))
    throw new SluiceError('usage', 'The mirrors stand for another number of files than the reference.', {
      hint: 'Write the same patterns in all addresses of a line.',
    })
  const at = (index: number): BatchItem => ({
    line,
    reference: reference.at(index),
    ...(filename === undefined ? {} : { filename }),
    ...(dir === undefined ? {} : { dir }),
    ...(checksum === undefined ? {} : { checksum }),
    ...(mirrors.length === 0 ? {} : { mirrors: mirrors.map((mirror) => mirror.at(index)) }),
  })
  return { count, at }
}

function tooMany(): SluiceError {
  return new SluiceError(
    'usage',
    `The list has more than ${maxItems} downloads; this line and all below were left out.`,
    {
      hint: 'Add the rest as a second list.',
    },
  )
}

function trimmed(text: string): string {
  return text.trim()
}
