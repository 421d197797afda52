import type { Language } from '../i18n/types.ts'

/** The day on which a week begins; 0 is Sunday. */
const firstDays: Readonly<Record<Language, number>> = { en: 0, de: 1, fa: 6 }

/** The days of the week in the order in which they are written in that language. */
export function weekOf(language: Language): number[] {
  return Array.from({ length: 7 }, (_, i) => (firstDays[language] + i) % 7)
}

/** Days with that one or without it, Sunday first. */
export function withDay(days: readonly number[], day: number, included: boolean): number[] {
  const others = days.filter((one) => one !== day)
  return (included ? [...others, day] : others).toSorted((a, b) => a - b)
}
