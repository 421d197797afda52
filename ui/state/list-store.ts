import type { SluiceError } from '../../src/core/errors.ts'
import { createWindows } from './windows.ts'
import type { WindowParts } from './windows.ts'

/** A list as it is shown now; a new object for each change. */
export interface ListNow<T> {
  readonly total: number
  /** False in a very long history: there are at least `total`. */
  readonly totalIsExact: boolean
  /** True until the first answer. */
  readonly loading: boolean
  readonly error: SluiceError | null
  itemAt(index: number): T | undefined
  ensure(first: number, last: number): void
  reload(): void
}

export interface List<T> {
  get(): ListNow<T>
  /** The list is kept up to date while someone listens. */
  subscribe(listener: () => void): () => void
}

export interface ListParts<T> extends Omit<WindowParts<T>, 'onChange'> {
  /** Keys that are not shown; the same set until it changes. */
  readonly hidden: () => ReadonlySet<string>
  /** Calls back when the list may be another one, or other rows are hidden. Gives back what ends it. */
  readonly follow: (list: { refresh(): void; reload(): void; redraw(): void; hold(on: boolean): void }) => () => void
}

/** A list with its listeners: windows, without the rows that an action has hidden. */
export function createList<T>(parts: ListParts<T>): List<T> {
  const listeners = new Set<() => void>()
  let now: ListNow<T> | null = null
  let unfollow: (() => void) | null = null
  let wasShown = false

  const windows = createWindows<T>({ ...parts, onChange: changed })

  function changed(): void {
    now = null
    for (const listener of listeners) listener()
  }

  function make(): ListNow<T> {
    const hidden = parts.hidden()
    const gaps = hidden.size === 0 ? [] : windows.indexesOf(hidden)
    /** Place among all of the one that is shown at `index`. */
    const placeOf = (index: number): number => {
      let place = index
      for (const gap of gaps) {
        if (gap > place) break
        place++
      }
      return place
    }
    return {
      total: Math.max(0, windows.total - gaps.length),
      totalIsExact: windows.exact,
      loading: windows.loading,
      error: windows.error,
      itemAt: (index) => windows.itemAt(placeOf(index)),
      ensure: (first, last) => windows.ensure(placeOf(Math.max(0, first)), placeOf(Math.max(first, last))),
      reload: windows.reload,
    }
  }

  return {
    get: () => (now ??= make()),
    subscribe(listener) {
      const own = (): void => listener()
      listeners.add(own)
      if (unfollow === null) {
        const { refresh, reload, hold } = windows
        unfollow = parts.follow({ refresh, reload, redraw: changed, hold })
        if (wasShown) windows.reload()
        else windows.ensure(0, 0)
        wasShown = true
      }
      return () => {
        listeners.delete(own)
        if (listeners.size > 0) return
        unfollow?.()
        unfollow = null
        windows.rest()
      }
    },
  }
}

/** Lists by key; of those that nobody looks at the latest few are kept, so that going back shows them at once. */
export function createListBook<T>(most = 6) {
  const lists = new Map<string, List<T>>()
  return (key: string, make: () => List<T>): List<T> => {
    const known = lists.get(key) ?? make()
    lists.delete(key)
    lists.set(key, known)
    const [oldest] = lists.keys()
    // One that is still shown lives on in the component that shows it.
    if (lists.size > most && oldest !== undefined) lists.delete(oldest)
    return known
  }
}
