/** Indexes from one end to the other, both included, in the order of the list. */
export function between(one: number, other: number): readonly [first: number, last: number] {
  return one <= other ? [one, other] : [other, one]
}

export type FocusMove = 'ArrowUp' | 'ArrowDown' | 'Home' | 'End' | 'PageUp' | 'PageDown'

/** Where the focus goes in a list of `total` rows of which `page` are seen at once; null for a key that moves nothing. */
export function moveFocus(key: string, from: number, total: number, page: number): number | null {
  if (total === 0) return null
  const step = Math.max(1, page - 1)
  const wanted: Readonly<Record<FocusMove, number>> = {
    ArrowUp: from - 1,
    ArrowDown: from + 1,
    Home: 0,
    End: total - 1,
    PageUp: from - step,
    PageDown: from + step,
  }
  if (!Object.hasOwn(wanted, key)) return null
  return Math.max(0, Math.min(total - 1, wanted[key as FocusMove]))
}

/** Where a row is now, looked for near the place where it was; -1 when no loaded row has this id. */
export function findNear(id: string, near: number, total: number, idAt: (index: number) => string | undefined): number {
  for (let distance = 0; distance <= total; distance++) {
    const below = near + distance
    const above = near - distance
    if (below < total && below >= 0 && idAt(below) === id) return below
    if (above >= 0 && above < total && idAt(above) === id) return above
  }
  return -1
}
