import { judgeAnswer } from '../core/answer.ts'
import type { Answer } from '../core/answer.ts'
import type { SluiceError } from '../core/errors.ts'
import { asSluiceError } from '../core/errors.ts'
import { ifRangeValue } from '../core/validators.ts'
import type { ResponseHead } from '../wire/types.ts'
import { acceptAnswer } from './accept.ts'
import { createDecoder } from './decode.ts'
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
    end: range.end,
    answerEnd: Infinity,
    decoder: null,
    behind: null,
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
  transfer.lanes.add(lane)
  env.places.take(lane.host, transfer)
  env.limiter.add(lane.fetch)
  transfer.limiter.add(lane.fetch)
  return lane

  function head(answer: ResponseHead): void {
    const { known } = transfer
    const expected = location.known ?? (location.mirror ? null : known)
    const judgement = judgeAnswer(answerOf(answer), asked, expected, env.now())
    if (judgement.kind === 'refused') throw judgement.error
    if (lane.fetch.roundTrip !== null) transfer.roundTrip = lane.fetch.roundTrip
    const encoding = acceptAnswer(transfer, lane, judgement, answer)
    if (transfer.ending === null) noteRedirect(transfer, location.original, answer.url)
    if (encoding !== null && !lane.over)
      lane.decoder = createDecoder(encoding, {
        bytes: decoded,
        ready: () => lane.fetch.resume(),
        ended: finish,
        failed: fail,
      })
    if (answer.url.protocol === 'https:' && transfer.file)
      lane.behind = createWriteBehind(env.collectBuffers, transfer.file, writeFailed)
    lane.flowing = true
    lane.markAt = env.clock()
  }

  function data(buffer: Buffer, start: number, end: number, keepable: boolean): boolean | undefined {
    if (lane.over) return undefined
    env.limiter.spend(end - start)
    transfer.limiter.spend(end - start)
    transfer.received += end - start
    transfer.movedAt = env.clock()
    if (lane.decoder) {
      if (!lane.decoder.push(Buffer.from(buffer.subarray(start, end)))) lane.fetch.pause()
      return undefined
    }
    const stop = Math.min(end, start + lane.end - lane.position)
    const kept = stop > start && write(buffer, start, stop, keepable)
    if (lane.position >= lane.end && lane.answerEnd > lane.end) finish()
    return kept
  }

  function decoded(chunk: Buffer): void {
    if (lane.over) return
    try {
      write(chunk, 0, chunk.length, false)
    } catch (error) {
      fail(asSluiceError(error))
    }
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

  function ended(): void {
    if (lane.over) return
    if (lane.decoder) lane.decoder.finish()
    else finish()
  }

  function finish(): void {
    if (lane.over) return
    stopLane(transfer, lane)
    if (lane.end === Infinity) lane.end = lane.position
    events.done(lane)
  }

  function fail(error: SluiceError): void {
    if (lane.over) return
    stopLane(transfer, lane)
    events.failed(lane, error)
  }
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

function rangeFields(transfer: Transfer, location: Location, asked: Lane['asked']): Array<readonly [string, string]> {
  if (!asked) return []
  const fields: Array<readonly [string, string]> = [
    ['Range', `bytes=${asked.start}-${asked.end === null ? '' : asked.end - 1}`],
  ]
  const known = location.known ?? (location.mirror ? null : transfer.known)
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
