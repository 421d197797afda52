/** One item for each key, with the number of rows that have it. */
export function tally<Row, Item>(
  rows: readonly Row[],
  keyOf: (row: Row) => string,
  itemOf: (row: Row) => Item,
): Array<Item & { files: number }> {
  const counts = new Map<string, Item & { files: number }>()
  for (const row of rows) {
    const key = keyOf(row)
    counts.set(key, { ...itemOf(row), files: (counts.get(key)?.files ?? 0) + 1 })
  }
  return [...counts.values()]
}
