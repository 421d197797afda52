import { languageState } from '../i18n/language.ts'

const formats = new Map<string, Intl.DateTimeFormat>()

/** A time of ISO 8601 as the clock of the person shows it, with seconds. */
export function clockTime(iso: string): string {
  const { language } = languageState()
  const format = formats.get(language) ?? new Intl.DateTimeFormat(language, { timeStyle: 'medium' })
  formats.set(language, format)
  const date = new Date(iso)
  return Number.isNaN(date.getTime()) ? iso : format.format(date)
}

/** `now` in ms since 1970; by the calendar of the person. */
export function isSameDay(iso: string, now: number): boolean {
  return new Date(iso).toDateString() === new Date(now).toDateString()
}
