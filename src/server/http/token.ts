import { createHash, timingSafeEqual } from 'node:crypto'
import { SluiceError } from '../../core/errors.ts'
import { createRateLimit } from './rate-limit.ts'

const leastCharacters = 16
const wrongAtOnce = 100
const wrongPerSecond = 1

/** Refuses tokens that could be guessed, or that no header can carry. */
export function checkTokenStrength(token: string): void {
  if (/^[\x21-\x7e]+$/.test(token) && token.length >= leastCharacters && token.length <= 1000) return
  throw new SluiceError(
    'usage',
    `The token must have ${leastCharacters} to 1000 letters, digits or signs without blanks.`,
    { hint: 'Make one with: openssl rand -hex 16' },
  )
}

/**
 * Checks Authorization fields against the token in constant time. After a hundred wrong ones from one address, and then one
 * a second, its further ones are refused unread.
 */
export function createTokenCheck(token: string, now: () => number): (header: string | undefined, from: string) => void {
  const expected = digest(token)
  const failures = createRateLimit(wrongPerSecond, wrongAtOnce, now)
  return (header, from) => {
    if (header === undefined) throw new SluiceError('unauthorized', 'This daemon asks for its token.')
    const wait = failures.wait(from)
    if (wait > 0) {
      throw new SluiceError('too-many-requests', 'Too many wrong tokens came from this address.', {
        hint: `Wait ${Math.ceil(wait)} s, then give the right one.`,
        retryAfter: wait,
      })
    }
    const given = /^Bearer +([\x21-\x7e]{1,1000})$/i.exec(header)?.[1]
    if (given !== undefined && timingSafeEqual(digest(given), expected)) return
    failures.take(from)
    throw new SluiceError('unauthorized', 'That is not the token of this daemon.')
  }
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
