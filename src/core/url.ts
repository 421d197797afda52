import { SluiceError } from './errors.ts'

const maxUrlLength = 8192

/** An address without user information and fragment; these stand apart, decoded, where the text had them. */
export interface HttpUrl {
  readonly url: URL
  readonly username: string | undefined
  readonly password: string | undefined
}

/**
 * Reads an http or https address as a user types it. A `bad-url` error says what is wrong: the scheme, a missing host,
 * more than 8192 characters, or blanks, control characters and backslashes, which other programs read in other ways.
 */
export function parseHttpUrl(text: string): HttpUrl {
  if (text.length > maxUrlLength)
    throw badUrl(`The address has ${text.length} characters; at most ${maxUrlLength} are allowed.`)
  if (/[\s\\\u0000-\u001f\u007f-\u009f]/.test(text)) {
    throw badUrl(
      'The address contains a blank, a backslash or a control character.',
      'Write a blank as %20 and a backslash as %5C.',
    )
  }
  const scheme = /^([a-z][a-z0-9+.-]*):(?!\d+(?:[/?#]|$))/i.exec(text)?.[1]?.toLowerCase()
  if (scheme === undefined) throw badUrl(`"${shown(text)}" has no scheme.`)
  if (scheme !== 'http' && scheme !== 'https') throw badUrl(`Sluice cannot fetch "${shown(scheme)}:" addresses.`)
  const url = /^https?:\/\/[^/?#]/i.test(text) ? URL.parse(text) : null
  if (url === null || url.hostname === '' || url.port === '0') throw badUrl('The address has no valid host.')
  const username = url.username === '' ? undefined : decodePercent(url.username)
  const password = url.password === '' ? undefined : decodePercent(url.password)
  url.username = ''
  url.password = ''
  url.hash = ''
  return { url, username, password }
}

/** Text without its percent escapes; text that is no percent-encoded UTF-8 was meant as it is. */
export function decodePercent(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

const secretKey =
  /^(?:key|sig|st|se|sr|policy|code|state)$|token|signature|secret|passw|pwd|auth|credential|session|apikey|accesskey|keypairid|jwt|hmac/

/**
 * An address for printing: no user information, no fragment, and `…` in place of query values whose keys look secret.
 * Text that is no address loses everything up to an `@` and its query.
 */
export function redactUrl(address: URL | string): string {
  const url = URL.parse(String(address))
  if (url === null)
    return shown(
      String(address)
        .replace(/^([a-z][a-z0-9+.-]*:\/\/)?[^/?#]*@/i, '$1')
        .replace(/[?#].*$/s, ''),
    )
  const query = url.search.slice(1).split('&').map(redactPair).join('&')
  url.username = ''
  url.password = ''
  url.hash = ''
  url.search = ''
  return query === '' ? url.href : `${url.href}?${query}`
}

function redactPair(pair: string): string {
  const equals = pair.indexOf('=')
  if (equals < 0 || equals === pair.length - 1) return pair
  const key = decodePercent(pair.slice(0, equals))
    .toLowerCase()
    .replace(/[^a-z0-9]/g, '')
  return secretKey.test(key) ? `${pair.slice(0, equals)}=…` : pair
}

function shown(text: string): string {
  const printable = text.replace(/[^\x21-\x7e]/g, '?')
  return printable.length > 80 ? `${printable.slice(0, 80)}…` : printable
}

function badUrl(message: string, hint?: string): SluiceError {
  return new SluiceError('bad-url', message, hint === undefined ? {} : { hint })
}
