/**
 * Puts the focus back to the row of a download, or else to the row that had it last, or to what is left of the list.
 * Gives back whether it found a place.
 */
export function focusRow(id = ''): boolean {
  const row = document.querySelector<HTMLElement>(`[role=row][data-id="${CSS.escape(id)}"]`)
  const place = row ?? document.querySelector<HTMLElement>('[role=row][tabindex="0"]') ?? document.querySelector('main')
  if (!(place instanceof HTMLElement)) return false
  place.focus({ preventScroll: row === null })
  return document.activeElement === place
}
