import { SluiceError } from './errors.ts'
import { formatDuration } from './units.ts'

/** Retry-After beyond this is not waited for: the download ends with the time in the hint. */
export const longestRetryAfter = 3600

/**
 * Seconds until the attempt after `failures` failures in a row without progress (first failure: 1): 0.5 s doubling to
 * 60 s, with jitter of up to half. `random` is in [0, 1).
 */
export function backoff(failures: number, random: number): number {
  const full = Math.min(60, 0.5 * 2 ** (failures - 1))
  return full * (0.5 + random / 2)
}

export type RetryDecision = { readonly kind: 'wait'; readonly seconds: number } | { readonly kind: 'give-up' }

/**
 * What to do after a failure. `failures` counts failures without progress in a row, this one included; `retries` is
 * the user's budget. A Retry-After of the server is obeyed in full, up to an hour.
 */
export function decideRetry(error: SluiceError, failures: number, retries: number, random: number): RetryDecision {
  if (error.retry === 'never' || failures > retries) return { kind: 'give-up' }
  if (error.retryAfter !== undefined) {
    if (error.retryAfter > longestRetryAfter) return { kind: 'give-up' }
    return { kind: 'wait', seconds: Math.max(error.retryAfter, 0.1) }
  }
  return { kind: 'wait', seconds: backoff(failures, random) }
}

/** What to do where nobody waits as long as the server asks for, in seconds; null where that is not too long. */
export function comeBackHint(seconds: number | undefined): string | null {
  if (seconds === undefined || seconds <= longestRetryAfter) return null
  return `The server asks to come back in ${formatDuration(seconds)}; try again then.`
}

/** The error with the time that the server named, when nobody would wait so long; else as it is. */
export function withTime(error: SluiceError): SluiceError {
  const hint = comeBackHint(error.retryAfter)
  if (hint === null || error.retryAfter === undefined) return error
  return new SluiceError(error.code, error.message, { cause: error, retryAfter: error.retryAfter, hint })
}
