import type { Content } from './content.ts'
import type { SeenRequest } from './request.ts'

/** A file as an honest server knows it. */
export interface Entity {
  readonly content: Content
  /** With its quotes; null sends none. */
  readonly etag: string | null
  readonly lastModified: string | null
  readonly type: string | null
  /** False: Range is ignored and Accept-Ranges absent. */
  readonly ranges: boolean
}

/** Bytes to send: computed from a content, or given. */
export type Body = Buffer | { readonly content: Content; readonly start: number; readonly end: number }

/** One answer, byte for byte: nothing is added to it or repaired when it is sent. */
export interface Answer {
  readonly version: '1.1' | '1.0'
  readonly status: number
  readonly reason: string
  readonly headers: ReadonlyArray<readonly [name: string, value: string]>
  readonly body: Body
  /** Latin-1 text before the status line, such as a 1xx answer. */
  readonly before?: string
  /** Replaces status line, header lines and the blank line. Latin-1 or raw bytes. */
  readonly head?: string | Buffer
  /** Ends the connection after so many body bytes; `stall` keeps it open and silent, `bare` drops TLS unannounced. */
  readonly cut?: { readonly after: number; readonly how: 'fin' | 'rst' | 'stall' | 'bare' }
  /** Bytes per second of the body. */
  readonly rate?: number
  /** Largest single write of head and body in bytes, each its own TCP segment. */
  readonly slice?: number
  /** Head and body wait for this. */
  readonly wait?: Promise<unknown>
  /** True closes the connection after the body. */
  readonly close?: boolean
}

/** Date that all entities have unless told otherwise: long ago, so that it is a strong validator. */
const someDate = 'Tue, 04 Mar 2025 10:00:00 GMT'

export function entityOf(content: Content, changes: Partial<Entity> = {}): Entity {
  return {
    content,
    etag: `"${content.seed.toString(16)}-${content.size.toString(16)}"`,
    lastModified: someDate,
    type: 'application/octet-stream',
    ranges: true,
    ...changes,
  }
}

/** What a correct server answers to a GET (RFC 9110 sections 13 and 14). */
export function correctAnswer(request: SeenRequest, entity: Entity): Answer {
  const { content } = entity
  const known = request.headers.get('if-none-match')
  if (entity.etag !== null && known === entity.etag) return answerOf(304, describe(entity), Buffer.alloc(0))
  const range = request.range
  if (!entity.ranges || range === null || !ifRangeHolds(request.headers.get('if-range'), entity))
    return wholeAnswer(entity)
  if (range.start >= content.size) {
    return answerOf(416, [['Content-Range', `bytes */${content.size}`]], Buffer.alloc(0))
  }
  return rangeAnswer(entity, range.start, Math.min(range.end ?? content.size, content.size))
}

/** 200 with all bytes. */
export function wholeAnswer(entity: Entity): Answer {
  const { content } = entity
  return answerOf(200, describe(entity), { content, start: 0, end: content.size })
}

/** 206 with bytes `start` (inclusive) to `end` (exclusive). */
export function rangeAnswer(entity: Entity, start: number, end: number): Answer {
  const { content } = entity
  const headers = [...describe(entity), ['Content-Range', `bytes ${start}-${end - 1}/${content.size}`] as const]
  return answerOf(206, headers, { content, start, end })
}

/** An answer with Date and a Content-Length that fits the body. */
export function answerOf(status: number, headers: Answer['headers'], body: Body): Answer {
  const all = [['Date', new Date().toUTCString()], ...headers, ['Content-Length', String(bodySize(body))]] as const
  return { version: '1.1', status, reason: `Status ${status}`, headers: all, body }
}

/** Replaces the fields of these names (null removes them); new ones go to the end. */
export function withHeaders(answer: Answer, changes: Readonly<Record<string, string | null>>): Answer {
  const names = new Set(Object.keys(changes).map((name) => name.toLowerCase()))
  const kept = answer.headers.filter(([name]) => !names.has(name.toLowerCase()))
  const added = Object.entries(changes).flatMap(([name, value]) => (value === null ? [] : [[name, value] as const]))
  return { ...answer, headers: [...kept, ...added] }
}

/** The same head with another body; Content-Length follows. */
export function withBody(answer: Answer, body: Body): Answer {
  return withHeaders({ ...answer, body }, { 'Content-Length': String(bodySize(body)) })
}

export function redirectTo(location: string, status = 302): Answer {
  return answerOf(status, [['Location', location]], Buffer.from('moved'))
}

export function bodySize(body: Body): number {
  return Buffer.isBuffer(body) ? body.length : body.end - body.start
}

export function bodyBytes(body: Body): Buffer {
  return Buffer.isBuffer(body) ? body : body.content.read(body.start, body.end)
}

export function headBytes(answer: Answer): Buffer {
  if (answer.head !== undefined) return Buffer.isBuffer(answer.head) ? answer.head : Buffer.from(answer.head, 'latin1')
  const lines = answer.headers.map(([name, value]) => `${name}: ${value}\r\n`).join('')
  return Buffer.from(`HTTP/${answer.version} ${answer.status} ${answer.reason}\r\n${lines}\r\n`, 'latin1')
}

function describe(entity: Entity): Array<readonly [string, string]> {
  const fields: Array<readonly [string, string]> = []
  if (entity.ranges) fields.push(['Accept-Ranges', 'bytes'])
  if (entity.etag !== null) fields.push(['ETag', entity.etag])
  if (entity.lastModified !== null) fields.push(['Last-Modified', entity.lastModified])
  if (entity.type !== null) fields.push(['Content-Type', entity.type])
  return fields
}

function ifRangeHolds(value: string | undefined, entity: Entity): boolean {
  if (value === undefined) return true
  if (value.startsWith('W/')) return false
  return value === entity.etag || value === entity.lastModified
}
