import { setTimeout as delay } from 'node:timers/promises'
import { asSluiceError, SluiceError } from '../core/errors.ts'
import { parseRetryAfter } from '../core/retry-after.ts'
import { backoff, longestRetryAfter } from '../core/retry-policy.ts'
import type { ApiAnswer } from './api-answer.ts'

export interface RetryOptions {
  /** Further attempts; default 3. */
  readonly retries?: number | undefined
  /** Milliseconds since 1970. */
  readonly now?: (() => number) | undefined
  /** In [0, 1), for the jitter. */
  readonly random?: (() => number) | undefined
  /** Waits so many milliseconds; rejects when the signal aborts. */
  readonly sleep?: ((ms: number, signal: AbortSignal | undefined) => Promise<unknown>) | undefined
}

/**
 * Asks until there is an answer worth having: after errors that may pass, 408, 429 and 5xx (but 501 and 505) again, 0.5 s
 * doubling with jitter, or as Retry-After (`retryAfter` of an error) says. What the last attempt brought is given back or thrown. A
 * Retry-After of more than an hour is not waited for. Aborting the signal ends a wait at once, as `interrupted`.
 */
export async function withRetries(
  attempt: () => Promise<ApiAnswer>,
  options: RetryOptions,
  signal?: AbortSignal,
): Promise<ApiAnswer> {
  const { retries = 3, now = Date.now, random = Math.random, sleep = rest } = options
  for (let failures = 1; ; failures++) {
    const wait = backoff(failures, random())
    let seconds: number
    try {
      const answer = await attempt()
      seconds = isPassing(answer.status) ? (askedFor(answer, now()) ?? wait) : Number.POSITIVE_INFINITY
      if (seconds > longestRetryAfter || failures > retries) return answer
    } catch (error) {
      const { retryable, retryAfter } = asSluiceError(error)
      if (!retryable || failures > retries) throw error
      seconds = retryAfter ?? wait
    }
    await sleep(seconds * 1000, signal).catch((cause: unknown) => {
      throw signal?.reason instanceof SluiceError
        ? signal.reason
        : new SluiceError('interrupted', 'The request was interrupted.', { cause })
    })
  }
}

const isPassing = (status: number): boolean =>
  status === 408 || status === 429 || (status >= 500 && status !== 501 && status !== 505)

function askedFor({ headers }: ApiAnswer, now: number): number | null {
  const asked = headers.get('retry-after')
  const seconds = asked === null ? null : parseRetryAfter(asked, now)
  return seconds === null ? null : Math.max(seconds, 0.1)
}

const rest = (ms: number, signal: AbortSignal | undefined): Promise<unknown> =>
  delay(ms, undefined, signal === undefined ? {} : { signal })
