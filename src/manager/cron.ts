import { Cron } from 'croner'
import { SluiceError } from '../core/errors.ts'

/** Throws a `usage` error unless the text has the five fields of cron and a next run. */
export function checkCron(text: string): void {
  const hint = 'Five fields: minute, hour, day of the month, month, day of the week; 30 2 * * 1-5 is 02:30 on workdays.'
  let next: number | null
  try {
    if (!/^\S+(?: +\S+){4}$/.test(text)) throw new Error('not five fields')
    next = nextRun(text, Date.now())
  } catch (error) {
    throw new SluiceError('usage', 'cron: that is no schedule of cron.', { hint, cause: error })
  }
  if (next === null) throw new SluiceError('usage', 'cron: there is no such time, so it would never run.', { hint })
}

/** The first time after another (both ms since 1970), in local time; null when there is none. */
export function nextRun(text: string, after: number): number | null {
  return new Cron(text, { mode: '5-part', paused: true }).nextRun(new Date(after))?.getTime() ?? null
}
