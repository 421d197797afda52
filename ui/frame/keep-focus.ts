const controls = 'a[href],button,input,select,textarea,summary,[tabindex]'

/** Controls in a row that may refuse the focus: they are disabled, or not to be seen. */
const tries = 20

/**
 * Notes which control has the focus. What it gives back puts the focus on the control in the same place of the page that
 * stands there then, or near it, if the focus was lost meanwhile; on the content where there is none.
 */
export function keepFocus(): () => void {
  const active = document.activeElement
  const place = active === null ? -1 : [...document.querySelectorAll(controls)].indexOf(active)
  if (place < 0) return () => undefined
  return () => {
    if (!isLost()) return
    const now = [...document.querySelectorAll<HTMLElement>(controls)]
    const near = [...now.slice(place, place + tries), ...now.slice(0, place).slice(-tries).toReversed()]
    for (const control of near) {
      control.focus()
      if (!isLost()) return
    }
    document.getElementById('content')?.focus()
  }
}

/** Whether nothing has the focus. */
export function isLost(): boolean {
  return document.activeElement === null || document.activeElement === document.body
}
