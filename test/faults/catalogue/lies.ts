import { answerOf, bodyBytes, entityOf } from '../answer.ts'
import type { Answer, Entity } from '../answer.ts'
import type { Plan } from '../fault.ts'
import { KiB } from '../lab.ts'
import type { Lab, Simple } from '../lab.ts'
import type { SeenRequest } from '../request.ts'
import type { Origin, Scenario } from '../server.ts'

/** What a fault does to a right answer. */
export type Change = (correct: Answer, request: SeenRequest) => Answer

/** Lies in every answer. */
export function always(change: Change): Scenario {
  return { answer: (request, correct) => change(correct, request) }
}

/** Lies in the first answers only. */
export function first(count: number, change: Change): Scenario {
  return { answer: (request, correct) => (request.index <= count ? change(correct, request) : correct) }
}

/** Cuts the first answer after so many bytes, so that the rest must be asked for, and lies in what follows. */
export function cutThen(after: number, change: Change = (correct) => correct): Scenario {
  return {
    answer: (request, correct) =>
      request.index === 1 ? { ...correct, cut: { after, how: 'fin' } } : change(correct, request),
  }
}

/** Only for requests that ask for bytes from the middle of the file. */
export function toRanges(change: Change): Change {
  return (correct, request) => (request.range !== null && request.range.start > 0 ? change(correct, request) : correct)
}

/** Ends the connection without a word. */
export function hangUp(how: 'fin' | 'rst'): Answer {
  return { ...answerOf(200, [], Buffer.alloc(0)), head: '', cut: { after: 0, how } }
}

/** An answer whose head is exactly this text (without the blank line) and whose body the right one has. */
export function rawHead(correct: Answer, ...lines: string[]): Answer {
  return { ...correct, head: lines.map((line) => `${line}\r\n`).join('') + '\r\n' }
}

export interface Chunking {
  /** Bytes of a chunk. */
  readonly size?: number
  readonly extension?: string
  /** Trailer lines, each with its line end. */
  readonly trailers?: string
  /** Without it the end of the body is missing. */
  readonly last?: boolean
}

/** The same bytes as a chunked body (RFC 9112 section 7.1). */
export function chunked(answer: Answer, chunking: Chunking = {}): Answer {
  const { size = 10_000, extension = '', trailers = '', last = true } = chunking
  const bytes = bodyBytes(answer.body)
  const pieces: Buffer[] = []
  for (let at = 0; at < bytes.length; at += size) {
    const piece = bytes.subarray(at, at + size)
    pieces.push(Buffer.from(`${piece.length.toString(16)}${extension}\r\n`), piece, Buffer.from('\r\n'))
  }
  if (last) pieces.push(Buffer.from(`0${extension}\r\n${trailers}\r\n`))
  return asChunked(answer, Buffer.concat(pieces))
}

/** A body that is already in chunks, well or badly. */
export function asChunked(answer: Answer, body: Buffer): Answer {
  const headers = answer.headers.filter(([name]) => name !== 'Content-Length')
  return { ...answer, headers: [...headers, ['Transfer-Encoding', 'chunked']], body }
}

/** Without any length: the end of the connection ends the body. */
export function closeDelimited(answer: Answer, how: 'fin' | 'rst' | 'bare' = 'fin', after?: number): Answer {
  const headers = answer.headers.filter(([name]) => name !== 'Content-Length' && name !== 'Accept-Ranges')
  const whole = bodyBytes(answer.body)
  return {
    ...answer,
    headers: [...headers, ['Connection', 'close']],
    body: whole,
    cut: { after: after ?? whole.length, how },
  }
}

export function htmlPage(status = 200): Answer {
  const page = '<!DOCTYPE html><html><head><title>Please log in</title></head><body>Members only</body></html>'
  return answerOf(status, [['Content-Type', 'text/html; charset=utf-8']], Buffer.from(page))
}

export interface Resumed extends Simple {
  /** Bytes that the first run gets. */
  readonly keep?: number
  /** What the server has become before the second run. */
  then?(origin: Origin): void
}

/** Two runs: the first one is left with a part because the rest is not to be had, the second one resumes. */
export async function resumed(lab: Lab, options: Resumed): Promise<Plan> {
  const { exit, keep = 128 * KiB, then, size = 256 * KiB, path = '/file.bin', entity, ask, ...expect } = options
  const origin = await lab.origin(
    entityOf(lab.content(size), entity),
    cutThen(keep, () => answerOf(404, [], Buffer.alloc(0))),
  )
  const url = origin.base + path
  const change = (): void => {
    origin.scenario = {}
    then?.(origin)
  }
  const runs = [
    { exit: [3, 4], ask: { url, ...ask, retries: 0 } },
    { exit, ask: { url, ...ask }, before: change },
  ]
  return { runs, expect }
}

/** The same file with other bytes and another validator. */
export function replaced(
  lab: Lab,
  origin: Origin,
  changes: Partial<Entity> = {},
  size: number = origin.entity.content.size,
): Entity {
  const content = lab.content(size, 99)
  return { ...origin.entity, content, etag: '"new"', lastModified: 'Wed, 05 Mar 2025 10:00:00 GMT', ...changes }
}
