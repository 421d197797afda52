/** Widths of the panel in CSS pixels. */
export const narrowest = 320
export const usualWidth = 420
const widest = 720

/** What rail and list keep. */
const besides = 640

const step = 16

/** The most that the panel may take of a window so wide. */
export function widestIn(windowWidth: number): number {
  return Math.min(widest, Math.max(narrowest, windowWidth - besides))
}

export function clampWidth(width: number, most: number): number {
  const wanted = Number.isFinite(width) ? width : usualWidth
  return Math.round(Math.min(most, Math.max(narrowest, wanted)))
}

/** The width after a key on the separator, null for keys that it does not answer. The panel lies at the end of the line. */
export function widthAfterKey(width: number, key: string, rightToLeft: boolean, most: number): number | null {
  const wider = rightToLeft ? 'ArrowRight' : 'ArrowLeft'
  const narrower = rightToLeft ? 'ArrowLeft' : 'ArrowRight'
  if (key === wider) return clampWidth(width + step, most)
  if (key === narrower) return clampWidth(width - step, most)
  if (key === 'Home') return narrowest
  if (key === 'End') return most
  if (key === 'Enter') return clampWidth(usualWidth, most)
  return null
}
