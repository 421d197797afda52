import { cookiesFor } from './cookie-file.ts'
import type { Cookie } from './cookie-file.ts'
import { fieldValue } from './header-rules.ts'
import type { HeaderRule } from './header-rules.ts'
import { findNetrc } from './netrc.ts'
import type { NetrcEntry } from './netrc.ts'

/** User and password as the address had them, decoded. */
export interface Login {
  readonly username: string | undefined
  readonly password: string | undefined
}

/** What a user's requests carry, whatever their address. */
export interface RequestProfile {
  /** Default `sluice/0.1.0`; '' sends none. */
  readonly userAgent?: string | undefined
  readonly referer?: string | undefined
  /** Checked by `headerRule`. */
  readonly headers: ReadonlyArray<HeaderRule>
  /** From the user information of addresses that the user gave, by origin. */
  readonly logins: ReadonlyMap<string, Login>
  readonly netrc: ReadonlyArray<NetrcEntry>
  readonly cookies: ReadonlyArray<Cookie>
}

/** How Sluice names itself where the user wants nothing else. */
export const defaultUserAgent = 'sluice/0.1.0'

/**
 * The fields of a request, bytes as Latin-1. Secrets stay where they belong: the user's headers go to `firstOrigin`
 * alone, logins to the origin whose address had them, netrc passwords to their machine (on other origins than the first
 * only over https, and never those of the default entry), cookies to their domain. Of the Referer, other origins see
 * the origin. `nowMs` in milliseconds since 1970 decides which cookies have expired. Throws `usage` for a User-Agent or
 * Referer with control characters.
 */
export function requestFields(
  profile: RequestProfile,
  url: URL,
  firstOrigin: string,
  nowMs: number,
): Array<readonly [name: string, value: string]> {
  const isFirst = url.origin === firstOrigin
  const ruled = new Set(
    profile.headers.filter(([, value]) => isFirst || value === null).map(([name]) => name.toLowerCase()),
  )
  const defaults: ReadonlyArray<readonly [string, string | undefined]> = [
    ['User-Agent', profile.userAgent ?? defaultUserAgent],
    ['Accept', '*/*'],
    ['Accept-Encoding', 'identity'],
    ['Referer', refererFor(profile.referer, isFirst)],
    ['Authorization', ruled.has('authorization') ? undefined : authorizationFor(profile, url, isFirst)],
    ['Cookie', ruled.has('cookie') ? undefined : cookiesFor(profile.cookies, url, nowMs)],
  ]
  const fields: Array<readonly [string, string]> = []
  for (const [name, value] of defaults) {
    if (value !== undefined && value !== '' && !ruled.has(name.toLowerCase()))
      fields.push([name, fieldValue(name, value)])
  }
  for (const [name, value] of profile.headers) {
    if (isFirst && value !== null) fields.push([name, value])
  }
  return fields
}

function refererFor(referer: string | undefined, isFirst: boolean): string | undefined {
  if (referer === undefined || isFirst) return referer
  const url = URL.parse(referer)
  return url === null || url.origin === 'null' ? undefined : `${url.origin}/`
}

function authorizationFor(profile: RequestProfile, url: URL, isFirst: boolean): string | undefined {
  const login = profile.logins.get(url.origin)
  if (login !== undefined && (login.password !== undefined || login.username === undefined)) return basic(login)
  if (isFirst || url.protocol === 'https:') {
    const options = { login: login?.username, allowDefault: isFirst }
    const entry = findNetrc(profile.netrc, url.hostname, options)
    if (entry !== undefined) return basic({ username: login?.username ?? entry.login, password: entry.password })
  }
  return login === undefined ? undefined : basic(login)
}

/** RFC 7617, in UTF-8. */
function basic({ username = '', password = '' }: Login): string {
  return `Basic ${Buffer.from(`${username}:${password}`, 'utf8').toString('base64')}`
}
