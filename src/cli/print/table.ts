import { columnsOf, ellipsis, padded } from './width.ts'

export interface TableColumn<T> {
  readonly title: string
  /** What a row has there; clean text. */
  readonly text: (row: T) => string
  /** Numbers stand on the right. */
  readonly right?: boolean
  /** Where the terminal is narrow, columns of a higher rank are shown before others. */
  readonly rank: number
}

interface Sized<T> {
  readonly column: TableColumn<T>
  readonly cells: readonly string[]
  width: number
}

const gap = 2
const leastLast = 12

/**
 * Lines of a table with a heading, at most `width` columns wide. The last column takes what is left and is shortened in
 * the middle; it stays, whatever its rank. With a width of Infinity everything is shown whole.
 */
export function tableLines<T>(columns: ReadonlyArray<TableColumn<T>>, rows: readonly T[], width: number): string[] {
  const sized = columns.map((column): Sized<T> => {
    const cells = [column.title, ...rows.map((row) => column.text(row))]
    return { column, cells, width: Math.max(...cells.map(columnsOf)) }
  })
  const last = sized.pop()
  if (last === undefined) return []
  let room = width - Math.min(last.width, leastLast)
  // The dearest first; what has no room leaves it to the next.
  for (const one of sized.toSorted((a, b) => b.column.rank - a.column.rank)) {
    if (one.width + gap <= room) room -= one.width + gap
    else sized.splice(sized.indexOf(one), 1)
  }
  const endWidth = Math.max(1, room + Math.min(last.width, leastLast))
  return Array.from({ length: rows.length + 1 }, (_, index) => {
    const cells = sized.map((one) => placed(one.cells[index] ?? '', one.width, one.column.right === true))
    const end = ellipsis(last.cells[index] ?? '', endWidth)
    return [...cells, end].join(' '.repeat(gap)).trimEnd()
  })
}

function placed(text: string, width: number, right: boolean): string {
  return right ? ' '.repeat(Math.max(0, width - columnsOf(text))) + text : padded(text, width)
}

/** Says what of a longer list was shown; undefined when it was all of it. */
export function partNote(
  shown: number,
  offset: number,
  total: number,
  what: string,
  atLeast = false,
): string | undefined {
  if (total === 0) return `No ${what}.`
  if (shown === 0) return `No ${what} from ${offset + 1} on; there are ${total}.`
  if (shown >= total && !atLeast) return undefined
  return `${offset + 1} to ${offset + shown} of ${atLeast ? 'at least ' : ''}${total} ${what}; --limit and --offset show others.`
}
