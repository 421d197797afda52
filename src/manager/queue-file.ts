import { checked } from '../config/schema-error.ts'
import { readBatch } from '../core/batch-text.ts'
import type { BatchError } from '../core/batch-text.ts'
import { SluiceError, asSluiceError } from '../core/errors.ts'
import { fullModel, looksLikeModel, parseModel } from '../core/model-name.ts'
import type { AddRequest } from './types.ts'
import { publicRequest } from './public-request.ts'
import { kindOf } from './request-kind.ts'
import { present, requestSchema } from './request-schema.ts'

/** A download in an exported queue; nothing of it is secret. */
export type QueueItem = Omit<AddRequest, 'headers' | 'ifDuplicate' | 'preset'>

export interface QueueFile {
  /** `line` counts from 1: lines of a text, items of JSON. */
  readonly items: ReadonlyArray<AddRequest & { readonly line: number }>
  readonly errors: readonly BatchError[]
}

const maxItems = 100_000
const leftOut = /=…(?:&|$)/

/**
 * The queue for another daemon: JSON `{version: 1, downloads: [...]}`, or one address or name a line, which holds nothing
 * else.
 * User information and query values that look secret are left out of addresses.
 */
export function exportQueue(items: readonly QueueItem[], format: 'json' | 'text'): string {
  const downloads = items.map(publicRequest)
  if (format === 'json') return `${JSON.stringify({ version: 1, downloads }, null, 2)}\n`
  return downloads.map((one) => `${lineOf(one)}\n`).join('')
}

function lineOf(item: QueueItem): string {
  const kind = kindOf(item)
  if (kind === 'http') return withoutPatterns(item.reference)
  return kind === 'model' ? modelLine(item) : item.reference
}

/** A name that leads to the same registry without further options; a comment where there is none. */
function modelLine({ reference, model = {} }: QueueItem): string {
  if (model.registry === undefined && looksLikeModel(reference)) return reference
  const name = parseModel(reference, { registry: model.registry })
  const whole = fullModel(name)
  const line = name.kind === 'oci' ? whole : `ollama://${whole.replace(/^https?:\/\//, '')}`
  return parseModel(line).scheme === name.scheme
    ? line
    : `# ${whole}: a list cannot say that it is asked by ${name.scheme}`
}

/**
 * Reads what `exportQueue` wrote, or any list for `text` (see core/batch-text.ts). Items that are wrong become errors; a
 * text that is no such JSON is a `usage` error.
 */
export function readQueueFile(text: string, format: 'json' | 'text'): QueueFile {
  const { items, errors } = format === 'text' ? readBatch(text) : readItems(parse(text))
  const whole = items.filter((item) => !lacksSecret(item))
  const lacking = items.filter(lacksSecret).map(({ line }) => ({
    line,
    code: 'usage',
    message: 'A secret of the address was left out when it was exported. Add the download with its whole address.',
  }))
  return { items: whole, errors: [...errors, ...lacking].sort((a, b) => a.line - b.line) }
}

function parse(text: string): readonly unknown[] {
  let value: unknown
  try {
    value = JSON.parse(text.replace(/^\ufeff/, ''))
  } catch (error) {
    throw new SluiceError('usage', 'The queue is not valid JSON.', {
      hint: 'Export it again, or import it as text.',
      cause: error,
    })
  }
  const { version, downloads } = (typeof value === 'object' && value !== null ? value : {}) as Record<string, unknown>
  if (version !== 1 || !Array.isArray(downloads))
    throw new SluiceError('usage', 'That is no exported queue of version 1.', {
      hint: 'Its form is {"version": 1, "downloads": [{"reference": "https://..."}]}.',
    })
  if (downloads.length > maxItems)
    throw new SluiceError('usage', `The queue has more than ${maxItems} downloads.`, { hint: 'Import it in parts.' })
  return downloads
}

function readItems(downloads: readonly unknown[]): QueueFile {
  const items: Array<QueueFile['items'][number]> = []
  const errors: BatchError[] = []
  for (const [index, download] of downloads.entries()) {
    const line = index + 1
    try {
      items.push({ ...present(checked(requestSchema, download)), line })
    } catch (error) {
      const { code, message } = asSluiceError(error)
      errors.push({ line, code, message })
    }
  }
  return { items, errors }
}

function lacksSecret({ reference, mirrors = [] }: AddRequest): boolean {
  return leftOut.test(reference) || mirrors.some((mirror) => leftOut.test(mirror))
}

/** Brackets and braces of an address are meant as they are, but a list would expand them. */
function withoutPatterns(address: string): string {
  const authority = /^[^:]*:\/\/[^/?#]*/.exec(address)?.[0] ?? ''
  const rest = address.slice(authority.length)
  return authority + rest.replace(/[[\]{}]/g, (char) => encodeURIComponent(char))
}
