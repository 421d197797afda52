import { headerRule } from '../wire/header-rules.ts'
import { requestFields } from '../wire/credentials.ts'
import type { RequestProfile } from '../wire/credentials.ts'
import type { Location } from './location.ts'
import type { EngineOptions } from './types.ts'

/** Reads what the requests of an engine carry: the user's fields, cookies and netrc. Throws `usage` errors. */
export async function loadProfile(options: EngineOptions, onWarning: (message: string) => void): Promise<RequestProfile> {
  const { readNetrc } = await import('../wire/netrc.ts')
  const netrc = await readNetrc(process.env)
  for (const warning of netrc.warnings) onWarning(warning)
  const cookies = options.cookieFile === undefined ? [] : await loadCookies(options.cookieFile, onWarning)
  return {
    userAgent: options.userAgent,
    referer: options.referer,
    headers: options.headers.map(([name, value]) => headerRule(name, value)),
    logins: new Map(),
    netrc: netrc.entries,
    cookies,
  }
}

async function loadCookies(path: string, onWarning: (message: string) => void): Promise<RequestProfile['cookies']> {
  const { readCookieFile } = await import('../wire/cookie-file.ts')
  const { cookies, problems } = await readCookieFile(path)
  for (const { line, message } of problems) onWarning(`${path}, line ${line}: ${message}`)
  return cookies
}

/** The fields of one hop: a location's own login and the user's fields go no further than its origin. */
export function fieldsOf(profile: RequestProfile, url: URL, location: Location, now: number): Array<readonly [string, string]> {
  const { username, password, original } = location
  const own = username === undefined && password === undefined ? profile : { ...profile, logins: new Map([[original.origin, { username, password }]]) }
  return requestFields(own, url, location.mirror ? '' : original.origin, now)
}
