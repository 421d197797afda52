import { SluiceError } from '../core/errors.ts'
import type { ErrorCode } from '../core/errors.ts'

/** The system's or Node's code of an error, '' when it has none. */
export function codeOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  return typeof code === 'string' ? code : ''
}

const lookupFailures = new Set([
  'ENOTFOUND',
  'EAI_AGAIN',
  'EAI_NODATA',
  'EAI_NONAME',
  'EAI_FAIL',
  'EAI_ADDRFAMILY',
  'ENODATA',
])

const connectReasons: { readonly [code: string]: string } = {
  ETIMEDOUT: 'the host does not answer',
  EHOSTUNREACH: 'there is no way to the host',
  ENETUNREACH: 'there is no way to the network',
  EADDRNOTAVAIL: 'this machine has no address for that network',
  EACCES: 'this machine forbids it',
  EPERM: 'this machine forbids it',
  EMFILE: 'too many files and connections are open',
  ENFILE: 'too many files and connections are open',
  ECONNRESET: 'the connection was reset',
}

/** Words for an error before the connection was made. `place` is host:port. */
export function connectError(error: Error, place: string): SluiceError {
  const cause = bestPart(error)
  const code = codeOf(cause)
  if (lookupFailures.has(code)) {
    const why = code === 'EAI_AGAIN' ? 'the name server does not answer' : 'the name is not known'
    return new SluiceError('dns', `The address of ${hostOf(place)} was not found: ${why}.`, { cause: error })
  }
  if (code === 'ECONNREFUSED') {
    return new SluiceError('connect-refused', `${place} refused the connection.`, { cause: error })
  }
  const why = connectReasons[code] ?? (code === '' ? cause.message : code)
  return new SluiceError('connect-failed', `No connection to ${place}: ${why}.`, { cause: error })
}

/** Whether happy eyeballs gave up an address only because the next one was waiting. */
export function wasCutShort(error: Error): boolean {
  return error instanceof AggregateError && error.errors.some((part) => codeOf(part) === 'ETIMEDOUT')
}

/** Of the errors of several addresses the one that says most: somebody was there, then anything but a timeout. */
function bestPart(error: Error): Error {
  if (!(error instanceof AggregateError)) return error
  const parts = error.errors.filter((part): part is Error => part instanceof Error)
  return (
    parts.find((part) => codeOf(part) === 'ECONNREFUSED') ??
    parts.find((part) => codeOf(part) === 'ETIMEDOUT') ??
    parts[0] ??
    error
  )
}

function hostOf(place: string): string {
  return place.slice(0, place.lastIndexOf(':'))
}

const lossReasons: { readonly [code: string]: string } = {
  ECONNRESET: 'it was reset',
  EPIPE: 'it was closed',
  ETIMEDOUT: 'the network was silent for too long',
  EHOSTUNREACH: 'the way to the host is gone',
  ENETUNREACH: 'the network is gone',
  ENETDOWN: 'the network is gone',
  ECONNABORTED: 'it was aborted',
}

/** Words for an error of an established connection. */
export function lossError(error: Error, place: string): SluiceError {
  const code = codeOf(error)
  const why = lossReasons[code] ?? (code === '' ? error.message : code)
  const kind: ErrorCode = 'connection-lost'
  return new SluiceError(kind, `The connection to ${place} was lost: ${why}.`, { cause: error })
}
