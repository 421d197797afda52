import { asSluiceError } from '../core/errors.ts'
import type { SluiceError } from '../core/errors.ts'
import { decodeBody, tooLarge } from './api-decode.ts'
import { fieldValue } from './response-head.ts'
import type { BodySink, ResponseHead } from './types.ts'

/** Fields by lower-case name, in order of arrival. */
export interface ApiHeaders {
  readonly fields: ReadonlyArray<readonly [name: string, value: string]>
  /** Several lines of one name are joined with ", "; null without any. */
  get(name: string): string | null
  all(name: string): string[]
}

/** A whole answer. */
export interface ApiAnswer {
  readonly status: number
  readonly headers: ApiHeaders
  /** Decoded. Of a status other than 2xx it only explains: cut at 64 KiB, and empty where it cannot be decoded. */
  readonly body: Buffer
  readonly url: URL
  /** Connected address, '' through a proxy. */
  readonly remoteAddress: string
}

/** Bytes of the body of an answer that is no success. */
const maxExplanation = 64 * 1024

export interface AnswerCollector extends BodySink {
  /** What came, once the answer is here; rejects with what went wrong. */
  readonly answer: Promise<ApiAnswer>
  /** False once the body was left before its end: the connection is of no further use. */
  readonly whole: boolean
}

/** Gathers one answer. `address` is asked when the head is here. */
export function collectAnswer(
  { method, maxBytes }: { readonly method: string; readonly maxBytes: number },
  address: () => string,
): AnswerCollector {
  const { promise, resolve, reject } = Promise.withResolvers<ApiAnswer>()
  const chunks: Buffer[] = []
  let head: ResponseHead | undefined
  let bytes = 0
  let whole = false
  let settled = false

  const isSuccess = ({ status }: ResponseHead): boolean => status >= 200 && status < 300

  function settle(known: ResponseHead): void {
    if (settled) return
    settled = true
    resolve(compose(known, Buffer.concat(chunks), isSuccess(known) ? maxBytes : maxExplanation, address()))
  }

  function failed(error: SluiceError): void {
    // Whatever becomes of an explanation, the status has said what matters.
    if (head !== undefined && !isSuccess(head) && error.code !== 'interrupted') settle(head)
    else if (!settled) reject(error)
    settled = true
  }

  return {
    answer: promise,
    get whole() {
      return whole
    },
    head(received) {
      head = received
      const announced = method === 'HEAD' ? 0 : (received.contentLength ?? 0)
      if (isSuccess(received) && announced > maxBytes) throw tooLarge(received.url.host, maxBytes)
    },
    data(buffer, start, end) {
      if (head === undefined || settled) return undefined
      const room = (isSuccess(head) ? maxBytes : maxExplanation) - bytes
      if (isSuccess(head) && end - start > room) throw tooLarge(head.url.host, maxBytes)
      chunks.push(Buffer.from(buffer.subarray(start, Math.min(end, start + room))))
      bytes += end - start
      if (end - start > room) settle(head)
      return undefined
    },
    end() {
      whole = !settled
      if (head !== undefined) settle(head)
    },
    fail: (error) => failed(asSluiceError(error)),
  }
}

async function compose(head: ResponseHead, raw: Buffer, limit: number, remoteAddress: string): Promise<ApiAnswer> {
  const { fields, status, url } = head
  const headers: ApiHeaders = {
    fields,
    get: (name) => fieldValue(fields, name.toLowerCase()) ?? null,
    all: (name) => fields.filter(([key]) => key === name.toLowerCase()).map(([, value]) => value),
  }
  const body = decodeBody(raw, headers.get('content-encoding') ?? '', limit, url.host).catch((error: unknown) => {
    if (status >= 200 && status < 300) throw error
    return Buffer.alloc(0)
  })
  return { status, headers, body: await body, url, remoteAddress }
}
