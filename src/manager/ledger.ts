import { downloadStatuses, nextStatus } from '../core/download-states.ts'
import type { DownloadAction, DownloadStatus } from '../core/download-states.ts'
import { SluiceError } from '../core/errors.ts'
import { compareQueue } from '../core/queue-order.ts'
import type { StoredDownload } from '../store/types.ts'
import { isoTime, localDate } from './clock.ts'
import type { Clock } from './clock.ts'
import { withStep } from './entry.ts'
import type { Entry } from './entry.ts'
import type { EventLog } from './event-log.ts'
import { createQueueLine } from './queue-line.ts'
import { activeSeconds, historyOf } from './view.ts'
import type { WriteBehind } from './write-behind.ts'

type Fields = Partial<Omit<StoredDownload, 'id' | 'status' | 'timeline'>>

/** All listed downloads, in memory; every change goes to the store and to the listeners. */
export interface Ledger {
  /** Null when it is not listed. */
  find(id: string): Entry | null
  /** A `not-found` error when it is not listed. */
  get(id: string): Entry
  all(): Iterable<Entry>
  readonly size: number
  with(status: DownloadStatus): ReadonlySet<Entry>
  counts(): Record<DownloadStatus, number>
  /** Higher priority first, then by position; not to be changed. */
  inOrder(): readonly Entry[]
  /** Those that are queued, in that order; not to be changed. */
  queuedInOrder(): readonly Entry[]
  /**
   * No row waits for a start or for its next try before that time, in milliseconds since 1970. Whoever looks through all
   * of them may set a later one.
   */
  nextTime: number
  /** Takes in what the store has already. */
  insert(entries: readonly Entry[]): void
  /** Makes a move with whatever goes with it; a `wrong-state` error when it is not allowed. */
  move(entry: Entry, action: DownloadAction, fields?: Fields, detail?: string): void
  /** Changes fields; with an event that goes to the timeline. */
  change(entry: Entry, fields: Fields, event?: string, detail?: string): void
  /** Changes numbers that listeners hear once a second, and the store now and then (`save`). */
  count(entry: Entry, fields: Pick<Fields, 'bytesDone' | 'bytesTotal' | 'autoRetries' | 'files'>): void
  save(): void
  /** Tells listeners that something beside the row changed. */
  tell(entry: Entry): void
  remove(entry: Entry): void
  /** A position behind, or before, all that were given. */
  last(): number
  first(): number
  written(): Promise<void>
}

/** Statuses whose reaching makes an entry of history. */
const ends = ['completed', 'error', 'cancelled'] as const

