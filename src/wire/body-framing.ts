import { SluiceError } from '../core/errors.ts'
import type { ParsedHead } from './response-head.ts'

/** How the end of a body is found (RFC 9112 section 6.3). */
export type Framing =
  | { readonly kind: 'none' }
  | { readonly kind: 'length'; readonly length: number }
  | { readonly kind: 'chunked' }
  | { readonly kind: 'close' }

/**
 * Decides the framing of an answer to GET. Throws `bad-response` where two readers could disagree: a repeated, listed,
 * signed or too large Content-Length, one beside Transfer-Encoding, codings other than `chunked`, Transfer-Encoding in
 * HTTP/1.0.
 */
export function framingOf(head: ParsedHead): Framing {
  let length: number | undefined
  let chunked = false
  for (const [name, value] of head.fields) {
    if (name === 'content-length') {
      if (length !== undefined) throw bad('more than one Content-Length')
      length = parseLength(value)
    } else if (name === 'transfer-encoding') {
      if (chunked || value.toLowerCase() !== 'chunked') throw bad('a Transfer-Encoding other than chunked')
      chunked = true
    }
  }
  if (chunked && length !== undefined) throw bad('both Content-Length and Transfer-Encoding')
  if (chunked && head.version === '1.0') throw bad('Transfer-Encoding in HTTP/1.0')
  if (head.status === 204 || head.status === 304) return { kind: 'none' }
  if (chunked) return { kind: 'chunked' }
  return length === undefined ? { kind: 'close' } : { kind: 'length', length }
}

function parseLength(value: string): number {
  const length = /^\d+$/.test(value) ? Number(value) : Number.NaN
  if (!Number.isSafeInteger(length)) throw bad('a Content-Length that is not one possible number')
  return length
}

function bad(what: string): SluiceError {
  return new SluiceError('bad-response', `The server's answer has ${what}, so its end cannot be known.`)
}
