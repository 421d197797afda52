import { useEffect } from 'react'
import { focusRow } from '../detail/focus-row.ts'
import { isLost, keepFocus } from './keep-focus.ts'

const dialogs = '[role=dialog],[role=alertdialog]'
const layers = `${dialogs},[role=menu]`
const list = '[role=tabpanel]'

/** Outlives the page as it is mounted: that is done anew in another language. */
let restore = (): void => undefined

/** Puts the focus, should it be lost by then, where it is now, or where the menu or dialog was opened that has it. */
export function keptPlace(): () => void {
  return restore
}

/**
 * Gives the focus a new place when what had it is taken from the page, or switched off: to the list for what belonged to
 * it, else to what stands in the same place. Otherwise whoever uses the keyboard would begin at the top of the page again.
 */
export function useFocusGuard(): void {
  useEffect(() => {
    /** What had the focus last; null when a person clicked beside everything. */
    let last: Element | null = null
    let wasInList = false
    let waiting = 0

    function note({ target }: Event): void {
      if (!(target instanceof Element)) return
      last = target
      if (target.closest(layers) !== null) return
      wasInList = target.closest(list) !== null
      restore = keepFocus()
    }
    function onPointerDown({ target }: Event): void {
      const { activeElement } = document
      last = target instanceof Node && activeElement?.contains(target) === true && !isLost() ? activeElement : null
    }
    function mend(): void {
      if (!isLost()) return
      const dialog = document.querySelector<HTMLElement>(dialogs)
      if (dialog !== null) dialog.focus()
      else if (wasInList) focusRow()
      else restore()
    }
    function look(): void {
      if (last === null || !isLost() || (last.isConnected && !last.matches(':disabled'))) return
      last = null
      cancelAnimationFrame(waiting)
      // What closes a layer or draws a list anew knows better, and does it by then.
      waiting = requestAnimationFrame(() => {
        waiting = requestAnimationFrame(mend)
      })
    }

    const end = new AbortController()
    document.addEventListener('focusin', note, { signal: end.signal })
    document.addEventListener('pointerdown', onPointerDown, { signal: end.signal, capture: true })
    const observer = new MutationObserver(look)
    observer.observe(document.body, { childList: true, subtree: true, attributes: true, attributeFilter: ['disabled'] })
    return () => {
      end.abort()
      observer.disconnect()
      cancelAnimationFrame(waiting)
    }
  }, [])
}
