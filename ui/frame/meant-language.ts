import { isLanguage } from '../i18n/language.ts'
import type { Language } from '../i18n/types.ts'

/** The language that is meant by a choice: that one, or the first of the browser's that there is. */
export function meantLanguage(choice: string, browser: readonly string[]): Language {
  const offered = [choice, ...browser].map((one) => one.slice(0, 2).toLowerCase())
  return offered.find(isLanguage) ?? 'en'
}
