import { SluiceError } from '../core/errors.ts'
import { redactUrl } from '../core/url.ts'
import type { ResponseHead } from './types.ts'

/** Hops of one chain. */
const maxRedirects = 10

const maxUrlLength = 8192

export interface RedirectPolicy {
  /** Follow from https to http. */
  readonly allowDowngrade: boolean
}

/** True for the answers that send a GET elsewhere: 301 302 303 307 308. */
export function isRedirect(status: number): boolean {
  return status === 301 || status === 302 || status === 303 || status === 307 || status === 308
}

/** True when credentials for the one may be sent to the other: same scheme, host and port. */
export function sameOrigin(a: URL, b: URL): boolean {
  return a.origin === b.origin
}

/**
 * Where the answer of `current` leads. `history` holds the addresses asked before it in this chain, oldest first. User
 * information in Location is dropped, never used. Errors: `too-many-redirects` (more than 10, or a circle in which
 * nothing can change: no cookie was set), `redirect-refused` (https to http, other schemes), `bad-response` (no usable
 * Location).
 */
export function nextHop(
  current: URL,
  head: Pick<ResponseHead, 'status' | 'fields'>,
  history: ReadonlyArray<URL>,
  policy: RedirectPolicy,
): URL {
  const next = target(current, head)
  if (next.protocol !== 'https:' && next.protocol !== 'http:') {
    throw new SluiceError(
      'redirect-refused',
      `${current.host} redirects to a "${next.protocol}" address, which is not followed.`,
    )
  }
  if (current.protocol === 'https:' && next.protocol === 'http:' && !policy.allowDowngrade) {
    throw new SluiceError(
      'redirect-refused',
      `${current.host} redirects from https to the unprotected ${redactUrl(next)}.`,
    )
  }
  const asked = [...history, current]
  const before = asked.findIndex((url) => url.href === next.href)
  if (before >= 0 && !head.fields.some(([name]) => name === 'set-cookie')) {
    const circle = [...asked.slice(before), next].map(redactUrl).join(' -> ')
    throw new SluiceError('too-many-redirects', `The server redirects in a circle: ${circle}.`)
  }
  if (asked.length > maxRedirects) {
    throw new SluiceError(
      'too-many-redirects',
      `The server redirects more than ${maxRedirects} times, last to ${redactUrl(next)}.`,
    )
  }
  return next
}

function target(current: URL, head: Pick<ResponseHead, 'status' | 'fields'>): URL {
  const from = `${current.host} answers ${head.status}`
  const locations = new Set(head.fields.filter(([name]) => name === 'location').map(([, value]) => value.trim()))
  const [location = ''] = locations
  if (location === '') throw new SluiceError('bad-response', `${from} without saying where to go.`)
  if (locations.size > 1) throw new SluiceError('bad-response', `${from} with several different targets.`)
  if (/[\u0000-\u001f\u007f]/.test(location))
    throw new SluiceError('bad-response', `${from} with control characters in its target.`)
  // Raw bytes stand for themselves, whatever text they are; in a host the URL parser reads them as UTF-8.
  const encoded = location.replace(
    /[^\u0000-\u007f]/g,
    (char) => `%${char.charCodeAt(0).toString(16).padStart(2, '0')}`,
  )
  const url = URL.parse(encoded, current)
  if (url === null || url.href.length > maxUrlLength || (/^https?:$/.test(url.protocol) && url.port === '0')) {
    throw new SluiceError('bad-response', `${from} with a target that is no valid address.`)
  }
  url.username = ''
  url.password = ''
  url.hash = ''
  return url
}
