import { compareQueue } from '../core/queue-order.ts'
import type { Entry } from './entry.ts'

/** The queued downloads in the order in which they start, kept so while they come and go one by one. */
export interface QueueLine {
  add(entry: Entry): void
  /** With the priority and the position that it was added with. */
  remove(entry: Entry): void
  /** Many came or changed: the next look puts all in order. */
  reset(): void
  /** Not to be changed meanwhile. */
  inOrder(): readonly Entry[]
}

/** `all` gives those that are queued now, in any order. */
export function createQueueLine(all: () => Iterable<Entry>): QueueLine {
  let line: Entry[] | null = null

  /** Where it is, or would be. */
  function placeOf(entry: Entry, sorted: readonly Entry[]): number {
    let [from, to] = [0, sorted.length]
    while (from < to) {
      const middle = (from + to) >>> 1
      const other = sorted[middle]
      if (other !== undefined && compare(other, entry) < 0) from = middle + 1
      else to = middle
    }
    return from
  }

  return {
    add(entry) {
      line?.splice(placeOf(entry, line), 0, entry)
    },
    remove(entry) {
      if (line === null) return
      const at = placeOf(entry, line)
      if (line[at] === entry) line.splice(at, 1)
      else line = null
    },
    reset() {
      line = null
    },
    inOrder: () => (line ??= [...all()].sort(compare)),
  }
}

/** Positions may be equal; ids never are. */
function compare(a: Entry, b: Entry): number {
  return compareQueue(a.row, b.row) || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)
}
