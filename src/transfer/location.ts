import type { Known } from '../core/answer.ts'
import { signedUntil } from '../core/signed-url.ts'
import type { Authorization } from './authorization.ts'

/** One place to get the file from. The original URL is its identity; where it redirects to is a cache. */
export interface Location {
  readonly original: URL
  readonly username: string | undefined
  readonly password: string | undefined
  readonly mirror: boolean
  /** What its own origin gets as Authorization, in place of everything else; null leaves that to the fields of the user. */
  readonly authorization: Authorization | null
  /** Where the original redirected to, and until when that may be used (ms since 1970). */
  cached: { readonly url: URL; readonly until: number } | null
  /** Settles when the connection is done that asks the original for a new target, as the cached one was refused. */
  resolving: Promise<void> | null
  /** Validators as this place tells them, null before its first answer. */
  known: Known | null
  /** It failed for good, or has another file. */
  banned: boolean
  /** Failures in a row; others are tried first. */
  failures: number
}

export function makeLocation(
  parsed: { url: URL; username: string | undefined; password: string | undefined },
  mirror: boolean,
  authorization: Authorization | null = null,
): Location {
  return {
    original: parsed.url,
    username: parsed.username,
    password: parsed.password,
    mirror,
    authorization,
    cached: null,
    resolving: null,
    known: null,
    banned: false,
    failures: 0,
  }
}

/** Where to ask next: the cached target while it lasts, else the original. */
export function currentUrl(location: Location, now: number): URL {
  if (location.cached && location.cached.until - now < 5000) location.cached = null
  return location.cached?.url ?? location.original
}

/** Takes the end of a chain of redirects as the place to ask directly. */
export function rememberTarget(location: Location, url: URL): void {
  location.cached = url.href === location.original.href ? null : { url, until: signedUntil(url) }
}
