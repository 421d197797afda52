import { SluiceError } from '../core/errors.ts'
import type { ErrorCode, RetryClass } from '../core/errors.ts'
import type { Engine, EngineOptions, FileRequest, TransferEvent } from './types.ts'

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
  /** `aborted`: the signal was aborted before. */
  | { readonly kind: 'get'; readonly request: FileRequest; readonly aborted?: ErrorData }
  | { readonly kind: 'preview'; readonly request: FileRequest; readonly aborted?: ErrorData }
  | { readonly kind: 'inspect'; readonly key: string }
  | { readonly kind: 'stored'; readonly dir: string; readonly key: string }
  | { readonly kind: 'finished'; readonly path: string }
  | { readonly kind: 'discard'; readonly dir: string; readonly key: string }
  | { readonly kind: 'close' }

export type ToThread =
  | { readonly kind: 'call'; readonly call: number; readonly what: Call }
  | { readonly kind: 'abort'; readonly call: number; readonly reason: ErrorData }
  | { readonly kind: 'limit-rate'; readonly rate: number | undefined }
  | { readonly kind: 'host-connections'; readonly connections: number | undefined }
  | { readonly kind: 'adjust'; readonly key: string; readonly change: Change }

type QuietEvent = Exclude<TransferEvent, { readonly type: 'error' }>

export type FromThread =
  | { readonly kind: 'ready' }
  /** It could not begin. */
  | { readonly kind: 'failed'; readonly error: ErrorData }
  | { readonly kind: 'warning'; readonly message: string }
  /** The event `error` is not among them: it is made where the call fails. */
  | { readonly kind: 'event'; readonly call: number; readonly event: QuietEvent }
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
