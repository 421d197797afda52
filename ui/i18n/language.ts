import { catalogue as english } from './en/index.ts'
import type { Catalogue, Direction, Language } from './types.ts'

export const languages: ReadonlyArray<{ readonly id: Language; readonly name: string; readonly direction: Direction }> =
  [
    { id: 'en', name: 'English', direction: 'ltr' },
    { id: 'fa', name: 'فارسی', direction: 'rtl' },
    { id: 'de', name: 'Deutsch', direction: 'ltr' },
  ]

/** English comes with the page, the others when they are asked for. */
const load: Readonly<Record<Language, () => Promise<Catalogue>>> = {
  en: async () => english,
  fa: async () => (await import('./fa/index.ts')).catalogue,
  de: async () => (await import('./de/index.ts')).catalogue,
}

export interface LanguageState {
  readonly language: Language
  /** The language as it is written where the person lives: `en-GB`. For figures and dates. */
  readonly locale: string
  readonly direction: Direction
  readonly catalogue: Catalogue
}

let current: LanguageState = { language: 'en', locale: 'en', direction: 'ltr', catalogue: english }
let wanted: Language = 'en'
const listeners = new Set<() => void>()

export function languageState(): LanguageState {
  return current
}

export function onLanguage(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/**
 * Resolves when the texts are there and shown; of several calls the last wins. Rejects when they cannot be loaded. Figures
 * and dates are written as in the first of the browser's languages that is this one and that it can write in itself.
 */
export async function setLanguage(language: Language, browser: readonly string[] = []): Promise<void> {
  wanted = language
  const catalogue = await load[language]()
  if (wanted !== language) return
  const locale = browser.find((one) => one.toLowerCase().startsWith(`${language}-`) && isLocale(one)) ?? language
  current = { language, locale, direction: directionOf(language), catalogue }
  for (const listener of listeners) listener()
}

/** Browsers pass on what the system or a person has set, such as `en-US@posix`, which no format takes. */
function isLocale(text: string): boolean {
  try {
    return Intl.getCanonicalLocales(text).length === 1
  } catch (error) {
    if (error instanceof RangeError) return false
    throw error
  }
}

export function isLanguage(value: unknown): value is Language {
  return languages.some(({ id }) => id === value)
}

export function directionOf(language: Language): Direction {
  return languages.find(({ id }) => id === language)?.direction ?? 'ltr'
}
