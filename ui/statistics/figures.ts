export interface Ranked {
  readonly name: string
  readonly value: number
  /** Of the largest, 0 to 1. */
  readonly part: number
}

export interface Ranking {
  readonly rows: readonly Ranked[]
  /** Sum and number of those that are not shown. */
  readonly rest: { readonly names: number; readonly value: number }
}

/** The largest first, at most `most` of them; those of the same value by name. */
export function ranked(values: Readonly<Record<string, number>>, most: number): Ranking {
  const sorted = Object.entries(values)
    .filter(([, value]) => value > 0)
    .sort(([a, x], [b, y]) => y - x || a.localeCompare(b))
  const largest = sorted[0]?.[1] ?? 1
  const others = sorted.slice(most)
  return {
    rows: sorted.slice(0, most).map(([name, value]) => ({ name, value, part: value / largest })),
    rest: { names: others.length, value: others.reduce((sum, [, value]) => sum + value, 0) },
  }
}

/** Midday of a day `YYYY-MM-DD` here, so that no change of time zone or clock moves it to another day. */
export function dayOf(date: string): Date {
  return new Date(`${date}T12:00:00`)
}
