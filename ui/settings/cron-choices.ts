import type { Key } from '../i18n/index.ts'

/** Times that most people want, by the clock of the daemon. */
export const cronChoices: ReadonlyArray<{ readonly cron: string; readonly name: Key }> = [
  { cron: '0 * * * *', name: 'settings.scheduleHourly' },
  { cron: '0 3 * * *', name: 'settings.scheduleDaily' },
  { cron: '30 7 * * 1-5', name: 'settings.scheduleWeekdays' },
  { cron: '0 4 * * 0', name: 'settings.scheduleWeekly' },
  { cron: '0 5 1 * *', name: 'settings.scheduleMonthly' },
]

/** The name of a schedule of cron that is one of those; undefined for others. */
export function cronName(cron: string): Key | undefined {
  const plain = cron.trim().replace(/\s+/g, ' ')
  return cronChoices.find((choice) => choice.cron === plain)?.name
}
