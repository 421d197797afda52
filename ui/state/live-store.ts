import type { DownloadStatus } from '../../src/core/download-states.ts'
import type { Download } from '../../src/server/api-types.ts'
import { emptyState, isCounted, reduce } from './live-reducer.ts'
import type { Counts, Happening, LiveEvent, LiveState, Step } from './live-reducer.ts'
import { createOverlay } from './overlay.ts'
import type { Guess } from './overlay.ts'
import { createValue } from './value.ts'
import type { Value } from './value.ts'

/** Guesses that the daemon agreed to but never told of end after this time, ms. */
const agreedFor = 3000

/** What the page shows before the daemon has said it. */
export interface Patch {
  /** The daemon has done it; what it tells next replaces the guess. What was hidden stays so for good. */
  confirm(ids?: readonly string[]): void
  /** It has not: shows again what is. */
  undo(ids?: readonly string[]): void
}

export interface LiveStore {
  state(): LiveState
  /** The row as it is shown, guesses included; undefined where it is not known or hidden. */
  download(id: string): Download | undefined
  /** As the daemon last said it. */
  known(id: string): Download | undefined
  /** Whether the daemon told of it since that revision. */
  isHeard(id: string, revision: number): boolean
  apply(event: LiveEvent): Step
  patch(guesses: ReadonlyMap<string, Guess>): Patch
  hidden(): ReadonlySet<string>
  watched(): string[]
  onDownload(id: string, listener: () => void): () => void
  onHappening(listener: (happening: Happening) => void): () => void
  /** Called after each event that may change a list, and with `hidden` when rows were hidden or shown again. */
  onLists(listener: (what: 'numbers' | 'order' | 'hidden') => void): () => void
  readonly counts: Pick<Value<Counts>, 'get' | 'subscribe'>
  readonly speed: Pick<Value<number>, 'get' | 'subscribe'>
  readonly settings: Pick<Value<LiveState['settings']>, 'get' | 'subscribe'>
}

/**
 * The rows that the page knows, each with those who watch it: an event wakes only the watchers of what it changed. At
 * most `most` rows are kept, beyond those that are watched, active or guessed at.
 */
export function createLiveStore(after: (ms: number, callback: () => void) => void, most = 2000): LiveStore {
  let state = emptyState
  const overlay = createOverlay()
  const watchers = new Map<string, Set<() => void>>()
  const hearers = new Set<(happening: Happening) => void>()
  const lists = new Set<(what: 'numbers' | 'order' | 'hidden') => void>()
  const counts = createValue<Counts>(state.counts)
  const speed = createValue(0)
  const settings = createValue(state.settings)

  function wake(ids: Iterable<string>): void {
    for (const id of ids) for (const watcher of watchers.get(id) ?? []) watcher()
  }

  function publish(): void {
    counts.set(shownCounts())
    speed.set(state.speed)
    settings.set(state.settings)
  }

  function shownCounts(): Counts {
    if (overlay.size === 0) return state.counts
    const shown: Record<DownloadStatus, number> = { ...state.counts }
    for (const id of overlay.ids()) {
      const row = state.rows.get(id)
      if (row === undefined || !isCounted(state, row)) continue
      const seen = overlay.over(row.download)
      const { status } = row.download
      shown[status] = Math.max(0, shown[status] - 1)
      if (seen !== undefined) shown[seen.status] += 1
    }
    return shown
  }

  function evict(): void {
    let surplus = state.rows.size - most
    if (surplus <= 0) return
    const ids: string[] = []
    for (const [id, { download }] of state.rows) {
      if (watchers.has(id) || overlay.has(id) || download.status === 'active') continue
      ids.push(id)
      if (--surplus === 0) break
    }
    state = reduce(state, { type: 'gone', ids, removed: false }).state
  }

  function apply(event: LiveEvent): Step {
    const step = reduce(state, event)
    state = step.state
    const hiddenBefore = overlay.hidden()
    if (overlay.size > 0)
      for (const id of step.changed) if (overlay.has(id)) overlay.heard(id, state.rows.get(id)?.download ?? null)
    evict()
    wake(step.changed)
    publish()
    for (const happened of step.happened) for (const hearer of hearers) hearer(happened)
    if (step.lists !== 'none') for (const listener of lists) listener(step.lists)
    if (overlay.hidden() !== hiddenBefore) for (const listener of lists) listener('hidden')
    return step
  }

  function patch(guesses: ReadonlyMap<string, Guess>): Patch {
    const numbers = new Map<string, number>()
    const hiddenBefore = overlay.hidden()
    for (const [id, guess] of guesses) numbers.set(id, overlay.put(id, guess))
    const tell = (ids: Iterable<string>, hidden: ReadonlySet<string>): void => {
      wake(ids)
      publish()
      if (overlay.hidden() !== hidden) for (const listener of lists) listener('hidden')
    }
    tell(numbers.keys(), hiddenBefore)
    const undo = (ids: Iterable<string>): void => {
      const hidden = overlay.hidden()
      const dropped = [...ids].filter((id) => overlay.drop(id, numbers.get(id) ?? 0))
      if (dropped.length > 0) tell(dropped, hidden)
    }
    return {
      undo: (ids = [...numbers.keys()]) => undo(ids),
      confirm(ids = [...numbers.keys()]) {
        for (const id of ids) overlay.agree(id, numbers.get(id) ?? 0)
        const removed = ids.filter((id) => guesses.get(id) === 'hidden')
        if (removed.length > 0) apply({ type: 'gone', ids: removed, removed: true })
        const shown = ids.filter((id) => guesses.get(id) !== 'hidden')
        if (shown.length > 0) after(agreedFor, () => undo(shown))
      },
    }
  }

  return {
    state: () => state,
    download(id) {
      const row = state.rows.get(id)
      return row && overlay.over(row.download)
    },
    known: (id) => state.rows.get(id)?.download,
    isHeard: (id, revision) => (state.rows.get(id)?.heard ?? -1) >= revision,
    apply,
    patch,
    hidden: overlay.hidden,
    watched: () => [...watchers.keys()],
    onDownload(id, listener) {
      const listeners = watchers.get(id) ?? new Set()
      watchers.set(id, listeners.add(listener))
      return () => {
        listeners.delete(listener)
        if (listeners.size === 0 && watchers.get(id) === listeners) watchers.delete(id)
      }
    },
    onHappening(listener) {
      hearers.add(listener)
      return () => hearers.delete(listener)
    },
    onLists(listener) {
      lists.add(listener)
      return () => lists.delete(listener)
    },
    counts,
    speed,
    settings,
  }
}
