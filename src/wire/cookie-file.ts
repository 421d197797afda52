import { isIP } from 'node:net'
import { SluiceError } from '../core/errors.ts'
import { codeOf } from './socket-errors.ts'

const { readFile } = process.getBuiltinModule('node:fs')
const readText = (path: string): Promise<string> =>
  new Promise((resolve, reject) => readFile(path, 'utf8', (error, text) => (error ? reject(error) : resolve(text))))

export interface Cookie {
  /** Lower case, without a leading dot. */
  readonly domain: string
  readonly includeSubdomains: boolean
  readonly path: string
  readonly secure: boolean
  /** Seconds since 1970; 0 for a session's cookie, which does not expire here. */
  readonly expires: number
  readonly name: string
  readonly value: string
}

export interface CookieFile {
  readonly cookies: ReadonlyArray<Cookie>
  /** Lines that are no cookies; the messages show no content. */
  readonly problems: ReadonlyArray<{ readonly line: number; readonly message: string }>
}

/** Parses the Netscape format, seven fields divided by tabs, as browsers' extensions, curl and wget write it. */
export function parseCookieFile(text: string): CookieFile {
  const cookies: Cookie[] = []
  const problems: Array<{ line: number; message: string }> = []
  for (const [index, raw] of text
    .replace(/^\ufeff/, '')
    .split(/\r?\n/)
    .entries()) {
    const line = raw.replace(/^#HttpOnly_/i, '')
    if (line.trim() === '' || line.startsWith('#')) continue
    const cookie = parseLine(line)
    if (typeof cookie === 'string') problems.push({ line: index + 1, message: cookie })
    else cookies.push(cookie)
  }
  return { cookies, problems }
}

/** Reads a cookie file. Throws `usage` when it cannot be read or is of another kind. */
export async function readCookieFile(path: string): Promise<CookieFile> {
  const text = await readText(path).catch((cause: unknown) => {
    throw new SluiceError('usage', `The cookie file ${path} cannot be read (${codeOf(cause)}).`, {
      cause,
      hint: 'Check --cookie-file.',
    })
  })
  const file = text.includes('\0') ? undefined : parseCookieFile(text)
  if (file === undefined || (file.cookies.length === 0 && file.problems.length > 0)) {
    throw new SluiceError('usage', `${path} is not a cookie file in Netscape format.`, {
      hint: 'Export the cookies of your browser as cookies.txt.',
    })
  }
  return file
}

/**
 * The value of the Cookie field for a URL (RFC 6265, 5.4), longest paths first; undefined when no cookie fits. `nowMs`
 * in milliseconds since 1970.
 */
export function cookiesFor(cookies: ReadonlyArray<Cookie>, url: URL, nowMs: number): string | undefined {
  const fitting = cookies.filter(
    (cookie) =>
      domainFits(cookie, url.hostname) &&
      pathFits(cookie.path, url.pathname) &&
      (!cookie.secure || url.protocol === 'https:') &&
      (cookie.expires === 0 || cookie.expires * 1000 > nowMs),
  )
  if (fitting.length === 0) return undefined
  fitting.sort((a, b) => b.path.length - a.path.length)
  return fitting.map(({ name, value }) => (name === '' ? value : `${name}=${value}`)).join('; ')
}

function parseLine(line: string): Cookie | string {
  const [domainText = '', subdomains = '', path = '', secure = '', expiry = '', name, value = '', ...more] =
    line.split('\t')
  if (name === undefined || more.length > 0) return 'It does not have seven fields divided by tabs.'
  const domain = URL.parse(`http://${domainText.replace(/^\./, '')}/`)?.hostname
  if (domain === undefined || domain === '' || /[/?#@:\\\s]/.test(domainText)) return 'Its first field is not a domain.'
  if (!/^(?:true|false)$/i.test(subdomains) || !/^(?:true|false)$/i.test(secure))
    return 'Its second or fourth field is not TRUE or FALSE.'
  if (!/^-?\d{1,15}(?:\.\d+)?$/.test(expiry)) return 'Its fifth field is not a time in seconds since 1970.'
  // A semicolon would smuggle in another cookie.
  if (/[\x00-\x1f\x7f;]/.test(name + value) || name.includes('=') || name + value === '')
    return 'Its name or value is not one of a cookie.'
  return {
    domain,
    includeSubdomains: subdomains.toUpperCase() === 'TRUE',
    path: path.startsWith('/') ? path : '/',
    secure: secure.toUpperCase() === 'TRUE',
    expires: Math.max(0, Math.floor(Number(expiry))),
    name,
    value,
  }
}

function domainFits(cookie: Cookie, host: string): boolean {
  if (host === cookie.domain) return true
  return cookie.includeSubdomains && isIP(host) === 0 && host.endsWith(`.${cookie.domain}`)
}

function pathFits(cookiePath: string, path: string): boolean {
  return path === cookiePath || path.startsWith(cookiePath.endsWith('/') ? cookiePath : `${cookiePath}/`)
}
