const controls = 'a[href],button,input,select,textarea,summary,[tabindex]'

/**
 * Notes which control has the focus. What it gives back puts the focus on the control in the same place of the page that
 * stands there then, if the focus was lost meanwhile; on the content where there is none.
 */
export function keepFocus(): () => void {
  const active = document.activeElement
  const place = active === null ? -1 : [...document.querySelectorAll(controls)].indexOf(active)
  if (place < 0) return () => undefined
  return () => {
    if (document.activeElement !== null && document.activeElement !== document.body) return
    const now = document.querySelectorAll<HTMLElement>(controls)[place] ?? document.getElementById('content')
    now?.focus()
  }
}
