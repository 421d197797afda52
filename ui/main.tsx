import { createRoot } from 'react-dom/client'
import { App } from './app.tsx'
import { isLanguage, setLanguage } from './i18n/language.ts'
import { fetchLater } from './parts/later.tsx'
import { startState } from './state/start.ts'
import './style/tokens.css'
import './style/base.css'

const root = document.getElementById('root')
if (root === null) throw new Error('The page has no place for the app.')

startState()

// public/start.js has chosen the language before the first paint. Without its texts the page is shown in English.
const { lang } = document.documentElement
try {
  await setLanguage(isLanguage(lang) ? lang : 'en', navigator.languages)
} catch (error) {
  console.warn('The texts of this language cannot be loaded; they are shown in English.', error)
}
createRoot(root).render(<App />)

/** Milliseconds. Whoever opens a menu before fetches what it needs by pointing at it. */
const calm = 8000

// Menus and dialogs answer at once from then on, also when the daemon is away.
setTimeout(() => {
  performance.mark('calm')
  fetchLater()
}, calm)
