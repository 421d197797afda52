'use strict'
// Runs before the first paint, so that neither colours nor direction change under the eyes. Reads what
// ui/state/preferences.ts keeps; the page's own code takes the language from where this puts it.
;(function () {
  function kept(name) {
    try {
      return JSON.parse(localStorage.getItem('sluice.' + name))
    } catch (error) {
      console.warn('A preference cannot be read; the usual one applies.', error)
      return null
    }
  }
  const page = document.documentElement
  const theme = kept('theme')
  const languages = [kept('language')].concat(navigator.languages).map((one) => String(one).slice(0, 2).toLowerCase())
  const language = languages.find((one) => ['en', 'fa', 'de'].includes(one)) || 'en'
  page.lang = language
  page.dir = language === 'fa' ? 'rtl' : 'ltr'
  page.dataset.theme = theme === 'light' || theme === 'dark' ? theme : 'auto'
  page.dataset.density = kept('density') === 'compact' ? 'compact' : 'comfortable'
})()
