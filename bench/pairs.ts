/** The arithmetic behind every figure of the table. Pure. */

/** The middle value, or the mean of the two middle ones. NaN when there is none. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const upper = sorted[sorted.length >> 1]
  const lower = sorted[(sorted.length - 1) >> 1]
  return upper === undefined || lower === undefined ? Number.NaN : (lower + upper) / 2
}

/**
 * The median over rounds of `ours / theirs`, where both figures of a round were taken one after the other. A machine
 * that is slow for a minute slows both sides of a pair, so this is steadier than the ratio of the two medians.
 * Rounds that only one side finished do not count; NaN when no round is left.
 */
export function pairedRatio(ours: readonly number[], theirs: readonly number[]): number {
  const rounds = Math.min(ours.length, theirs.length)
  return median(ours.slice(0, rounds).map((value, round) => value / (theirs[round] ?? Number.NaN)))
}

/** `items` beginning at another place each round, so that no contender always runs first or after the same one. */
export function rotated<T>(items: readonly T[], round: number): T[] {
  const start = items.length === 0 ? 0 : round % items.length
  return [...items.slice(start), ...items.slice(0, start)]
}
