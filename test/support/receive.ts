import type { BodyEnd, Exchange, ResponseHead, WireClient, WireRequest } from '../../src/wire/types.ts'

/** A whole answer. */
export interface Received {
  readonly head: ResponseHead
  readonly body: Buffer
  readonly how: BodyEnd
}

export interface Receiving {
  readonly exchange: Exchange
  /** Settles with the end or the failure. */
  readonly answer: Promise<Received>
  /** Settles when the head has come. */
  readonly head: Promise<ResponseHead>
  /** Bytes that came so far. */
  bytes(): number
}

/** Sends a GET and keeps everything that comes. */
export function receive(client: WireClient, url: URL, more: Partial<WireRequest> = {}): Receiving {
  const parts: Buffer[] = []
  let bytes = 0
  let received: ResponseHead | undefined
  const answer = Promise.withResolvers<Received>()
  const head = Promise.withResolvers<ResponseHead>()
  // Most tests look at one of the two promises only.
  head.promise.catch(() => undefined)
  answer.promise.catch(() => undefined)
  const exchange = client.get(
    { url, headers: [], ...more },
    {
      head(arrived) {
        received = arrived
        head.resolve(arrived)
      },
      data(buffer, start, end) {
        parts.push(Buffer.from(buffer.subarray(start, end)))
        bytes += end - start
        return undefined
      },
      end(how) {
        if (received === undefined) answer.reject(new Error('an end without a head'))
        else answer.resolve({ head: received, body: Buffer.concat(parts), how })
      },
      fail(error) {
        head.reject(error)
        answer.reject(error)
      },
    },
  )
  return { exchange, answer: answer.promise, head: head.promise, bytes: () => bytes }
}
