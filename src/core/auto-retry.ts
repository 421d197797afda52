/** Automatic tries without a new byte between them, after which only the user tries again. */
export const autoRetryLimit = 20

const minute = 60_000

/** No automatic try is further away, in milliseconds. */
export const longestAutoRetry = 60 * minute

/**
 * Milliseconds until a failed download is tried again by itself: 1, 2, 4 ... 60 minutes, at least as long as the server
 * asked for (seconds, obeyed up to an hour). Null after too many tries. `tries` counts those since the last byte.
 */
export function autoRetryDelay(tries: number, retryAfter = 0): number | null {
  if (tries >= autoRetryLimit) return null
  return Math.min(longestAutoRetry, Math.max(minute * 2 ** Math.min(tries, 6), retryAfter * 1000))
}
