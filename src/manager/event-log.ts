import type { Settings } from '../config/settings.ts'
import type { ManagerEvent, ManagerEvents, ProgressOf } from './types.ts'
import type { ModelWork } from './model-types.ts'
import type { Entry } from './entry.ts'
import { downloadOf } from './view.ts'
import type { ViewContext } from './view.ts'

const kept = 2000
/** More changes than this at once are told as one `refresh`. */
const few = 50

type Change = 'added' | 'changed' | 'removed'
type Unnumbered<E> = E extends unknown ? Omit<E, 'sequence'> : never

export interface EventLog extends Omit<ManagerEvents, 'snapshot'> {
  readonly sequence: number
  /** Changes of one turn of the event loop are told together, each download once and as it is then. */
  note(entry: Entry, change: Change): void
  progress(downloads: readonly ProgressOf[], speed: number): void
  warning(id: string | null, code: string, message: string): void
  settings(settings: Settings): void
  work(work: ModelWork): void
  refresh(): void
  /** Keeps changes back until the work has ended, so that a large one is told as one `refresh`. */
  together<T>(work: () => Promise<T>): Promise<T>
}

/** Numbers begin with the time in microseconds, so that they grow over restarts. */
export function createEventLog(view: ViewContext, startedAt: number, onFault: (error: unknown) => void): EventLog {
  const listeners = new Set<(event: ManagerEvent) => void>()
  const ring: ManagerEvent[] = []
  const changes = new Map<string, { entry: Entry; change: Change }>()
  let sequence = startedAt * 1000
  let held = 0
  let planned = false

  function tell(event: Unnumbered<ManagerEvent>): void {
    const numbered: ManagerEvent = { sequence: ++sequence, ...event }
    ring.push(numbered)
    if (ring.length >= 2 * kept) ring.splice(0, ring.length - kept)
    for (const listener of listeners) {
      try {
        listener(numbered)
      } catch (error) {
        onFault(error)
      }
    }
  }

  function note(entry: Entry, change: Change): void {
    const before = changes.get(entry.id)?.change
    if (before === 'added' && change === 'removed') changes.delete(entry.id)
    else changes.set(entry.id, { entry, change: before === 'added' ? 'added' : change })
    plan()
  }

  function plan(): void {
    if (planned || held > 0) return
    planned = true
    queueMicrotask(() => {
      planned = false
      if (held === 0) flush()
    })
  }

  function flush(): void {
    const all = [...changes.values()]
    changes.clear()
    if (all.length > few) tell({ type: 'refresh' })
    else
      for (const { entry, change } of all)
        if (change === 'removed') tell({ type: 'removed', id: entry.id })
        else tell({ type: change, download: downloadOf(entry, view) })
  }

  return {
    get sequence() {
      flush()
      return sequence
    },
    note,
    progress: (downloads, speed) => tell({ type: 'progress', downloads, speed }),
    warning: (id, code, message) => tell({ type: 'warning', id, code, message }),
    settings: (settings) => tell({ type: 'settings', settings }),
    work: (work) => tell({ type: 'work', work }),
    refresh: () => tell({ type: 'refresh' }),
    async together(work) {
      held++
      try {
        return await work()
      } finally {
        held--
        plan()
      }
    },
    since(number) {
      const first = ring[Math.max(0, ring.length - kept)]?.sequence ?? sequence + 1
      if (number < first - 1 || number > sequence) return null
      return number === sequence ? [] : ring.slice(number - sequence)
    },
    listen(listener) {
      // One function given twice is two listeners.
      const own = (event: ManagerEvent): void => listener(event)
      listeners.add(own)
      return () => listeners.delete(own)
    },
  }
}
