import type { ParsedHead } from './response-head.ts'
import { fieldValue } from './response-head.ts'

/** An idle connection is closed after this many milliseconds. */
export const IDLE_MS = 15_000

/**
 * Milliseconds for which the connection may be used again after this answer, 0 when it must not (RFC 9112 section
 * 9.3). Stays a second below the time that the server announces, so that a request does not meet its FIN.
 */
export function reusableMs(head: ParsedHead): number {
  const connection = fieldValue(head.fields, 'connection')
  if (connection !== undefined || head.version === '1.0') {
    const options = (connection ?? '')
      .toLowerCase()
      .split(',')
      .map((option) => option.trim())
    if (options.includes('close')) return 0
    if (head.version === '1.0' && !options.includes('keep-alive')) return 0
  }
  const keepAlive = fieldValue(head.fields, 'keep-alive')
  const announced = keepAlive === undefined ? null : /(?:^|[,\s])timeout\s*=\s*"?(\d{1,9})/i.exec(keepAlive)
  if (announced === null) return IDLE_MS
  const seconds = Number(announced[1])
  return Math.min(IDLE_MS, Math.max(seconds * 1000 - 1000, seconds * 500))
}
