/** One text, or its forms by number: Intl.PluralRules chooses with the parameter `count`. */
export type Message =
  | string
  | {
      readonly zero?: string
      readonly one?: string
      readonly two?: string
      readonly few?: string
      readonly many?: string
      readonly other: string
    }

export type Language = 'en' | 'fa' | 'de'
export type Direction = 'ltr' | 'rtl'

/** Messages by namespace and key, of one language. */
export type Catalogue = Readonly<Record<string, Readonly<Record<string, Message>>>>
