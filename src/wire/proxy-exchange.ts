import type { Dispatcher } from 'undici'
import { asSluiceError, SluiceError } from '../core/errors.ts'
import { framingOf } from './body-framing.ts'
import { responseHead } from './received-head.ts'
import { codeOf, lossError } from './socket-errors.ts'
import type { BodyEnd, BodySink, Exchange, WireRequest } from './types.ts'

export interface ExchangeSettings {
  /** host:port of the origin, for messages. */
  readonly place: string
  /** Milliseconds. */
  readonly headersTimeout: number
  readonly stallTimeout: number
  /** Bytes that are handed over at once, asked anew each time. */
  readonly readSize: () => number
  /** An error instead of an answer that the proxy itself gave. */
  readonly refusal: (status: number) => SluiceError | undefined
  /** Called once, when nothing will happen any more. */
  readonly over: () => void
}

/** The two sides of one request: what undici calls, and what the asker holds. */
export interface ProxyExchange extends Exchange {
  readonly handler: Dispatcher.DispatchHandler
  /** Ends it before undici knew of it, or by a fault on our side. */
  fail(error: unknown): void
}

/**
 * Turns undici's calls into those of a BodySink. undici may go on delivering while paused (when the peer has closed), so
 * what arrives is queued here, and the time limits are ours: undici's own do not see a receiver that holds back.
 */
export function proxyExchange(request: WireRequest, sink: BodySink, settings: ExchangeSettings): ProxyExchange {
  const queue: Buffer[] = []
  const keepable = request.keepBuffers === true
  let controller: Dispatcher.DispatchController | undefined
  let framing: BodyEnd | undefined
  let atEnd = false
  let over = false
  let pauses = 0
  let draining = false
  let watch: NodeJS.Timeout | undefined
  let bytesSeen = 0

  function finish(tell?: () => void): void {
    if (over) return
    over = true
    clearTimeout(watch)
    queue.length = 0
    settings.over()
    tell?.()
  }

  function fail(error: unknown): void {
    const known = error instanceof SluiceError ? error : undefined
    finish(() => sink.fail(known ?? asSluiceError(error)))
    controller?.abort(error instanceof Error ? error : new Error('failed'))
  }

  /** Fails the exchange when nothing comes for so long; time spent paused does not count. */
  function expectBytes(): void {
    clearTimeout(watch)
    const limit = framing === undefined ? settings.headersTimeout : settings.stallTimeout
    watch = setTimeout(() => {
      const before = bytesSeen
      // A thread that was held up reads first what has come meanwhile.
      setImmediate(() => {
        if (over || pauses > 0) return
        if (bytesSeen === before) fail(silence(settings, framing === undefined))
        else expectBytes()
      })
    }, limit)
  }

  function drain(): void {
    if (draining) return
    draining = true
    try {
      while (!over && pauses === 0 && queue.length > 0) {
        const chunk = queue.shift() as Buffer
        const size = Math.max(1, Math.min(settings.readSize(), request.readSize?.() ?? Infinity))
        if (chunk.length > size) queue.unshift(chunk.subarray(size))
        sink.data(chunk, 0, Math.min(size, chunk.length), keepable)
      }
      if (atEnd && pauses === 0 && queue.length === 0) finish(() => sink.end(framing ?? 'none'))
    } catch (error) {
      fail(error)
    } finally {
      draining = false
    }
  }

  const handler: Dispatcher.DispatchHandler = {
    onRequestStart(started) {
      controller = started
      if (over) started.abort(new Error('aborted'))
      else expectBytes()
    },
    onResponseStart(started, status, _headers, reason) {
      if (over || status < 200) return
      try {
        const refused = settings.refusal(status)
        if (refused !== undefined) throw refused
        const head = { version: '1.1', status, reason: reason ?? '', fields: fieldsOf(started.rawHeaders) } as const
        const body = framingOf(head)
        framing = body.kind
        bytesSeen++
        sink.head(responseHead(head, body, request.url, ''))
        if (!over && pauses === 0) expectBytes()
      } catch (error) {
        fail(error)
      }
    },
    onResponseData(_, chunk) {
      if (over) return
      bytesSeen += chunk.length
      watch?.refresh()
      queue.push(chunk)
      drain()
    },
    onResponseEnd() {
      atEnd = true
      clearTimeout(watch)
      drain()
    },
    onResponseError(_, error) {
      fail(wireError(error, settings.place, framing))
    },
  }

  return {
    handler,
    fail,
    connectMs: null,
    pause() {
      if (over) return
      pauses++
      clearTimeout(watch)
      if (!atEnd) controller?.pause()
    },
    resume() {
      if (over || pauses === 0 || --pauses > 0) return
      drain()
      if (over || pauses > 0 || atEnd) return
      expectBytes()
      controller?.resume()
    },
    abort() {
      finish()
      controller?.abort(new Error('aborted'))
    },
  }
}

function fieldsOf(raw: unknown): Array<readonly [string, string]> {
  const texts = (Array.isArray(raw) ? raw : []).map((part) =>
    Buffer.isBuffer(part) ? part.toString('latin1') : String(part),
  )
  return texts.flatMap((text, index) =>
    index % 2 === 0 ? [[text.toLowerCase(), (texts[index + 1] ?? '').replace(/^[ \t]+|[ \t]+$/g, '')] as const] : [],
  )
}

function silence({ place, headersTimeout, stallTimeout }: ExchangeSettings, beforeHead: boolean): SluiceError {
  return beforeHead
    ? new SluiceError('headers-timeout', `${place} did not begin to answer within ${headersTimeout / 1000} s.`)
    : new SluiceError('stalled', `${place} sent nothing for ${stallTimeout / 1000} s.`)
}

/** Words for what undici reports once the connection stands; `framing` is undefined before a head has come. */
function wireError(error: Error, place: string, framing: BodyEnd | undefined): SluiceError {
  const code = codeOf(error)
  const cut = code === 'UND_ERR_SOCKET' || (error.name === 'HTTPParserError' && error.message.includes('EOF'))
  if (error instanceof SluiceError) return error
  if (framing === 'length' && (cut || code === 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH')) {
    return new SluiceError('short-body', `${place} ended before all announced bytes were there.`, { cause: error })
  }
  if (cut) {
    const when = framing === undefined ? 'without an answer' : 'before the answer was complete'
    return new SluiceError('connection-lost', `The connection to ${place} was closed ${when}.`, { cause: error })
  }
  if (code === 'UND_ERR_HEADERS_OVERFLOW') {
    return new SluiceError('head-too-large', `The header of the answer of ${place} is too large.`, { cause: error })
  }
  if (error.name === 'HTTPParserError' || code === 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH') {
    return new SluiceError('bad-response', `${place} gave an answer that is not proper HTTP.`, { cause: error })
  }
  return lossError(error, place)
}
