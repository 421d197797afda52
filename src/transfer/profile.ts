import { join } from 'node:path'
import { headerRule } from '../wire/header-rules.ts'
import { requestFields } from '../wire/credentials.ts'
import type { RequestProfile } from '../wire/credentials.ts'
import type { Location } from './location.ts'
import type { EngineOptions } from './types.ts'

type Fields = ReadonlyArray<readonly [name: string, value: string]>

const { existsSync } = process.getBuiltinModule('node:fs')

/** Reads what the requests of an engine carry: the user's fields, cookies and netrc. Throws `usage` errors. */
export async function loadProfile(
  options: EngineOptions,
  onWarning: (message: string) => void,
): Promise<RequestProfile> {
  const netrc = hasNetrc() ? await loadNetrc(onWarning) : []
  const cookies = options.cookieFile === undefined ? [] : await loadCookies(options.cookieFile, onWarning)
  return {
    userAgent: options.userAgent,
    referer: options.referer,
    headers: options.headers.map(([name, value]) => headerRule(name, value)),
    logins: new Map(),
    netrc,
    cookies,
  }
}

/** Most people have none, and what reads it costs memory. */
function hasNetrc(): boolean {
  const home = process.env['HOME'] ?? process.getBuiltinModule('node:os').homedir()
  return Boolean(process.env['NETRC']) || ['.netrc', '_netrc'].some((name) => existsSync(join(home, name)))
}

async function loadNetrc(onWarning: (message: string) => void): Promise<RequestProfile['netrc']> {
  const { readNetrc } = await import('../wire/netrc.ts')
  const { entries, warnings } = await readNetrc(process.env)
  for (const warning of warnings) onWarning(warning)
  return entries
}

async function loadCookies(path: string, onWarning: (message: string) => void): Promise<RequestProfile['cookies']> {
  const { readCookieFile } = await import('../wire/cookie-file.ts')
  const { cookies, problems } = await readCookieFile(path)
  for (const { line, message } of problems) onWarning(`${path}, line ${line}: ${message}`)
  return cookies
}

/**
 * Gives the fields of one hop: a location's own login and the user's fields go no further than its origin. What is the
 * same for every file of an origin is made once.
 */
export function fieldsFrom(profile: RequestProfile): (url: URL, location: Location, now: number) => Fields {
  const made = new Map<string, Fields>()
  return (url, location, now) => {
    const { username, password, original } = location
    const first = location.mirror ? '' : original.origin
    const own = username !== undefined || password !== undefined
    const key = own || profile.cookies.length > 0 ? null : `${url.origin} ${first}`
    const known = key === null ? undefined : made.get(key)
    if (known) return known
    const fields = requestFields(
      own ? { ...profile, logins: new Map([[original.origin, { username, password }]]) } : profile,
      url,
      first,
      now,
    )
    if (key !== null) made.set(key, fields)
    return fields
  }
}
