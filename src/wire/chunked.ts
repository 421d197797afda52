import { SluiceError } from '../core/errors.ts'
import { MAX_CHUNK_LINE_BYTES } from './field-limits.ts'
import { createHeadCollector } from './head-collector.ts'
import { parseFields } from './response-head.ts'

/** Decodes the chunked coding (RFC 9112 section 7.1), fed in pieces of any size. */
export interface ChunkedDecoder {
  /**
   * Decodes bytes `start` to `end`, calling `onData` for each run of body bytes, and returns the position behind what
   * belongs to the body. `done` tells whether the body is complete. Throws `bad-response`.
   */
  feed(buffer: Buffer, start: number, end: number): number
  readonly done: boolean
  /** Makes ready for the next body. */
  reset(): void
}

type Place =
  | 'size'
  | 'size-more'
  | 'extension-name'
  | 'extension-value-start'
  | 'extension-value'
  | 'quoted'
  | 'quoted-pair'
  | 'extension-end'
  | 'line-feed'
  | 'data'
  | 'data-cr'
  | 'data-lf'
  | 'trailer'
  | 'done'

const CR = 13
const LF = 10

/** Trailer fields are checked like header fields, and ignored. */
export function createChunkedDecoder(onData: (buffer: Buffer, start: number, end: number) => void): ChunkedDecoder {
  const trailer = createHeadCollector(true)
  let place: Place = 'size'
  /** Size of the chunk while its line is read, then what is left of its data. */
  let left = 0
  let lineBytes = 0
  let nameBytes = 0

  function line(byte: number): void {
    if (++lineBytes > MAX_CHUNK_LINE_BYTES) throw bad('a chunk line that is too long')
    switch (place) {
      case 'size':
      case 'size-more': {
        const digit = hexDigit(byte)
        if (digit >= 0) {
          left = left * 16 + digit
          if (left > Number.MAX_SAFE_INTEGER) throw bad('a chunk size that is too large')
          place = 'size-more'
        } else if (place === 'size') {
          throw bad('a chunk without a size')
        } else {
          afterSize(byte)
        }
        return
      }
      case 'extension-name':
        if (isTokenByte(byte)) nameBytes++
        else if (nameBytes === 0) throw bad('a chunk extension without a name')
        else if (byte === 61) place = 'extension-value-start'
        else afterSize(byte)
        return
      case 'extension-value-start':
        if (byte === 34) place = 'quoted'
        else if (isTokenByte(byte)) place = 'extension-value'
        else throw bad('a chunk extension without a value')
        return
      case 'extension-value':
        if (!isTokenByte(byte)) afterSize(byte)
        return
      case 'quoted':
        if (byte === 34) place = 'extension-end'
        else if (byte === 92) place = 'quoted-pair'
        else if (!isTextByte(byte)) throw bad('a control character in a chunk extension')
        return
      case 'quoted-pair':
        if (!isTextByte(byte)) throw bad('a control character in a chunk extension')
        place = 'quoted'
        return
      case 'extension-end':
        afterSize(byte)
        return
      case 'line-feed':
        if (byte !== LF) throw bad('a chunk line without a proper end')
        place = left === 0 ? 'trailer' : 'data'
        return
      case 'data-cr':
        if (byte !== CR) throw bad('a chunk that is longer than its size')
        place = 'data-lf'
        return
      case 'data-lf':
        if (byte !== LF) throw bad('a chunk that is longer than its size')
        startLine()
        return
      default:
        throw new SluiceError('internal', `The chunk decoder has no rule for ${place}.`)
    }
  }

  function afterSize(byte: number): void {
    if (byte === CR) place = 'line-feed'
    else if (byte === 59) {
      place = 'extension-name'
      nameBytes = 0
    } else throw bad('a chunk line that is not a size with extensions')
  }

  function startLine(): void {
    place = 'size'
    left = 0
    lineBytes = 0
  }

  return {
    feed(buffer, start, end) {
      let at = start
      while (at < end && place !== 'done') {
        if (place === 'data') {
          const stop = Math.min(end, at + left)
          left -= stop - at
          if (left === 0) place = 'data-cr'
          onData(buffer, at, stop)
          at = stop
        } else if (place === 'trailer') {
          const next = trailer.feed(buffer, at, end)
          if (next < 0) return end
          const text = trailer.take()
          if (text !== '') parseFields(text.split('\r\n'), 0)
          place = 'done'
          at = next
        } else {
          line(buffer[at++] ?? 0)
        }
      }
      return at
    },
    get done() {
      return place === 'done'
    },
    reset: startLine,
  }
}

function hexDigit(byte: number): number {
  if (byte >= 48 && byte <= 57) return byte - 48
  const lower = byte | 32
  return lower >= 97 && lower <= 102 ? lower - 87 : -1
}

function isTokenByte(byte: number): boolean {
  const lower = byte | 32
  if ((byte >= 48 && byte <= 57) || (lower >= 97 && lower <= 122)) return true
  return "!#$%&'*+-.^_`|~".includes(String.fromCharCode(byte))
}

function isTextByte(byte: number): boolean {
  return byte === 9 || (byte >= 32 && byte !== 127)
}

function bad(what: string): SluiceError {
  return new SluiceError('bad-response', `The server's answer has ${what}.`)
}
