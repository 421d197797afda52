import { actions } from '../state/actions.ts'
import { currentView, setView } from '../state/address.ts'
import { useShortcut } from '../state/shortcuts.ts'

/** Shortcuts that lead somewhere, or act upon everything, from every page. */
export function usePageShortcuts(): void {
  useShortcut('settings', () => setView({ page: 'settings' }))
  useShortcut('history', () => setView({ page: 'downloads', tab: 'history' }))
  useShortcut('search', searchElsewhere)
  useShortcut('pauseAll', () => void actions.pauseAll())
  useShortcut('resumeAll', () => void actions.resumeAll())
}

/** Only the downloads have a search; while they are there it takes the key itself. */
function searchElsewhere(): void | false {
  if (currentView().page === 'downloads') return false
  setView({ page: 'downloads' })
  requestAnimationFrame(() => document.querySelector<HTMLElement>('main input[type=search]')?.focus())
  return undefined
}
