import { SluiceError } from '../core/errors.ts'
import type { WireRequest } from './types.ts'

/** Fields that decide about framing or the connection; only the client may set them. */
const reserved = new Set([
  'connection',
  'content-length',
  'expect',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
])

const token = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/
const latin1Text = /^[\t\x20-\x7e\x80-\xff]*$/

/**
 * The whole head of a GET (RFC 9112 section 3), to be sent as Latin-1. A `Host` of the caller replaces the one of the
 * URL. Throws `usage` for a field that would break the head, without showing its value.
 */
export function requestHead(request: WireRequest): string {
  let lines = ''
  let host = request.url.host
  for (const [name, value] of request.headers) {
    if (!token.test(name) || !latin1Text.test(value)) {
      throw new SluiceError(
        'usage',
        `The header field ${JSON.stringify(name)} has characters that a header cannot hold.`,
      )
    }
    const lower = name.toLowerCase()
    if (reserved.has(lower)) {
      throw new SluiceError('usage', `The header field ${name} is set by Sluice itself and cannot be given.`)
    }
    if (lower === 'host') host = value
    else lines += `${name}: ${value}\r\n`
  }
  const { pathname, search } = request.url
  return `GET ${pathname}${search} HTTP/1.1\r\nHost: ${host}\r\nConnection: keep-alive\r\n${lines}\r\n`
}
