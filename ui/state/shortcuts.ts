import { useEffect, useRef } from 'react'
import { preferences } from './preferences.ts'
import { isTaken, shortcutOf } from './shortcut-table.ts'
import type { ShortcutName } from './shortcut-table.ts'

export { shortcuts } from './shortcut-table.ts'
export type { ShortcutName } from './shortcut-table.ts'

type Handler = (event: KeyboardEvent) => void | false

const handlers = new Map<ShortcutName, Handler[]>()

/**
 * Calls the handler for that shortcut while the component is there: never while someone types, nor in dialogs and menus.
 * Of several the one that came last is asked first; one that gives back false leaves the key to the others and the browser.
 */
export function useShortcut(name: ShortcutName, handler: Handler): void {
  const latest = useRef(handler)
  useEffect(() => {
    latest.current = handler
  })
  useEffect(() => {
    const own: Handler = (event) => latest.current(event)
    handlers.set(name, [...(handlers.get(name) ?? []), own])
    return () => {
      handlers.set(
        name,
        (handlers.get(name) ?? []).filter((one) => one !== own),
      )
    }
  }, [name])
}

/** Listens to the keyboard until the function it gives back is called. */
export function startShortcuts(): () => void {
  document.addEventListener('keydown', onKey)
  return () => document.removeEventListener('keydown', onKey)
}

function onKey(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.isComposing) return
  const shortcut = shortcutOf(event, preferences.get('letterShortcuts'))
  if (shortcut === null || (event.repeat && shortcut.onRow !== true)) return
  if (isTaken(shortcut, event.target instanceof Element ? event.target : null)) return
  for (const handler of (handlers.get(shortcut.name) ?? []).toReversed()) {
    if (handler(event) === false) continue
    event.preventDefault()
    return
  }
}
