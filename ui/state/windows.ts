import { asSluiceError } from '../../src/core/errors.ts'
import type { SluiceError } from '../../src/core/errors.ts'

/** Rows in one question. */
const windowSize = 100
/** Windows kept beyond those that are on the screen. */
const keptWindows = 8

export interface PageOf<T> {
  readonly items: readonly T[]
  readonly total: number
  readonly exact: boolean
}

export interface WindowParts<T> {
  /** Rejects with a SluiceError; an aborted one may reject with anything. */
  readonly fetch: (offset: number, limit: number, signal: AbortSignal) => Promise<PageOf<T>>
  readonly keyOf: (item: T) => string
  /** False for an item that must be fetched again before it can be shown. */
  readonly isKnown?: (item: T) => boolean
  /** Calls back after that time; what it gives back prevents it. */
  readonly after: (ms: number, callback: () => void) => () => void
  /** Something that is shown is different now. */
  readonly onChange: () => void
}

export interface Windows<T> {
  readonly total: number
  readonly exact: boolean
  /** True until the first answer. */
  readonly loading: boolean
  /** Of the last answer; what was there before stays. */
  readonly error: SluiceError | null
  itemAt(index: number): T | undefined
  indexesOf(keys: ReadonlySet<string>): number[]
  /** These rows, both included, are on the screen: fetches what is not there. */
  ensure(first: number, last: number): void
  /**
   * What is shown may be old: asks again for what is on the screen, and shows the old until then. The first time almost
   * at once, then at most each 300 ms.
   */
  refresh(): void
  /** At once, also while held. */
  reload(): void
  /** While held nothing that is shown moves; what was missed is fetched afterwards. */
  hold(on: boolean): void
  /** Nobody looks at it: stops all questions. What is known stays, and any other call goes on. */
  rest(): void
}

const calmFor = 300
/** What belongs together, an event and the ones right behind it, is asked for once. */
const together = 20
/** Refreshes that never pause still get through after this time. */
const longestCalm = 1500

interface Window<T> {
  items: ReadonlyArray<T | undefined>
}

/**
 * A long list of the daemon in windows of 100 rows. An own cache rather than a query library: the rows live in the live
 * store, and what is needed here is small: one question for each window at a time, old rows shown until new ones come.
 */
export function createWindows<T>({ fetch, keyOf, isKnown, after, onChange }: WindowParts<T>): Windows<T> {
  const windows = new Map<number, Window<T>>()
  const asking = new Map<number, AbortController>()
  /** Windows that were refreshed while their answer was on its way. */
  const again = new Set<number>()
  let [first, last] = [0, windowSize - 1]
  let total = 0
  let exact = true
  let loading = true
  let error: SluiceError | null = null
  let isHeld = false
  let missed = false
  let stopTimer: (() => void) | null = null
  let waited = 0
  let isCalm = true

  const numberOf = (index: number): number => Math.floor(index / windowSize)
  const exists = (number: number): boolean => loading || number === 0 || number * windowSize < total
  function onScreen(): number[] {
    const count = numberOf(last) - numberOf(first) + 1
    return Array.from({ length: count }, (_, at) => numberOf(first) + at).filter(exists)
  }

  function ask(number: number): void {
    if (asking.has(number)) return
    const controller = new AbortController()
    asking.set(number, controller)
    const answered = (then: () => void): void => {
      // One that was given up says nothing more.
      if (asking.get(number) !== controller) return
      asking.delete(number)
      then()
      if (again.delete(number)) refresh()
      onChange()
    }
    fetch(number * windowSize, windowSize, controller.signal).then(
      (page) => answered(() => take(number, page)),
      (thrown: unknown) =>
        answered(() => {
          error = asSluiceError(thrown)
          loading = false
        }),
    )
  }

  function giveUp(isNeeded: (number: number) => boolean): void {
    for (const [number, controller] of asking) {
      if (isNeeded(number)) continue
      asking.delete(number)
      again.delete(number)
      controller.abort()
    }
  }

  function take(number: number, page: PageOf<T>): void {
    loading = false
    error = null
    total = page.total
    exact = page.exact
    const keys = new Set(page.items.map(keyOf))
    for (const [other, window] of windows) {
      const isTwice = (item: T | undefined): boolean => item !== undefined && keys.has(keyOf(item))
      if (other === number || !window.items.some(isTwice)) continue
      // One row in two windows: the list moved between the two answers.
      window.items = window.items.map((item) => (isTwice(item) ? undefined : item))
      refresh()
    }
    windows.delete(number)
    windows.set(number, { items: page.items })
    const needed = new Set(onScreen())
    for (const old of windows.keys())
      if (!exists(old) || (windows.size > keptWindows && !needed.has(old))) windows.delete(old)
  }

  function renew(): void {
    stopTimer?.()
    stopTimer = null
    missed = false
    isCalm = false
    after(calmFor, () => {
      isCalm = true
    })
    const needed = new Set(onScreen())
    for (const number of windows.keys()) if (!needed.has(number)) windows.delete(number)
    giveUp((number) => needed.has(number))
    for (const number of needed) {
      if (asking.has(number)) again.add(number)
      else ask(number)
    }
  }

  function refresh(): void {
    if (isHeld) {
      missed = true
      return
    }
    if (stopTimer === null) waited = 0
    else if (waited >= longestCalm) return
    stopTimer?.()
    waited += calmFor
    stopTimer = after(isCalm && waited === calmFor ? together : calmFor, renew)
  }

  return {
    get total() {
      return total
    },
    get exact() {
      return exact
    },
    get loading() {
      return loading
    },
    get error() {
      return error
    },
    itemAt: (index) => windows.get(numberOf(index))?.items[index % windowSize],
    indexesOf(keys) {
      const found: number[] = []
      for (const [number, { items }] of windows)
        for (const [at, item] of items.entries())
          if (item !== undefined && keys.has(keyOf(item))) found.push(number * windowSize + at)
      return found.toSorted((a, b) => a - b)
    },
    ensure(from, to) {
      const isNew = from !== first || to !== last
      first = Math.max(0, from)
      last = Math.max(first, to)
      const needed = onScreen()
      giveUp((number) => needed.includes(number))
      // What failed is not asked again and again by the same screen.
      if (error !== null && !isNew) return
      for (const number of needed) {
        const items = windows.get(number)?.items
        if (
          items === undefined ||
          (isKnown !== undefined && !items.every((item) => item === undefined || isKnown(item)))
        )
          ask(number)
      }
    },
    refresh,
    reload: renew,
    hold(on) {
      isHeld = on
      if (!on && missed) refresh()
      if (!on || stopTimer === null) return
      stopTimer()
      stopTimer = null
      missed = true
    },
    rest() {
      stopTimer?.()
      stopTimer = null
      giveUp(() => false)
    },
  }
}
