import { SluiceError } from '../core/errors.ts'
import type { ErrorCode, RetryClass } from '../core/errors.ts'
import type { Authorize } from '../wire/types.ts'
import type { Engine, EngineOptions, FileRequest, MoveRequest, TransferEvent } from './types.ts'

/** What the thread of an engine starts with. */
export interface EngineThreadData {
  readonly options: EngineOptions
  /** Tells this thread from others of the process that there were. */
  readonly number: number
  /** Numbers of those that crashed. */
  readonly dead: readonly number[]
}

/** A SluiceError as it crosses between threads: its cause is text. */
export interface ErrorData {
  readonly code: ErrorCode
  readonly message: string
  readonly hint: string
  readonly retry: RetryClass
  readonly status?: number
  readonly retryAfter?: number
  readonly cause?: string
}

type Change = Parameters<Engine['adjust']>[1]

/** Calls with an answer; `call` numbers them. */
export type Call =
  /** `aborted`: the signal was aborted before. `authorize`: the caller answers what is asked of its `authorize`. */
  | { readonly kind: 'get'; readonly request: FileRequest; readonly authorize: boolean; readonly aborted?: ErrorData }
  | { readonly kind: 'preview'; readonly request: FileRequest; readonly aborted?: ErrorData }
  | { readonly kind: 'inspect'; readonly key: string }
  | { readonly kind: 'stored'; readonly dir: string; readonly key: string }
  | { readonly kind: 'finished'; readonly path: string }
  | { readonly kind: 'move'; readonly request: MoveRequest }
  | { readonly kind: 'discard'; readonly dir: string; readonly key: string }
  | { readonly kind: 'close' }

export type ToThread =
  | { readonly kind: 'call'; readonly call: number; readonly what: Call }
  | { readonly kind: 'abort'; readonly call: number; readonly reason: ErrorData }
  | { readonly kind: 'limit-rate'; readonly rate: number | undefined }
  | { readonly kind: 'host-connections'; readonly connections: number | undefined }
  | { readonly kind: 'adjust'; readonly key: string; readonly change: Change }
  /** Answers of `authorize`; `ask` numbers what was asked. */
  | { readonly kind: 'authorized'; readonly ask: number; readonly value: string | null }
  | { readonly kind: 'authorize-failed'; readonly ask: number; readonly error: ErrorData }

/** The value that a server refused with its challenges, null before the first request. */
export type Refused = Parameters<Authorize>[0]

type QuietEvent = Exclude<TransferEvent, { readonly type: 'error' }>

export type FromThread =
  | { readonly kind: 'ready' }
  /** It could not begin. */
  | { readonly kind: 'failed'; readonly error: ErrorData }
  | { readonly kind: 'warning'; readonly message: string }
  /** The event `error` is not among them: it is made where the call fails. */
  | { readonly kind: 'event'; readonly call: number; readonly event: QuietEvent }
  /** The `authorize` of a call is asked, or what was asked is no longer wanted. */
  | { readonly kind: 'authorize'; readonly call: number; readonly ask: number; readonly refused: Refused }
  | { readonly kind: 'authorize-abort'; readonly call: number; readonly ask: number }
  | { readonly kind: 'done'; readonly call: number; readonly value: unknown }
  | { readonly kind: 'rejected'; readonly call: number; readonly error: ErrorData }

export function errorData(error: SluiceError): ErrorData {
  const { code, message, hint, retry, status, retryAfter, cause } = error
  return {
    code,
    message,
    hint,
    retry,
    ...(status === undefined ? {} : { status }),
    ...(retryAfter === undefined ? {} : { retryAfter }),
    ...(cause === undefined ? {} : { cause: textOf(cause) }),
  }
}

export function errorFrom({ code, message, ...details }: ErrorData): SluiceError {
  return new SluiceError(code, message, details)
}

function textOf(cause: unknown): string {
  return cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause)
}
