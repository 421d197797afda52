import { STATUS_CODES } from 'node:http'
import { daemonHint } from '../../core/daemon-hints.ts'
import { errorKinds } from '../../core/errors.ts'
import type { ErrorCode, SluiceError } from '../../core/errors.ts'

/** RFC 9457. `type` is the place in the docs that explains the code. */
export interface ProblemBody {
  readonly type: string
  readonly title: string
  readonly status: number
  readonly detail: string
  readonly code: ErrorCode
  readonly hint: string
  readonly retryable: boolean
}

/** Its status is that of the error's code, unless another says more. */
export function problemBody(error: SluiceError, status: number = errorKinds[error.code].http): ProblemBody {
  return {
    type: `/api/docs#error-${error.code}`,
    title: STATUS_CODES[status] ?? 'Error',
    status,
    detail: error.message,
    code: error.code,
    hint: daemonHint(error),
    retryable: error.retryable,
  }
}

/** The answer for an error; `headers` are added to it. */
export function problemResponse(error: SluiceError, headers: Readonly<Record<string, string>> = {}): Response {
  const body = problemBody(error)
  const wait = error.retryAfter === undefined ? {} : { 'Retry-After': String(Math.max(1, Math.ceil(error.retryAfter))) }
  return new Response(JSON.stringify(body), {
    status: body.status,
    headers: { 'Content-Type': 'application/problem+json', ...wait, ...headers },
  })
}
