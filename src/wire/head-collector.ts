import { SluiceError } from '../core/errors.ts'
import { MAX_HEAD_BYTES } from './field-limits.ts'

const CR = 13
const LF = 10

/** Places inside a block of lines: what the bytes so far allow next. */
const IN_LINE = 0
const AT_LINE_START = 1
const AFTER_CR = 2
const AFTER_LAST_CR = 3

/** Finds the end of a block of CRLF lines that an empty line closes: a response head or a trailer section. */
export interface HeadCollector {
  /**
   * Looks at bytes `start` to `end`. Returns the position behind the block, or -1 when it goes on in the next read;
   * the bytes are then copied, at most 300 KiB. Throws `bad-response` and `head-too-large`.
   */
  feed(buffer: Buffer, start: number, end: number): number
  /** The finished block as Latin-1 without its last two line ends; begins a new block. */
  take(): string
  /** Bytes of an unfinished block that were seen. */
  readonly collected: number
}

/**
 * `mayBeEmpty` is for trailer sections, which may consist of the closing empty line alone. Line ends are CRLF only:
 * a bare LF or CR is refused like in Node's strict parser, because two readers that disagree about line ends disagree
 * about where the body begins (RFC 9112 section 2.2 permits, but does not ask for, a bare LF).
 */
export function createHeadCollector(mayBeEmpty: boolean): HeadCollector {
  const firstPlace = mayBeEmpty ? AT_LINE_START : IN_LINE
  let place = firstPlace
  let size = 0
  let own = Buffer.alloc(0)
  let finished = ''

  function keep(buffer: Buffer, start: number, end: number): void {
    const needed = size + end - start
    if (needed > own.length) {
      const larger = Buffer.allocUnsafeSlow(Math.min(MAX_HEAD_BYTES, Math.max(1024, needed * 2)))
      own.copy(larger, 0, 0, size)
      own = larger
    }
    buffer.copy(own, size, start, end)
    size = needed
  }

  return {
    feed(buffer, start, end) {
      const stop = Math.min(end, start + MAX_HEAD_BYTES - size)
      const at = scan(buffer, start, stop)
      if (at < 0) {
        if (stop < end || size + stop - start >= MAX_HEAD_BYTES) throw tooLarge()
        keep(buffer, start, stop)
        return -1
      }
      if (size === 0) {
        finished = buffer.toString('latin1', start, at)
      } else {
        keep(buffer, start, at)
        finished = own.toString('latin1', 0, size)
        own = Buffer.alloc(0)
        size = 0
      }
      place = firstPlace
      return at
    },
    take() {
      const text = finished
      finished = ''
      return text.length > 4 ? text.slice(0, -4) : ''
    },
    get collected() {
      return size
    },
  }

  function scan(buffer: Buffer, start: number, end: number): number {
    let now = place
    for (let at = start; at < end; at++) {
      const byte = buffer[at]
      if (byte === LF) {
        if (now === AFTER_LAST_CR) return at + 1
        if (now !== AFTER_CR) throw badLineEnd('a line feed without a carriage return')
        now = AT_LINE_START
      } else if (now >= AFTER_CR) {
        throw badLineEnd('a carriage return without a line feed')
      } else if (byte === CR) {
        now = now === AT_LINE_START ? AFTER_LAST_CR : AFTER_CR
      } else {
        now = IN_LINE
      }
    }
    place = now
    return -1
  }
}

function badLineEnd(what: string): SluiceError {
  return new SluiceError('bad-response', `The server's answer has ${what} in its header.`)
}

function tooLarge(): SluiceError {
  return new SluiceError(
    'head-too-large',
    `The header of the server's answer is larger than ${MAX_HEAD_BYTES / 1024} KiB.`,
  )
}
