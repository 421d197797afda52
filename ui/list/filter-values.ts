import type { View } from '../state/view.ts'

/** How many filters hold that stand behind the button; the search field shows itself. A range of two ends is one. */
export function filtersInUse(view: View): number {
  const { status, type, host, minSize, maxSize, since, until } = view
  const size = minSize !== undefined || maxSize !== undefined
  const date = since !== undefined || until !== undefined
  return [status.length > 0, type !== '', host !== '', size, date].filter(Boolean).length
}

const powers: Readonly<Record<string, number>> = { k: 1, m: 2, g: 3, t: 4 }

/**
 * Bytes of a size as people write it (`700`, `1.5 GB`, `200 MiB`; both kinds of unit are powers of 1024 here as in the
 * list, and digits may be Persian); undefined for nothing, null for what is no size.
 */
export function parseSize(text: string): number | undefined | null {
  const plain = asciiDigits(text).trim().toLowerCase().replace(/[,٫]/, '.')
  if (plain === '') return undefined
  const match = /^(\d+(?:\.\d+)?)\s*([kmgt]?)(i?b)?$/.exec(plain)
  if (match === null) return null
  const [, number = '', unit = ''] = match
  const power = powers[unit] ?? 0
  const bytes = Math.round(Number(number) * 1024 ** power)
  return Number.isSafeInteger(bytes) ? bytes : null
}

function asciiDigits(text: string): string {
  return text.replace(/[۰-۹٠-٩]/g, (digit) => String(digit.charCodeAt(0) & 15))
}

/** A size as it is put into a field: the largest unit that needs at most two places. */
export function sizeText(bytes: number | undefined): string {
  if (bytes === undefined) return ''
  for (const [unit, power] of [
    ['TiB', 4],
    ['GiB', 3],
    ['MiB', 2],
    ['KiB', 1],
  ] as const) {
    const value = bytes / 1024 ** power
    if (value >= 1 && Number.isInteger(value * 100)) return `${value} ${unit}`
  }
  return String(bytes)
}

/** `-date` and `date` are the same column in two directions. */
export function readSort(sort: string): { readonly column: string; readonly descending: boolean } {
  return sort.startsWith('-') ? { column: sort.slice(1), descending: true } : { column: sort, descending: false }
}

const largestFirst: ReadonlySet<string> = new Set([
  'size',
  'speed',
  'date',
  'ended',
  'progress',
  'priority',
  'duration',
  'verdict',
])

/** The order after a click on a column: the direction one wants first, then the other. */
export function nextSort(sort: string, column: string): string {
  const now = readSort(sort)
  const descending = now.column === column ? !now.descending : largestFirst.has(column)
  return descending ? `-${column}` : column
}
