import type { SluiceError } from './errors.ts'

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
