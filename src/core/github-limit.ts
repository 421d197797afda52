import { parseHttpDate } from './http-date.ts'
import { parseRetryAfter } from './retry-after.ts'

/** Why GitHub refuses a request that it would answer at another time (GitHub docs, "Rate limits for the REST API"). */
export type GithubLimit =
  /** The quota is used up. `resetAt` in milliseconds since 1970, null where it is not told. */
  | { readonly kind: 'primary'; readonly resetAt: number | null }
  /** Too much at once. Seconds to wait, null where it is not told. */
  | { readonly kind: 'secondary'; readonly seconds: number | null }

/** A reset that is told further ahead than this, in milliseconds, is no time that the API has. */
const furthest = 25 * 3600 * 1000

/**
 * Reads a limit out of an answer; null where it is about something else. `get` gives fields by lower-case name, `words` is
 * what the answer says, `now` in milliseconds since 1970.
 */
export function readLimit(
  status: number,
  get: (name: string) => string | null,
  words: string,
  now: number,
): GithubLimit | null {
  if (status !== 403 && status !== 429) return null
  const told = get('retry-after')
  const seconds = told === null ? null : parseRetryAfter(told, now)
  if (get('x-ratelimit-remaining')?.trim() === '0') {
    const resetAt = readReset(get('x-ratelimit-reset') ?? '', now)
    return { kind: 'primary', resetAt: resetAt ?? (seconds === null ? null : now + seconds * 1000) }
  }
  if (status === 429 || seconds !== null || /secondary rate limit|abuse detection/i.test(words))
    return { kind: 'secondary', seconds }
  return /rate limit exceeded/i.test(words) ? { kind: 'primary', resetAt: null } : null
}

/** Seconds since 1970 as GitHub has it; what stands for it may tell seconds from now, or a date. */
function readReset(text: string, now: number): number | null {
  const value = text.trim()
  let at: number | null
  if (/^\d{1,12}$/.test(value)) {
    const number = Number(value) * 1000
    at = number < now / 2 ? now + number : number
  } else at = parseHttpDate(value, now)
  return at === null || at > now + furthest ? null : Math.max(at, now)
}
