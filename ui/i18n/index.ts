import { useSyncExternalStore } from 'react'
import type { catalogue as english } from './en/index.ts'
import { count } from './formats.ts'
import { languageState, onLanguage, setLanguage } from './language.ts'
import type { Direction, Language, Message } from './types.ts'

type Namespaces = typeof english

/** `namespace.key` of every text that there is. */
export type Key = { [N in keyof Namespaces]: `${N}.${keyof Namespaces[N] & string}` }[keyof Namespaces]

const rules = new Map<Language, Intl.PluralRules>()

/** The text of a key in the language shown; `{name}` in it stands for a parameter. Numbers are written by locale. */
export function t(key: Key, params: Readonly<Record<string, string | number>> = {}): string {
  const message = messageOf(key)
  const text = typeof message === 'string' ? message : formOf(message, params['count'])
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = params[name]
    return typeof value === 'number' ? count(value) : value === undefined ? whole : apart(value)
  })
}

const letters = {
  rtl: /[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/u,
  ltr: /\p{Script=Latin}|\p{Script=Cyrillic}|\p{Script=Greek}|\p{Script=Han}|\p{Script=Hiragana}|\p{Script=Katakana}|\p{Script=Hangul}/u,
}

/** A name that is written the other way than the text around it would pull the words beside it to the wrong place. */
function apart(value: string): string {
  const other = languageState().direction === 'rtl' ? letters.ltr : letters.rtl
  return other.test(value) ? `\u2068${value}\u2069` : value
}

function messageOf(key: Key): Message {
  const [namespace = '', name = ''] = key.split('.')
  return languageState().catalogue[namespace]?.[name] ?? key
}

function formOf(forms: Exclude<Message, string>, amount: string | number | undefined): string {
  const { language } = languageState()
  const rule = rules.get(language) ?? new Intl.PluralRules(language)
  rules.set(language, rule)
  return forms[rule.select(Number(amount ?? 0))] ?? forms.other
}

export interface UsedLanguage {
  readonly language: Language
  readonly direction: Direction
  readonly setLanguage: (language: Language) => Promise<void>
}

/** The language shown; the component renders anew when it changes. The page as a whole is mounted anew too. */
export function useLanguage(): UsedLanguage {
  const { language, direction } = useSyncExternalStore(onLanguage, languageState)
  return { language, direction, setLanguage }
}
