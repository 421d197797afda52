import { SluiceError } from '../core/errors.ts'
import { MAX_FIELD_LINES } from './field-limits.ts'

/** Name in lower case, value without surrounding blanks. */
export type Field = readonly [name: string, value: string]

/** Status line and fields of one answer, bytes as Latin-1. */
export interface ParsedHead {
  readonly version: '1.0' | '1.1'
  readonly status: number
  readonly reason: string
  readonly fields: ReadonlyArray<Field>
}

/** RFC 9112 section 4; the blank before an empty reason may be missing, as Node and browsers have it. */
const statusLine = /^HTTP\/1\.([01]) ([1-9]\d\d)(?: ([\t\x20-\x7e\x80-\xff]*))?$/

/** RFC 9110 section 5.6.2. */
const token = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/

/** What RFC 9110 section 5.5 keeps out of a value. */
const notInValue = /[\x00-\x08\x0a-\x1f\x7f]/

/**
 * Parses a head without its closing empty line, lines divided by CRLF. Throws `bad-response` for anything that
 * RFC 9112 does not allow, obs-fold included, and `head-too-large` above 5000 lines.
 */
export function parseHead(text: string): ParsedHead {
  const lines = text.split('\r\n')
  const first = lines[0] ?? ''
  const match = statusLine.exec(first)
  if (match === null) throw badStatusLine(first)
  return {
    version: match[1] === '1' ? '1.1' : '1.0',
    status: Number(match[2]),
    reason: match[3] ?? '',
    fields: parseFields(lines, 1),
  }
}

/** Parses the field lines from number `from` on; also for trailers. */
export function parseFields(lines: ReadonlyArray<string>, from: number): Field[] {
  if (lines.length - from > MAX_FIELD_LINES) {
    throw new SluiceError('head-too-large', `The header of the server's answer has more than ${MAX_FIELD_LINES} lines.`)
  }
  const fields: Field[] = []
  for (let index = from; index < lines.length; index++) fields.push(parseField(lines[index] ?? ''))
  return fields
}

function parseField(line: string): Field {
  const colon = line.indexOf(':')
  const name = line.slice(0, Math.max(colon, 0))
  if (!token.test(name)) {
    const what = line.startsWith(' ') || line.startsWith('\t') ? 'a folded line' : 'a line without a proper name'
    throw new SluiceError('bad-response', `The header of the server's answer has ${what}.`)
  }
  const value = withoutBlanks(line, colon + 1)
  if (notInValue.test(value)) {
    throw new SluiceError('bad-response', `The server's answer has a control character in its field "${name}".`)
  }
  return [name.toLowerCase(), value]
}

/** Cuts space and tab only; String.trim would also cut the no-break space, which is a legal byte of a value. */
function withoutBlanks(line: string, from: number): string {
  let start = from
  let end = line.length
  while (start < end && isBlank(line.charCodeAt(start))) start++
  while (end > start && isBlank(line.charCodeAt(end - 1))) end--
  return line.slice(start, end)
}

function isBlank(code: number): boolean {
  return code === 32 || code === 9
}

/** The value of a field by its lower-case name; several lines are joined with ", " (RFC 9110 section 5.3). */
export function fieldValue(fields: ReadonlyArray<Field>, name: string): string | undefined {
  let found: string | undefined
  for (const [key, value] of fields) {
    if (key === name) found = found === undefined ? value : `${found}, ${value}`
  }
  return found
}

/**
 * Tells early that this is no HTTP/1 answer, so that a silent peer of another protocol is not waited for: `piece` are
 * bytes of the head from `offset` on.
 */
export function refuseForeignStart(piece: string, offset: number): void {
  const expected = 'HTTP/1.'.slice(offset)
  const length = Math.min(piece.length, expected.length)
  if (piece.slice(0, length) !== expected.slice(0, length)) throw badStatusLine(offset === 0 ? piece : 'HTTP/')
}

function badStatusLine(line: string): SluiceError {
  if (/^[\x14-\x17]\x03/.test(line)) {
    return new SluiceError('bad-response', 'The server speaks TLS at this port.', {
      hint: 'Use an address that begins with https://.',
      retry: 'never',
    })
  }
  if (!line.startsWith('HTTP/')) return new SluiceError('bad-response', 'The server does not speak HTTP at this port.')
  return new SluiceError('bad-response', 'The server answered with a status line that is not HTTP/1.0 or HTTP/1.1.')
}
