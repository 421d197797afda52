export interface SparklinePaths {
  readonly line: string
  /** The line closed along the lower edge. */
  readonly area: string
}

/**
 * Paths of a small curve, newest value at the right edge, over the whole width once there are `points` values; what was
 * before the first one is not known, and left out. The highest value reaches the upper edge; with no speed at all the
 * line lies on the lower one. A single value is drawn as a line of one step.
 */
export function sparkline(values: readonly number[], points: number, width: number, height: number): SparklinePaths {
  const known = values.slice(-points)
  const shown = known.length === 1 ? [...known, ...known] : known
  const top = Math.max(1, ...shown)
  const step = width / Math.max(1, points - 1)
  const first = width - (shown.length - 1) * step
  const place = (value: number, index: number): string =>
    `${round(first + index * step)} ${round(height - (Math.max(0, value) / top) * height)}`
  if (shown.length === 0) return { line: `M0 ${height}H${width}`, area: '' }
  const line = `M${shown.map(place).join('L')}`
  return { line, area: `${line}L${width} ${height}L${round(first)} ${height}Z` }
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}
