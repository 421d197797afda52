/** A piece of a file, as the daemon tells it; `end` is exclusive. */
export interface Piece {
  readonly start: number
  readonly end: number | null
  readonly done: number
}

export interface Part {
  readonly start: number
  readonly end: number
}

/** What is there as parts of 1, in order; neighbours are joined, so that a line needs few elements. */
export function partsOf(pieces: readonly Piece[], total: number): Part[] {
  const parts: Array<{ start: number; end: number }> = []
  if (total <= 0) return parts
  for (const { start, done } of [...pieces].sort((a, b) => a.start - b.start)) {
    if (done <= 0) continue
    const from = Math.min(1, start / total)
    const to = Math.min(1, (start + done) / total)
    const last = parts.at(-1)
    // Closer than one pixel of a wide screen is no gap.
    if (last !== undefined && from - last.end < 0.0005) last.end = Math.max(last.end, to)
    else parts.push({ start: from, end: to })
  }
  return parts
}
