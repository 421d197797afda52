/** By what a list of installed things is sorted. */
export interface Order<C extends string> {
  readonly column: C
  readonly descending: boolean
}

/** What a second click on the same head turns round. Columns in `falling` begin with their largest. */
export function turned<C extends string>(now: Order<C>, column: C, falling: ReadonlySet<C>): Order<C> {
  if (now.column === column) return { column, descending: !now.descending }
  return { column, descending: falling.has(column) }
}

/** Whether one of the texts has each word of a search. */
export function hasWords(search: string, texts: ReadonlyArray<string | null>): boolean {
  const text = texts.join('\n').toLowerCase()
  return search
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word))
}

/** Numbers as numbers, texts with the numbers in them: `7b` before `13b`. */
export function compare(a: number | string, b: number | string): number {
  if (typeof a === 'string' && typeof b === 'string') return collator.compare(a, b)
  return Number(a) - Number(b)
}

const collator = new Intl.Collator('en', { numeric: true })
