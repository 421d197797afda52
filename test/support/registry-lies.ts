import { answerOf, bodyBytes, bodySize, correctAnswer, entityOf, wholeAnswer, withHeaders } from '../faults/answer.ts'
import type { Answer } from '../faults/answer.ts'
import { chunked, htmlPage } from '../faults/catalogue/lies.ts'
import type { SeenRequest } from '../faults/request.ts'
import type { FixtureBlob } from './model-fixture.ts'

/** How ranges of a blob are answered. */
export type RangeFault =
  | 'ok'
  /** Accept-Ranges is stated, and every answer is 200 with all bytes. */
  | 'ignored'
  /** The first two requests for a range are answered so, as by a proxy that has not got the blob yet. */
  | 'ignored-once'
  /** Content-Range names another place than the one asked for; the bytes are those that were asked for. */
  | 'wrong-content-range'
  /** Neither Content-Length nor the total of Content-Range is told. */
  | 'no-length'
  /** The first two requests for a range get 416 with the Content-Length of the whole blob and a short body. */
  | 'lying-416'

/** What goes wrong with a blob. */
export type Trouble =
  | 'none'
  /** The first body ends in silence at its half, the connection open. */
  | 'stall'
  /** The first two bodies end at half by a reset. */
  | 'reset'
  /** The first two bodies end at half by a proper end of the connection. */
  | 'short-body'
  /** The first connection has an eighth of the rate. */
  | 'slow-tail'
  /** The first request gets 429 and Retry-After: 1. */
  | 'busy'
  /** The first two bodies end at half; when nearly half of the blob was sent, the addresses given out before answer 403. */
  | 'expired'
  /** The first answer that has a byte near the front has it wrong. */
  | 'flipped-byte'
  /** The first answer is a web page. */
  | 'portal'

export interface BlobLies {
  readonly ranges: RangeFault
  readonly trouble: Trouble
  /** Bytes per second of each connection. */
  readonly rate: number
}

/** Answers requests for one blob, with the lies in their order. */
export function lyingBlob(blob: FixtureBlob, { ranges, trouble, rate }: BlobLies): (request: SeenRequest) => Answer {
  const { content, size } = blob
  const entity = entityOf(content)
  // Near the front: there the first connection is still alone, so a client that asks with several gets it too.
  const wrong = Math.min(Math.floor(size / 2), 65_536)
  let asked = 0
  let rangesAsked = 0
  let flipped = false

  function ranged(request: SeenRequest): Answer {
    const correct = correctAnswer(request, entity)
    if (request.range !== null) rangesAsked++
    const isEarly = request.range !== null && rangesAsked <= 2
    if (ranges === 'ignored' || (ranges === 'ignored-once' && isEarly)) return wholeAnswer(entity)
    if (ranges === 'lying-416' && isEarly) return lying416(size)
    if (ranges === 'no-length') return withoutLength(correct)
    if (ranges === 'wrong-content-range' && correct.status === 206) return shifted(correct)
    return correct
  }

  return (request) => {
    asked++
    if (trouble === 'busy' && asked === 1) return answerOf(429, [['Retry-After', '1']], Buffer.from('too busy'))
    if (trouble === 'portal' && asked === 1) return htmlPage()
    const answer = { ...ranged(request), rate }
    const half = Math.ceil(bodySize(answer.body) / 2)
    if (answer.status >= 300 || half < 1000) return answer
    if (trouble === 'stall' && asked === 1) return { ...answer, cut: { after: half, how: 'stall' } }
    if (trouble === 'reset' && asked <= 2) return { ...answer, cut: { after: half, how: 'rst' } }
    if ((trouble === 'short-body' || trouble === 'expired') && asked <= 2)
      return { ...answer, cut: { after: half, how: 'fin' } }
    if (trouble === 'slow-tail' && asked === 1) return { ...answer, rate: rate / 8 }
    const start = answer.status === 206 ? (request.range?.start ?? 0) : 0
    if (trouble !== 'flipped-byte' || flipped || start > wrong || start + 2 * half <= wrong) return answer
    flipped = true
    return { ...answer, body: flip(bodyBytes(answer.body), wrong - start) }
  }
}

function flip(bytes: Buffer, at: number): Buffer {
  const changed = Buffer.from(bytes)
  changed.writeUInt8(changed.readUInt8(at) ^ 1, at)
  return changed
}

/** As docker-registry 2.8.2 has it. */
function lying416(size: number): Answer {
  const answer = answerOf(
    416,
    [['Content-Range', `bytes */${size}`]],
    Buffer.from('Requested Range Not Satisfiable\n\n'),
  )
  return { ...withHeaders(answer, { 'Content-Length': String(size) }), cut: { after: 33, how: 'fin' } }
}

function withoutLength(answer: Answer): Answer {
  const [, range = ''] = answer.headers.find(([name]) => name === 'Content-Range') ?? []
  return chunked(answer.status === 206 ? withHeaders(answer, { 'Content-Range': range.replace(/\d+$/, '*') }) : answer)
}

function shifted(answer: Answer): Answer {
  const [, range = ''] = answer.headers.find(([name]) => name === 'Content-Range') ?? []
  const [, start = '', end = '', total = ''] = /(\d+)-(\d+)\/(\d+)/.exec(range) ?? []
  // At the front of the blob there is no place before.
  const by = start === '0' ? 1 : -1
  return withHeaders(answer, { 'Content-Range': `bytes ${Number(start) + by}-${Number(end) + by}/${total}` })
}
