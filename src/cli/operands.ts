import { SluiceError } from '../core/errors.ts'
import { clean } from './print/clean.ts'

/** Refuses words behind a command that takes none. */
export function noOperands(operands: readonly string[]): void {
  const [first] = operands
  if (first !== undefined) throw new SluiceError('usage', `"${clean(first.slice(0, 80))}" has no meaning here.`)
}

/** At least one id. */
export function someIds(operands: readonly string[]): readonly string[] {
  if (operands.length > 0) return operands
  throw new SluiceError('usage', 'The id of a download is missing.', { hint: 'sluice list shows the ids.' })
}

/** An id and what comes behind it. `what` names the second word. */
export function idAndValue(operands: readonly string[], what: string): readonly [id: string, value: string] {
  const [id, value, ...rest] = operands
  if (id === undefined || value === undefined) throw new SluiceError('usage', `Give an id and ${what}.`)
  noOperands(rest)
  return [id, value]
}

/** A point in time as ISO 8601 UTC; without a zone it is local time. */
export function timeOf(text: string, flag: string): string {
  const form = /^\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d{1,3})?)?(Z|[+-]\d\d:?\d\d)?)?$/
  // A date alone would be read as UTC.
  const time = form.test(text) ? new Date(text.length === 10 ? `${text}T00:00` : text.replace(' ', 'T')) : undefined
  if (time !== undefined && !Number.isNaN(time.getTime()) && isInCalendar(text)) return time.toISOString()
  throw new SluiceError('usage', `--${flag}: "${clean(text.slice(0, 40))}" is not a time.`, {
    hint: 'Write 2030-12-31, 2030-12-31T22:00 (local time) or 2030-12-31T22:00Z.',
  })
}

/** The thirtieth of February would be the second of March. */
function isInCalendar(text: string): boolean {
  const [year = 0, month = 0, day = 0] = text.slice(0, 10).split('-').map(Number)
  return new Date(Date.UTC(year, month - 1, day)).getUTCDate() === day
}
