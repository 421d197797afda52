import { languageState } from './language.ts'

const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'] as const

/** Intl's formatters are dear to make and cheap to use. */
const kept = new Map<string, Intl.NumberFormat | Intl.DateTimeFormat | Intl.RelativeTimeFormat>()

/** IEC: 1023 B, 1.00 KiB, 12.3 MiB, 123 MiB: three digits, so that a figure keeps its width while it grows. */
export function bytes(n: number): string {
  let value = Math.max(0, n)
  let unit = 0
  while (value >= 999.5 && unit < units.length - 1 && (unit > 0 || value >= 1024)) {
    value /= 1024
    unit++
  }
  const digits = unit === 0 || value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2
  return apart(`${number(value, digits)}\u00a0${units[unit]}`)
}

/** Bytes per second. */
export function rate(n: number): string {
  return apart(`${bytes(n)}${languageState().language === 'fa' ? '/ث' : '/s'}`)
}

/** Right to left, a Latin unit would draw the figures after it to its own side. */
function apart(text: string): string {
  return languageState().direction === 'rtl' ? `\u2067${text}\u2069` : text
}

/** Seconds as the two largest units: 45s, 3m 20s, 5h 7m, 2d 4h. */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds))
  if (whole < 60) return unitOf(whole, 'second')
  const [[large, size], [small, part]] = pairs.find(([[, least]]) => whole >= least) ?? pairs[2]
  const joint = languageState().language === 'fa' ? ' و ' : ' '
  return `${unitOf(Math.floor(whole / size), large)}${joint}${unitOf(Math.floor((whole % size) / part), small)}`
}

const pairs = [
  [
    ['day', 86_400],
    ['hour', 3600],
  ],
  [
    ['hour', 3600],
    ['minute', 60],
  ],
  [
    ['minute', 60],
    ['second', 1],
  ],
] as const

/** A part of 1. Rounded down: 100 % is shown only when nothing is missing. */
export function percent(part: number): string {
  // 0.29 * 100 is a hair below 29.
  const value = Math.floor(Math.min(1, Math.max(0, part)) * 100 + 1e-9) / 100
  return numberFormat('percent', { style: 'percent' }).format(value)
}

/** A whole number with its separators. */
export function count(n: number): string {
  return number(n, Number.isInteger(n) ? 0 : 2)
}

/** A time of ISO 8601 as day and minute, in the person's own time zone. */
export function dateTime(iso: string): string {
  return dateText(iso, 'dateTime', { dateStyle: 'medium', timeStyle: 'short' })
}

/** A time of ISO 8601 as the clock of the person shows it. */
export function clockTime(iso: string, { seconds }: { readonly seconds: boolean }): string {
  return dateText(iso, `clock ${seconds}`, { timeStyle: seconds ? 'medium' : 'short' })
}

/** `now` in ms since 1970; by the calendar of the person. */
export function isSameDay(iso: string, now: number): boolean {
  return new Date(iso).toDateString() === new Date(now).toDateString()
}

/** The name of the day of the week. */
export function weekday(date: Date, length: 'long' | 'short'): string {
  return dateFormat(`weekday ${length}`, { weekday: length }).format(date)
}

/** Day and month, with the day of the week. */
export function dayOfYear(date: Date): string {
  return dateFormat('day', { weekday: 'long', day: 'numeric', month: 'long' }).format(date)
}

const steps = [
  ['year', 31_557_600],
  ['month', 2_629_800],
  ['week', 604_800],
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
  ['second', 1],
] as const

/** How long ago a time of ISO 8601 was, `now` in ms since 1970. Times to come are said as such. */
export function ago(iso: string, now: number): string {
  const seconds = Math.round((new Date(iso).getTime() - now) / 1000)
  if (Number.isNaN(seconds)) return iso
  const [unit, size] = steps.find(([, step]) => Math.abs(seconds) >= step) ?? ['second', 1]
  const format = keep('ago', (locale) => new Intl.RelativeTimeFormat(locale, { numeric: 'auto' }))
  return format.format(Math.trunc(seconds / size), unit)
}

function number(value: number, digits: number): string {
  const options = { minimumFractionDigits: digits, maximumFractionDigits: digits }
  return numberFormat(`number ${digits}`, options).format(value)
}

function unitOf(value: number, unit: 'second' | 'minute' | 'hour' | 'day'): string {
  // The narrow ones of other languages are Latin letters, or mixed with short words.
  const unitDisplay = languageState().language === 'en' ? 'narrow' : 'short'
  return numberFormat(unit, { style: 'unit', unit, unitDisplay }).format(value)
}

function dateText(iso: string, name: string, options: Intl.DateTimeFormatOptions): string {
  const date = new Date(iso)
  return Number.isNaN(date.getTime()) ? iso : dateFormat(name, options).format(date)
}

function dateFormat(name: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  return keep(name, (locale) => new Intl.DateTimeFormat(locale, options))
}

function numberFormat(name: string, options: Intl.NumberFormatOptions): Intl.NumberFormat {
  return keep(name, (locale) => new Intl.NumberFormat(locale, options))
}

function keep<F extends Intl.NumberFormat | Intl.DateTimeFormat | Intl.RelativeTimeFormat>(
  name: string,
  make: (locale: string) => F,
): F {
  const { locale } = languageState()
  const key = `${locale} ${name}`
  const known = kept.get(key) as F | undefined
  if (known !== undefined) return known
  const made = make(locale)
  kept.set(key, made)
  return made
}
