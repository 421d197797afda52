import { SluiceError, errorKinds } from '../core/errors.ts'
import type { ErrorCode } from '../core/errors.ts'

const startHint = 'Start it with sluice serve, or set SLUICE_URL.'

/** Codes of Node's sockets and of its fetch, and what they are here. */
const codes: Readonly<Record<string, ErrorCode>> = {
  ECONNREFUSED: 'connect-refused',
  ENOTFOUND: 'dns',
  EAI_AGAIN: 'dns',
  ETIMEDOUT: 'connect-timeout',
  UND_ERR_CONNECT_TIMEOUT: 'connect-timeout',
  UND_ERR_HEADERS_TIMEOUT: 'headers-timeout',
  UND_ERR_BODY_TIMEOUT: 'stalled',
  ECONNRESET: 'connection-lost',
  EPIPE: 'connection-lost',
  UND_ERR_SOCKET: 'connection-lost',
}

const sentences: { readonly [C in ErrorCode]?: string } = {
  'connect-refused': 'No daemon answers at',
  dns: 'The host name is not known:',
  'connect-timeout': 'There was no connection in time to',
  'headers-timeout': 'No answer came in time from',
  stalled: 'The answer stopped in the middle, from',
  'connection-lost': 'The connection was lost to',
  tls: 'The certificate is not trusted, of',
}

/** What a rejected fetch means. `address` is the daemon's, without user information. */
export function networkFailure(error: unknown, address: string): SluiceError {
  if (error instanceof SluiceError) return error
  if (error instanceof Error && error.name === 'TimeoutError')
    return new SluiceError('headers-timeout', `No answer came in time from ${address}.`, { cause: error })
  if (error instanceof Error && error.name === 'AbortError')
    return new SluiceError('interrupted', 'The request was stopped.', { hint: '', cause: error })
  const cause = innermost(error)
  const code = 'code' in cause ? String(cause.code) : ''
  const known = codes[code] ?? (/CERT|TLS|SSL|ISSUER|SIGNATURE/.test(code) ? 'tls' : undefined)
  if (known !== undefined) {
    const hint = known === 'tls' ? {} : { hint: startHint }
    return new SluiceError(known, `${sentences[known] ?? 'No connection to'} ${address}`, { ...hint, cause: error })
  }
  return new SluiceError('connect-failed', `There is no connection to ${address} (${cause.message})`, {
    hint: startHint,
    cause: error,
  })
}

/** What an answer with an error status means: a problem of the API (RFC 9457), or that something else answers there. */
export function problemFailure(status: number, body: unknown, address: string): SluiceError {
  if (typeof body === 'object' && body !== null && 'code' in body && typeof body.code === 'string') {
    const detail = 'detail' in body && typeof body.detail === 'string' ? body.detail : undefined
    const title = 'title' in body && typeof body.title === 'string' ? body.title : undefined
    const hint = 'hint' in body && typeof body.hint === 'string' ? { hint: body.hint } : {}
    const code = isCode(body.code) ? body.code : 'internal'
    return new SluiceError(code, detail ?? title ?? `The daemon answers with status ${status}.`, { ...hint, status })
  }
  return notSluice(`status ${status}`, address, status)
}

export function notSluice(what: string, address: string, status?: number): SluiceError {
  return new SluiceError('bad-response', `What answers at ${address} is not a daemon of Sluice (${what}).`, {
    hint: 'Set SLUICE_URL to the address that sluice serve printed.',
    ...(status === undefined ? {} : { status }),
  })
}

function isCode(code: string): code is ErrorCode {
  return Object.hasOwn(errorKinds, code)
}

/** Fetch wraps what happened, and a host with several addresses wraps once more. */
function innermost(error: unknown): Error {
  let found = error instanceof Error ? error : new Error(String(error))
  for (let depth = 0; depth < 5; depth++) {
    const inner: unknown = found instanceof AggregateError ? found.errors[0] : found.cause
    if (!(inner instanceof Error)) break
    found = inner
  }
  return found
}
