/** Between which rows a pointer is: how many rows lie above, `y` from the top of the first. */
export function dropBoundary(y: number, height: number, total: number): number {
  return Math.max(0, Math.min(total, Math.round(y / height)))
}

const edge = 48
const fastest = 14

/** Pixels to scroll in this frame while a row is dragged near an edge of the list: the nearer, the faster. */
export function scrollStep(y: number, { top, bottom }: { readonly top: number; readonly bottom: number }): number {
  const above = Math.min(edge, top + edge - y)
  const below = Math.min(edge, y - (bottom - edge))
  if (above > 0) return -Math.ceil((above / edge) * fastest)
  return below > 0 ? Math.ceil((below / edge) * fastest) : 0
}
