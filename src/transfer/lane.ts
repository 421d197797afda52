import { judgeAnswer } from '../core/answer.ts'
import type { Answer, Known } from '../core/answer.ts'
import { asSluiceError, SluiceError } from '../core/errors.ts'
import { ifRangeValue } from '../core/validators.ts'
import type { BodyEnd, ResponseHead } from '../wire/types.ts'
import { acceptAnswer } from './accept.ts'
import { createDecoder } from './decode.ts'
import { checkSize, isKnownByContent, wrongSize } from './expected-size.ts'
import { fetchLocation } from './fetch.ts'
import { currentUrl } from './location.ts'
import type { Location } from './location.ts'
import { noteRedirect } from './notes.ts'
import type { PartFile } from './part-file.ts'
import type { Lane, Transfer } from './state.ts'
import { createWriteBehind } from './write-behind.ts'

/** Bytes written by another thread from this size on; smaller pieces cost less when written at once. */
const writeLaterFrom = 64 * 1024

/** What a lane tells the transfer: one of both, once, unless it was stopped before. */
export interface LaneEvents {
  done(lane: Lane): void
  failed(lane: Lane, error: SluiceError): void
}

export interface LaneRange {
  readonly start: number
  /** Exclusive; Infinity when unknown. */
  readonly end: number
  /** Ask without Range: for the whole file. */
  readonly whole: boolean
}

/** Sends a request for a range, or the whole file, and writes what comes to its place. */
export function startLane(
  transfer: Transfer,
  location: Location,
  range: LaneRange,
  hedgeOf: Lane | null,
  events: LaneEvents,
): Lane {
  const { env } = transfer
  const asked = range.whole ? null : { start: range.start, end: Number.isFinite(range.end) ? range.end : null }
  const now = env.clock()
  const lane: Lane = {
    id: transfer.nextLane++,
    location,
    host: currentUrl(location, env.now()).host,
    asked,
    start: range.start,
    position: range.start,
    skip: 0,
    end: range.end,
    answerEnd: Infinity,
    decoder: null,
    behind: null,
    beside: transfer.lanes.size > 0,
    hedgeOf,
    fetch: fetchLocation(
      transfer.fetching,
      location,
      rangeFields(transfer, location, asked),
      { keepBuffers: transfer.digests.length > 0, readSize: transfer.readSize },
      { head, data, end: ended, fail },
    ),
    sentAt: now,
    flowing: false,
    speed: 0,
    markAt: now,
    markPosition: range.start,
    over: false,
  }
  const { size } = transfer.request
  /** The body should be the whole file of that size, and only its end will show. */
  let unannounced = false
  let isPage = false
  transfer.lanes.add(lane)
  env.places.take(lane.host, transfer)
  env.limiter.add(lane.fetch)
  transfer.limiter.add(lane.fetch)
  return lane

  function head(answer: ResponseHead): void {
    const told = answerOf(answer)
    checkSize(transfer.request.size, told)
    const judgement = judgeAnswer(told, asked, knownOf(transfer, location), env.now())
    if (judgement.kind === 'refused') throw judgement.error
    if (lane.fetch.roundTrip !== null) transfer.roundTrip = lane.fetch.roundTrip
    const encoding = acceptAnswer(transfer, lane, judgement, answer)
    if (transfer.ending === null) noteRedirect(transfer, location.original, answer.url)
    if (encoding !== null && !lane.over)
      lane.decoder = createDecoder(encoding, {
        bytes: decoded,
        ready: () => lane.fetch.resume(),
        ended: decodedAll,
        failed: fail,
      })
    unannounced = judgement.kind === 'whole' && answer.contentLength === null && !lane.decoder && size !== undefined
    isPage = /\bhtml\b/i.test(told.contentType ?? '')
    if (answer.url.protocol === 'https:' && transfer.file)
      lane.behind = createWriteBehind(env.collectBuffers, transfer.file, writeFailed)
    lane.flowing = true
    lane.markAt = env.clock()
  }

  function data(buffer: Buffer, start: number, end: number, keepable: boolean): boolean | undefined {
    if (lane.over) return undefined
    env.limiter.spend(end - start, lane.fetch)
    transfer.limiter.spend(end - start, lane.fetch)
    transfer.received += end - start
    transfer.movedAt = env.clock()
    if (lane.decoder) {
      if (!lane.decoder.push(Buffer.from(buffer.subarray(start, end)))) lane.fetch.pause()
      return undefined
    }
    const passed = Math.min(lane.skip, end - start)
    const from = start + passed
    lane.skip -= passed
    if (unannounced && end - from > lane.answerEnd - lane.position) throw otherFile('has more bytes')
    const stop = Math.min(end, from + lane.end - lane.position)
    const kept = stop > from && write(buffer, from, stop, keepable)
    if (lane.position >= lane.end && lane.answerEnd > lane.end) finish()
    return kept
  }

  function decoded(chunk: Buffer): void {
    if (lane.over) return
    if (size !== undefined && lane.position + chunk.length > size) return fail(wrongSize(size, 'has more bytes'))
    try {
      write(chunk, 0, chunk.length, false)
    } catch (error) {
      fail(asSluiceError(error))
    }
  }

  function decodedAll(): void {
    if (!lane.over && size !== undefined && lane.position !== size) fail(wrongSize(size, `has ${lane.position} bytes`))
    else finish()
  }

  /** What has come is not the beginning of the file. */
  function otherFile(found: string): SluiceError {
    const error = wrongSize(size ?? 0, found)
    giveUpBytes(transfer, lane)
    return error
  }

  function write(buffer: Buffer, start: number, end: number, keepable: boolean): boolean {
    const { file, hash } = transfer
    if (!file) return false
    const at = lane.position
    const later = keepable && hash !== null && end - start >= writeLaterFrom
    if (later) file.writeLater(buffer, start, end, at, written)
    else if (!lane.behind?.add(buffer, start, end, at)) writeInOrder(file, buffer, start, end, at)
    lane.position += end - start
    hash?.take(buffer, start, end, at)
    return later

    function written(error: unknown): void {
      env.client.release(buffer)
      if (error) writeFailed(error)
    }
  }

  function writeInOrder(file: PartFile, buffer: Buffer, start: number, end: number, at: number): void {
    lane.behind?.flush()
    file.writeNow(buffer, start, end, at)
  }

  /** The lane may be over: what it handed over is lost all the same. */
  function writeFailed(error: unknown): void {
    transfer.fail(asSluiceError(error))
  }

  function ended(how: BodyEnd): void {
    if (lane.over) return
    if (lane.decoder) return lane.decoder.finish()
    if (lane.position >= lane.end || lane.end === Infinity) return finish()
    // Chunks have a proper end, so the server has no more; a connection that is closed may have been lost.
    if (unannounced && how === 'chunked') return fail(otherFile(`has ${lane.position} bytes`))
    const code = how === 'close' ? 'connection-lost' : 'short-body'
    fail(new SluiceError(code, `The server ended its answer ${lane.end - lane.position} bytes too early.`))
  }

  function finish(): void {
    if (lane.over) return
    stopLane(transfer, lane)
    if (lane.end === Infinity) lane.end = lane.position
    events.done(lane)
  }

  function fail(error: SluiceError): void {
    if (lane.over) return
    // It may be an error page instead of the file, and now nobody can tell.
    if (unannounced && isPage) giveUpBytes(transfer, lane)
    stopLane(transfer, lane)
    events.failed(lane, error)
  }
}

