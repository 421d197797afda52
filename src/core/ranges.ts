/** Bytes `start` (inclusive) to `end` (exclusive) of a file. */
export type Range = readonly [start: number, end: number]

/** Sorted, disjoint, never touching, never empty. */
export type RangeSet = readonly Range[]

export function addRange(set: RangeSet, start: number, end: number): RangeSet {
  if (end <= start) return set
  const before = set.filter(([, e]) => e < start)
  const after = set.filter(([s]) => s > end)
  const touching = set.slice(before.length, set.length - after.length)
  const first = touching[0]
  const last = touching[touching.length - 1]
  return [...before, [Math.min(start, first?.[0] ?? start), Math.max(end, last?.[1] ?? end)], ...after]
}

export function removeRange(set: RangeSet, start: number, end: number): RangeSet {
  if (end <= start) return set
  return set.flatMap(([s, e]): Range[] => {
    if (e <= start || s >= end) return [[s, e]]
    const left: Range[] = s < start ? [[s, start]] : []
    return e > end ? [...left, [end, e]] : left
  })
}

/** What of bytes 0 to `size` is not in the set. */
export function gaps(set: RangeSet, size: number): RangeSet {
  const missing: Range[] = []
  let at = 0
  for (const [start, end] of set) {
    if (start > at) missing.push([at, Math.min(start, size)])
    at = Math.max(at, end)
  }
  if (at < size) missing.push([at, size])
  return missing.filter(([start, end]) => end > start)
}

export function totalBytes(set: RangeSet): number {
  return set.reduce((sum, [start, end]) => sum + end - start, 0)
}

/** Length of the part of the set that begins at byte 0. */
export function prefixLength(set: RangeSet): number {
  const first = set[0]
  return first?.[0] === 0 ? first[1] : 0
}

/** Makes a set of ranges that somebody else wrote; null when they are not ranges within `size` bytes. */
export function rangeSetFrom(value: unknown, size: number): RangeSet | null {
  if (!Array.isArray(value)) return null
  const set: Range[] = []
  for (const item of value as unknown[]) {
    if (!Array.isArray(item) || item.length !== 2) return null
    const [start, end] = item as unknown[]
    if (!Number.isSafeInteger(start) || !Number.isSafeInteger(end)) return null
    if ((start as number) < 0 || (end as number) > size || (start as number) > (end as number)) return null
    // Sorted and apart as they were written: anything else is not ours.
    if ((start as number) <= (set.at(-1)?.[1] ?? -1) || start === end) return null
    set.push([start as number, end as number])
  }
  return set
}
