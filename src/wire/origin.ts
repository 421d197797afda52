import { SluiceError } from '../core/errors.ts'

/** Where a connection goes. */
export interface Origin {
  /** Scheme, host and port; connections of one key can stand in for each other. */
  readonly key: string
  readonly secure: boolean
  /** Name or address without brackets. */
  readonly hostname: string
  readonly port: number
  /** host:port for messages. */
  readonly place: string
}

/** Throws `bad-url` for schemes other than http and https. */
export function originOf(url: URL): Origin {
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw new SluiceError('bad-url', `Addresses that begin with ${url.protocol} cannot be fetched.`)
  }
  const secure = url.protocol === 'https:'
  const port = url.port === '' ? (secure ? 443 : 80) : Number(url.port)
  const hostname = url.hostname.startsWith('[') ? url.hostname.slice(1, -1) : url.hostname
  return { key: url.origin, secure, hostname, port, place: `${url.hostname}:${port}` }
}
