import { preferences } from './preferences.ts'
import { createValue, useValue } from './value.ts'
import { addressOf, changedView, firstView, viewOf } from './view.ts'
import type { View, ViewChange } from './view.ts'

export { isFiltered, noFilters, tabSorts, tabStatuses, tabs } from './view.ts'
export type { Page, Sort, Tab, View, ViewChange } from './view.ts'

// Four fixed paths and a query need no router: the address is parsed and written by view.ts, and history does the rest.
const current = createValue<View>(firstView)

/** Follows the address bar; called by the page before it renders. Gives back what ends it. */
export function startAddress(): () => void {
  const read = (): void => current.set(viewOf(location.pathname, location.search))
  read()
  addEventListener('popstate', read)
  return () => removeEventListener('popstate', read)
}

export function currentView(): View {
  return current.get()
}

/** Calls back after each change of the view until the function it gives back is called. */
export function onView(listener: () => void): () => void {
  return current.subscribe(listener)
}

/**
 * Changes the view and the address. A step that one may want to go back from (another page or tab, details opened) is a
 * new entry of the browser's history; typing and filtering replace the one that is there.
 */
export function setView(change: ViewChange): void {
  const before = current.get()
  const next = changedView(before, withTab(change))
  const address = addressOf(next)
  if (address === addressOf(before)) return
  const step =
    next.page !== before.page || next.tab !== before.tab || (before.selected === null && next.selected !== null)
  if (step) history.pushState(null, '', address)
  else history.replaceState(null, '', address)
  if (next.page === 'downloads') preferences.set('lastTab', next.tab)
  current.set(next)
}

/** Back to the downloads is back to the tab that was left. */
function withTab(change: ViewChange): ViewChange {
  const comesBack = change.page === 'downloads' && change.tab === undefined && current.get().page !== 'downloads'
  return comesBack ? { ...change, tab: preferences.get('lastTab') } : change
}

/** Where a link to a changed view leads, for `<a href>`. */
export function hrefOf(change: ViewChange): string {
  return addressOf(changedView(current.get(), withTab(change)))
}

export function useView(): [View, (change: ViewChange) => void] {
  return [useValue(current), setView]
}
