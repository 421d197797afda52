import type { SluiceError } from '../core/errors.ts'

/** One GET. Header names are written as given; `Host` and `Connection` are added by the client. */
export interface WireRequest {
  /** http: or https:, without user information and fragment. */
  readonly url: URL
  readonly headers: ReadonlyArray<readonly [name: string, value: string]>
  /**
   * Ask for read buffers that the receiver may keep (see `BodySink.data`). For one fast connection whose bytes are
   * hashed while another thread writes them; default false.
   */
  readonly keepBuffers?: boolean
  /** Most bytes that one read of this answer hands over, besides the client's own cap; asked before each read. */
  readonly readSize?: () => number
  /**
   * Called with the connected address ('' through a proxy) before a byte is sent, on a reused connection too; throws a
   * SluiceError (`private-address`) to refuse.
   */
  readonly checkAddress?: (address: string, url: URL) => void
}

/** Header fields in order of arrival; names are lower case, values have no surrounding blanks, bytes are Latin-1. */
export interface ResponseHead {
  readonly version: '1.0' | '1.1'
  readonly status: number
  readonly reason: string
  readonly fields: ReadonlyArray<readonly [name: string, value: string]>
  /** The value of a field; several lines of one name are joined with ", ". */
  field(name: string): string | undefined
  /** What was asked, to be the base of a relative Location. */
  readonly url: URL
  /** Address of the peer that answered, '' through a proxy. */
  readonly remoteAddress: string
  /** Body length in bytes by Content-Length, null when chunked, close-delimited or coded. */
  readonly contentLength: number | null
}

/** How the end of a body was recognised. `close` proves nothing about completeness except over TLS with close_notify. */
export type BodyEnd = 'length' | 'chunked' | 'close' | 'none'

/**
 * Receives one answer. Calls come synchronously from the socket's read, in order: head, data*, then exactly one of
 * end or fail. After `Exchange.abort()` nothing is called any more. An exception from a callback aborts the exchange
 * and arrives at `fail`.
 */
export interface BodySink {
  /** The final head (never 1xx). */
  head(head: ResponseHead): void
  /**
   * Bytes `start` (inclusive) to `end` (exclusive) of `buffer`. The buffer is overwritten after the call returns,
   * unless `keepable` is true and the call returns true: then it belongs to the receiver until `WireClient.release`.
   */
  data(buffer: Buffer, start: number, end: number, keepable: boolean): boolean | undefined
  end(how: BodyEnd): void
  fail(error: SluiceError): void
}

/** A running request. */
export interface Exchange {
  /** Stops reading; time spent paused does not count as a stall. Nests: as many resumes as pauses. */
  pause(): void
  resume(): void
  /** Ends it now; the connection is closed unless the answer was already complete. Safe to call at any time. */
  abort(): void
  /** Round trip in milliseconds as seen when connecting, null before it is known or on a reused connection. */
  readonly connectMs: number | null
}

export interface WireClient {
  /**
   * Sends a GET and returns at once. Errors: dns, connect-*, headers-timeout, stalled, connection-lost (reset, or an
   * end without a proper finish), short-body (fewer bytes than announced), bad-response, head-too-large, tls, proxy,
   * private-address. A reused connection that dies before any byte of the answer is replaced once, unseen.
   */
  get(request: WireRequest, sink: BodySink): Exchange
  /** Gives a kept buffer back. */
  release(buffer: Buffer): void
  /** Largest number of bytes that one read hands over; small values make rate caps smooth. Applies at once. */
  setReadSize(bytes: number): void
  /** Closes idle connections and refuses new requests. */
  close(): void
}

/**
 * The Authorization field for the server that a file is asked of first. Called with null before the first request of a file,
 * and after a 401 with the value that was refused (null for none) and the WWW-Authenticate fields of that answer: then it
 * gives another value, from a new token, or null when there is none to be had. However many files ask at once, one token
 * is fetched. Rejects with the SluiceError that the token server's answer deserves.
 */
export type Authorize = (
  refused: { readonly value: string | null; readonly challenges: readonly string[] } | null,
  signal?: AbortSignal,
) => Promise<string | null>

export interface WireOptions {
  /** Milliseconds; defaults 30_000, 30_000, 60_000 and 30_000. */
  readonly connectTimeout?: number
  readonly tlsTimeout?: number
  readonly headersTimeout?: number
  /** Milliseconds without a byte while reading, until the exchange fails as `stalled`. */
  readonly stallTimeout?: number
  /** 4 or 6 restricts the address family; 0 (default) tries both, the faster wins. */
  readonly family?: 0 | 4 | 6
  /** PEM text of further certificate authorities. */
  readonly ca?: string
  /** True accepts any certificate. */
  readonly insecure?: boolean
  /** Bytes of one read at most; default 512 KiB. */
  readonly readSize?: number
}
