import { parseHttpDate } from './http-date.ts'

/** No wait is longer than this, in seconds: 68 years stand for "never". */
const maxSeconds = 2 ** 31 - 1

/**
 * Seconds to wait by a Retry-After field (RFC 9110, 10.2.3), which is a number of seconds or a date; a date that has
 * passed gives 0. Null when it is neither. `nowMs` is the time of the answer in milliseconds since 1970.
 */
export function parseRetryAfter(value: string, nowMs: number): number | null {
  const text = value.trim()
  if (/^\d+$/.test(text)) return Math.min(Number(text), maxSeconds)
  const date = parseHttpDate(text, nowMs)
  if (date === null) return null
  return Math.min(Math.max(0, Math.ceil((date - nowMs) / 1000)), maxSeconds)
}