export function createLedger(
  store: WriteBehind,
  events: EventLog,
  clock: Clock,
  onMove: (entry: Entry, status: DownloadStatus) => void,
): Ledger {
  const entries = new Map<string, Entry>()
  const byStatus = Object.fromEntries(downloadStatuses.map((status) => [status, new Set<Entry>()])) as Record<
    DownloadStatus,
    Set<Entry>
  >
  const line = createQueueLine(() => byStatus.queued)
  const unsaved = new Set<Entry>()
  let order: Entry[] | null = null
  let [lowest, highest] = [0, 0]
  let nextTime = Infinity

  function take(entry: Entry): void {
    entries.set(entry.id, entry)
    byStatus[entry.row.status].add(entry)
    notePosition(entry.row.position)
    noteTimes(entry.row)
    order = null
  }

  function noteTimes({ startAt, retryAt }: StoredDownload): void {
    if (startAt !== null) nextTime = Math.min(nextTime, Date.parse(startAt))
    if (retryAt !== null) nextTime = Math.min(nextTime, Date.parse(retryAt))
  }

  function notePosition(position: number): void {
    lowest = Math.min(lowest, position)
    highest = Math.max(highest, position)
  }

  function put(entry: Entry, row: StoredDownload): void {
    const before = entry.row
    const moved = before.priority !== row.priority || before.position !== row.position
    const relined = moved || (before.status === 'queued') !== (row.status === 'queued')
    if (relined && before.status === 'queued') line.remove(entry)
    entry.row = row
    if (relined && row.status === 'queued') line.add(entry)
    unsaved.delete(entry)
    if (before.retryAt !== row.retryAt || before.startAt !== row.startAt) noteTimes(row)
    if (moved) {
      notePosition(row.position)
      order = null
    }
    events.note(entry, 'changed')
  }

  function move(entry: Entry, action: DownloadAction, fields: Fields = {}, detail = ''): void {
    const status = nextStatus(entry.row.status, action)
    if (status === null) throw wrongState(entry.row.status, action)
    const at = isoTime(clock.now())
    byStatus[entry.row.status].delete(entry)
    byStatus[status].add(entry)
    put(entry, { ...entry.row, ...fields, status, timeline: withStep(entry.row.timeline, at, status, detail) })
    const end = ends.find((one) => one === status)
    if (end) store.end(entry.row, historyOf(entry, end, at), localDate(clock.now()))
    else store.row(entry.row)
    onMove(entry, status)
  }

  function change(entry: Entry, fields: Fields, event?: string, detail = ''): void {
    const { timeline } = entry.row
    const steps = event === undefined ? timeline : withStep(timeline, isoTime(clock.now()), event, detail)
    put(entry, { ...entry.row, ...fields, timeline: steps })
    store.row(entry.row)
  }

  return {
    find: (id) => entries.get(id) ?? null,
    get(id) {
      const entry = entries.get(id)
      if (entry) return entry
      throw new SluiceError('not-found', 'There is no download of this id.', { hint: 'sluice list shows the ids.' })
    },
    all: () => entries.values(),
    get size() {
      return entries.size
    },
    with: (status) => byStatus[status],
    counts: () =>
      Object.fromEntries(downloadStatuses.map((status) => [status, byStatus[status].size])) as Record<
        DownloadStatus,
        number
      >,
    inOrder: () => (order ??= [...entries.values()].sort((a, b) => compareQueue(a.row, b.row))),
    queuedInOrder: line.inOrder,
    get nextTime() {
      return nextTime
    },
    set nextTime(time) {
      nextTime = time
    },
    insert(added) {
      if (added.length > 1) line.reset()
      for (const entry of added) {
        take(entry)
        if (entry.row.status === 'queued') line.add(entry)
        events.note(entry, 'added')
      }
    },
    move,
    change,
    count(entry, fields) {
      entry.row = { ...entry.row, ...fields }
      unsaved.add(entry)
    },
    save() {
      // The time of this run counts as well, should it be the last that is noted of it.
      for (const entry of unsaved) store.row({ ...entry.row, activeSeconds: activeSeconds(entry, clock) })
      unsaved.clear()
    },
    tell: (entry) => events.note(entry, 'changed'),
    remove(entry) {
      entries.delete(entry.id)
      byStatus[entry.row.status].delete(entry)
      if (entry.row.status === 'queued') line.remove(entry)
      unsaved.delete(entry)
      order = null
      store.remove(entry.id)
      events.note(entry, 'removed')
    },
    last: () => ++highest,
    first: () => --lowest,
    written: () => store.written(),
  }
}

function wrongState(status: DownloadStatus, action: DownloadAction): SluiceError {
  return new SluiceError('wrong-state', `The download ${states[status]}, so it cannot be ${verbs[action] ?? action}.`, {
    hint: hints[status] ?? 'Look at its status first.',
  })
}

const verbs: { readonly [A in DownloadAction]?: string } = {
  pause: 'paused',
  resume: 'resumed',
  cancel: 'cancelled',
  retry: 'tried again',
}

const states: { readonly [S in DownloadStatus]: string } = {
  created: 'was just added',
  validating: 'is being looked at',
  queued: 'waits in the queue',
  active: 'is active',
  paused: 'is paused',
  completed: 'is complete',
  error: 'has failed',
  cancelled: 'was cancelled',
}

const hints: { readonly [S in DownloadStatus]?: string } = {
  active: 'It runs already.',
  paused: 'Resume it to go on.',
  completed: 'Add it again to fetch it once more.',
  error: 'Retry it.',
  cancelled: 'Retry it.',
  queued: 'It starts when its turn comes.',
}
