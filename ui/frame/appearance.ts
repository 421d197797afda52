import { useEffect } from 'react'
import { t } from '../i18n/index.ts'
import { languageState, setLanguage } from '../i18n/language.ts'
import type { Language } from '../i18n/types.ts'
import { usePreference } from '../state/preferences.ts'
import { toast } from '../state/toasts.ts'
import { keptPlace } from './focus-guard.ts'
import { meantLanguage } from './meant-language.ts'

/** Keeps colours, density, language and direction of the page as they are wanted. */
export function useAppearance(): void {
  const [theme] = usePreference('theme')
  const [density] = usePreference('density')
  const [choice] = usePreference('language')
  useEffect(() => {
    document.documentElement.dataset['theme'] = theme
  }, [theme])
  useEffect(() => {
    document.documentElement.dataset['density'] = density
  }, [density])
  useEffect(() => {
    void showLanguage(meantLanguage(choice, navigator.languages))
  }, [choice])
}

async function showLanguage(language: Language): Promise<void> {
  // The page is mounted anew in the other language, with the same controls.
  const focus = keptPlace()
  try {
    if (languageState().language !== language) {
      await setLanguage(language, navigator.languages)
      requestAnimationFrame(() => requestAnimationFrame(focus))
    }
  } catch {
    // The chunk of the texts did not come; the page stays as it is, in the language that it has.
    toast({ kind: 'error', text: t('frame.languageFailed') })
  }
  const shown = languageState()
  document.documentElement.lang = shown.language
  document.documentElement.dir = shown.direction
}
