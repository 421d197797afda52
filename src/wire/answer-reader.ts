import { SluiceError } from '../core/errors.ts'
import type { Framing } from './body-framing.ts'
import { framingOf } from './body-framing.ts'
import { createChunkedDecoder } from './chunked.ts'
import { MAX_INTERIM_HEADS } from './field-limits.ts'
import { createHeadCollector } from './head-collector.ts'
import type { ParsedHead } from './response-head.ts'
import { parseHead, refuseForeignStart } from './response-head.ts'
import type { BodyEnd } from './types.ts'

/** What an answer consists of, told in order: head, data*, end. */
export interface AnswerEvents {
  head(head: ParsedHead, framing: Framing): void
  data(buffer: Buffer, start: number, end: number): void
  /** `excess` tells that bytes came behind the answer, which then are no answer to anything. */
  end(how: BodyEnd, excess: boolean): void
}

/** Reads the bytes of one answer after the other; knows nothing of sockets. */
export interface AnswerReader {
  /** Takes bytes `start` to `end`. Throws `bad-response`, `head-too-large` and whatever an event throws. */
  feed(buffer: Buffer, start: number, end: number): void
  /**
   * The peer at `place` (host:port) has closed: ends a close-delimited body, throws `connection-lost` or `short-body`
   * otherwise.
   */
  finish(place: string): void
  /** Makes ready for the next answer. */
  reset(): void
  /** Bytes of the body that are still to come, null when unknown. */
  readonly remaining: number | null
  /** The body goes on until the peer closes. */
  readonly untilClose: boolean
}

export function createAnswerReader(events: AnswerEvents): AnswerReader {
  const collector = createHeadCollector(false)
  const chunks = createChunkedDecoder((buffer, start, end) => events.data(buffer, start, end))
  let place: 'head' | 'length' | 'chunked' | 'close' | 'done' = 'head'
  let announced = 0
  let remaining = 0
  let interims = 0

  /** Returns the position of the body, or -1 while the head is incomplete. */
  function readHead(buffer: Buffer, start: number, end: number): number {
    let at = start
    for (;;) {
      if (collector.collected < 8) {
        refuseForeignStart(buffer.toString('latin1', at, Math.min(end, at + 8)), collector.collected)
      }
      at = collector.feed(buffer, at, end)
      if (at < 0) return -1
      const head = parseHead(collector.take())
      const framing = framingOf(head)
      if (head.status >= 200) {
        begin(head, framing, at < end)
        return at
      }
      if (head.status === 101) throw bad('switched to another protocol, which nobody asked for')
      if (++interims > MAX_INTERIM_HEADS) throw bad('sends interim answers without end')
      if (at === end) return -1
    }
  }

  function begin(head: ParsedHead, framing: Framing, more: boolean): void {
    if (framing.kind === 'length') {
      place = 'length'
      announced = remaining = framing.length
    } else if (framing.kind === 'none') {
      place = 'length'
      announced = remaining = 0
    } else {
      place = framing.kind
      chunks.reset()
    }
    events.head(head, framing)
    if (place === 'length' && remaining === 0) {
      place = 'done'
      events.end(framing.kind === 'none' ? 'none' : 'length', more)
    }
  }

  return {
    feed(buffer, start, end) {
      let at = start
      if (place === 'head') {
        at = readHead(buffer, start, end)
        if (at < 0) return
      }
      if (at === end) return
      if (place === 'length') {
        const stop = Math.min(end, at + remaining)
        remaining -= stop - at
        events.data(buffer, at, stop)
        if (remaining === 0) {
          place = 'done'
          events.end('length', stop < end)
        }
      } else if (place === 'chunked') {
        const stop = chunks.feed(buffer, at, end)
        if (chunks.done) {
          place = 'done'
          events.end('chunked', stop < end)
        }
      } else if (place === 'close') {
        events.data(buffer, at, end)
      }
    },
    finish(peer) {
      if (place === 'close') {
        place = 'done'
        events.end('close', false)
      } else if (place === 'length') {
        const got = announced - remaining
        throw new SluiceError('short-body', `${peer} announced ${announced} bytes and sent ${got}.`)
      } else if (place === 'chunked') {
        throw new SluiceError('connection-lost', `${peer} closed the connection in the middle of the body.`)
      } else if (place === 'head') {
        throw new SluiceError('connection-lost', `${peer} closed the connection before it answered.`)
      }
    },
    reset() {
      place = 'head'
      announced = remaining = interims = 0
    },
    get remaining() {
      if (place === 'length') return remaining
      return place === 'done' ? 0 : null
    },
    get untilClose() {
      return place === 'close'
    },
  }
}

function bad(what: string): SluiceError {
  return new SluiceError('bad-response', `The server ${what}.`)
}
