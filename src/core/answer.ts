import { parseContentRange } from './content-range.ts'
import type { ErrorCode, ErrorDetails } from './errors.ts'
import { SluiceError } from './errors.ts'
import { parseRetryAfter } from './retry-after.ts'
import { compareValidators } from './validators.ts'
import type { Validators } from './validators.ts'

/** What is known of the file before this answer; null when nothing is. */
export interface Known {
  readonly size: number | null
  readonly validators: Validators
}

/** The parts of an answer that decide what its bytes are. */
export interface Answer {
  readonly status: number
  readonly contentLength: number | null
  readonly contentRange: string | undefined
  readonly contentType: string | undefined
  /** Anything but identity. */
  readonly coded: boolean
  readonly retryAfter: string | undefined
  readonly validators: Validators
}

export type Judgement =
  /** The body is the whole file; size null when not announced. `ignored`: a range was asked for. */
  | { readonly kind: 'whole'; readonly size: number | null; readonly ignored: boolean }
  /** The body is bytes start to end (exclusive) of a file of `size` bytes. */
  | {
      readonly kind: 'part'
      readonly start: number
      readonly end: number
      readonly size: number | null
      readonly tagUnstable: boolean
    }
  /** The range asked for lies beyond the file, which has `size` bytes if the server says so. */
  | { readonly kind: 'beyond'; readonly size: number | null }
  | { readonly kind: 'refused'; readonly error: SluiceError }

/**
 * Decides which bytes of the file an answer carries: RFC 9110 sections 14 and 15. Only what the answer proves counts;
 * anything else is refused with the reason.
 */
export function judgeAnswer(
  answer: Answer,
  asked: { readonly start: number; readonly end: number | null } | null,
  known: Known | null,
  now: number,
): Judgement {
  if (answer.status === 200 || answer.status === 203) return judgeWhole(answer, asked !== null, known)
  if (answer.status === 206)
    return asked
      ? judgePart(answer, asked, known)
      : refuse('bad-response', 'The server sent a part (206) though the whole file was asked for.')
  if (answer.status === 416 && asked)
    return { kind: 'beyond', size: parseContentRange(answer.contentRange ?? '')?.total ?? null }
  return { kind: 'refused', error: statusError(answer.status, answer.retryAfter, now) }
}

function judgeWhole(answer: Answer, ranged: boolean, known: Known | null): Judgement {
  const size = answer.coded ? null : answer.contentLength
  if (known && compareValidators(known.validators, answer.validators, sameSize(known.size, size)) === 'changed')
    return changed()
  return { kind: 'whole', size, ignored: ranged }
}

function judgePart(
  answer: Answer,
  asked: { readonly start: number; readonly end: number | null },
  known: Known | null,
): Judgement {
  if (/^multipart\//i.test(answer.contentType ?? ''))
    return refuse('range-refused', 'The server answers a range with several parts.')
  if (answer.coded) return refuse('range-mismatch', 'The server sent an encoded part of the file.')
  const range = parseContentRange(answer.contentRange ?? '')
  if (range?.kind !== 'range') return refuse('range-mismatch', 'The server sent a part (206) without saying which.')
  if (range.first !== asked.start)
    return refuse(
      'range-mismatch',
      `The server sent bytes from ${range.first} where bytes from ${asked.start} were asked for.`,
    )
  const end = range.last + 1
  if (asked.end !== null && end > asked.end)
    return refuse('range-mismatch', 'The server sent more bytes than were asked for.')
  if (answer.contentLength !== null && answer.contentLength !== end - range.first) {
    return refuse('range-mismatch', 'The length of the answer does not fit the range that it names.')
  }
  const same = known
    ? compareValidators(known.validators, answer.validators, isFullSize(known, answer.validators, range.total))
    : 'same'
  if (same === 'changed') return changed()
  return { kind: 'part', start: range.first, end, size: range.total, tagUnstable: same === 'unstable-tag' }
}

const sameSize = (a: number | null, b: number | null): boolean | null => (a === null || b === null ? null : a === b)

/** A total that became larger under the same validator is a file that is still being written: the caller goes on to its new end. */
function isFullSize(known: Known, seen: Validators, total: number | null): boolean | null {
  const proven =
    (known.validators.etag !== null && seen.etag !== null) ||
    (known.validators.lastModified !== null && seen.lastModified !== null)
  return proven && known.size !== null && total !== null && total > known.size ? null : sameSize(known.size, total)
}

const refuse = (code: ErrorCode, message: string): Judgement => ({
  kind: 'refused',
  error: new SluiceError(code, message),
})

const changed = (): Judgement => refuse('remote-changed', 'The file at the server is no longer the one that was begun.')

/** The error for a status that carries no bytes of the file. `retryAfter` is the field's value, `now` in ms since 1970. */
export function statusError(status: number, retryAfter: string | undefined, now: number): SluiceError {
  const wait = retryAfter === undefined ? null : parseRetryAfter(retryAfter, now)
  const details: ErrorDetails = { status, ...(wait === null ? {} : { retryAfter: wait }) }
  const said = `The server answered ${status}`
  if (status === 401)
    return new SluiceError('http-unauthorized', `${said}: it wants a user name and password, or a token.`, details)
  if (status === 403) return new SluiceError('http-forbidden', `${said}: access is refused.`, details)
  if (status === 404) return new SluiceError('http-not-found', `${said}: there is no such file.`, details)
  if (status === 410) return new SluiceError('http-not-found', `${said}: the file is gone.`, details)
  if (status === 407)
    return new SluiceError('proxy', `${said}: the proxy wants a user name and password.`, {
      ...details,
      retry: 'never',
    })
  if (status === 429) return new SluiceError('http-busy', `${said}: too many requests.`, details)
  if (status === 503) return new SluiceError('http-busy', `${said}: it is busy.`, details)
  if (status === 408 || status === 425)
    return new SluiceError('http-server-error', `${said}: it asks to try again.`, details)
  if (status >= 500)
    return new SluiceError('http-server-error', `${said}: it has a problem.`, {
      ...details,
      ...(status === 501 || status === 505 ? { retry: 'never' } : {}),
    })
  if (status === 204 || status === 205)
    return new SluiceError('http-status', `${said}: there is no content at this address.`, details)
  if (status === 451)
    return new SluiceError('http-status', `${said}: the file may not be given out for legal reasons.`, details)
  return new SluiceError('http-status', `${said}, which carries no file.`, details)
}