/** What the lane has written does not count. */
function giveUpBytes(transfer: Transfer, lane: Lane): void {
  lane.position = lane.start
  transfer.hash?.reset()
}

/** Ends a lane without a word; what it has written stays. */
export function stopLane(transfer: Transfer, lane: Lane): void {
  if (lane.over) return
  lane.over = true
  transfer.lanes.delete(lane)
  transfer.env.places.leave(lane.host, transfer)
  transfer.env.limiter.remove(lane.fetch)
  transfer.limiter.remove(lane.fetch)
  lane.fetch.abort()
  lane.decoder?.stop()
  lane.behind?.flush()
}

/** What answers of that place must fit; null when nothing is known yet, or the content alone decides. */
function knownOf(transfer: Transfer, location: Location): Known | null {
  if (isKnownByContent(transfer.request)) return null
  return location.known ?? (location.mirror ? null : transfer.known)
}

function rangeFields(transfer: Transfer, location: Location, asked: Lane['asked']): Array<readonly [string, string]> {
  if (!asked) return []
  const fields: Array<readonly [string, string]> = [
    ['Range', `bytes=${asked.start}-${asked.end === null ? '' : asked.end - 1}`],
  ]
  const known = knownOf(transfer, location)
  const validator = known && !transfer.noIfRange ? ifRangeValue(known.validators) : null
  return validator === null ? fields : [...fields, ['If-Range', validator]]
}

/** What of a head decides about its body. */
export function answerOf(head: ResponseHead): Answer {
  const encoding = head.field('content-encoding')
  return {
    status: head.status,
    contentLength: head.contentLength,
    contentRange: head.field('content-range'),
    contentType: head.field('content-type'),
    coded: encoding !== undefined && encoding.toLowerCase() !== 'identity' && encoding !== '',
    retryAfter: head.field('retry-after'),
    validators: {
      etag: head.field('etag') ?? null,
      lastModified: head.field('last-modified') ?? null,
      date: head.field('date') ?? null,
    },
  }
}
