import { downloadStatuses } from '../../src/core/download-states.ts'
import type { DownloadStatus } from '../../src/core/download-states.ts'
import type { DaemonEvent } from '../../src/client/events.ts'
import type { Download, Settings } from '../../src/server/api-types.ts'

export type Counts = Readonly<Record<DownloadStatus, number>>

export interface Row {
  readonly download: Download
  /** Revision in which an event last told of it: what was asked for before that is older. */
  readonly touched: number
  /** Revision of the last event on it, or in which the last answer was asked for. */
  readonly heard: number
}

/** What the page knows of the daemon. Never changed in place. */
export interface LiveState {
  readonly rows: ReadonlyMap<string, Row>
  readonly counts: Counts
  /** False when an event did not tell enough to go on counting. */
  readonly countsExact: boolean
  /** Bytes per second of all. */
  readonly speed: number
  readonly settings: Settings | undefined
  readonly revision: number
  /** Revision since when rows that were not heard of may be different by now. */
  readonly refreshed: number
}

export type LiveEvent =
  | Exclude<DaemonEvent, { readonly type: 'disconnected' }>
  /** Rows that were asked for, and the revision when they were. */
  | { readonly type: 'rows'; readonly downloads: readonly Download[]; readonly asked: number }
  /** Rows to forget; `removed` ones the daemon no longer has either. */
  | { readonly type: 'gone'; readonly ids: readonly string[]; readonly removed: boolean }
  /** `exact`: nothing that counts has happened since they were asked for. */
  | { readonly type: 'counts'; readonly counts: Counts; readonly speed: number; readonly exact: boolean }

export interface Happening {
  readonly type: 'started' | 'completed' | 'failed' | 'added'
  readonly download: Download
}

export interface Step {
  readonly state: LiveState
  /** Rows that are new, different or gone. */
  readonly changed: readonly string[]
  readonly happened: readonly Happening[]
  /** `order`: a list may hold other rows or another order now; `numbers`: only where it is sorted by speed or progress. */
  readonly lists: 'none' | 'numbers' | 'order'
  /** Rows that nobody told the end of: they were active and may not be any more. */
  readonly doubtful: readonly string[]
}

export const noCounts: Counts = Object.fromEntries(downloadStatuses.map((status) => [status, 0])) as Counts & object

export const emptyState: LiveState = {
  rows: new Map(),
  counts: noCounts,
  countsExact: true,
  speed: 0,
  settings: undefined,
  revision: 0,
  refreshed: 0,
}

export function reduce(before: LiveState, event: LiveEvent): Step {
  const state = { ...before, revision: before.revision + 1 }
  switch (event.type) {
    case 'snapshot':
      return withSnapshot(state, event)
    case 'added':
    case 'changed':
      return withChange(state, event)
    case 'removed':
      return withRemoval(state, event.id)
    case 'progress':
      return withProgress(state, event)
    case 'refresh':
      return {
        ...quiet({ ...state, counts: { ...state.counts }, countsExact: false, refreshed: state.revision }),
        lists: 'order',
        doubtful: activeIds(state),
      }
    case 'settings':
      return quiet({ ...state, settings: event.settings })
    case 'rows':
      return withRows(state, event.downloads, event.asked)
    case 'gone':
      return withoutRows(state, event)
    case 'counts':
      return quiet({ ...state, counts: event.counts, countsExact: event.exact, speed: event.speed })
    default:
      return quiet(state)
  }
}

function rowOf(download: Download, revision: number): Row {
  return { download, touched: revision, heard: revision }
}

function quiet(state: LiveState): Step {
  return { state, changed: [], happened: [], lists: 'none', doubtful: [] }
}

type Of<T extends LiveEvent['type']> = Extract<LiveEvent, { readonly type: T }>

/** Replaces all; rows that did not fit into the snapshot stay as they were until someone asks for them. */
function withSnapshot(state: LiveState, { downloads, total, counts, speed, settings }: Of<'snapshot'>): Step {
  const rows = new Map(downloads.map((download) => [download.id, rowOf(download, state.revision)]))
  const whole = downloads.length >= total
  if (!whole) for (const [id, row] of state.rows) if (!rows.has(id)) rows.set(id, row)
  const happened = downloads.flatMap((download) => happening(state.rows.get(download.id)?.download, download))
  return {
    state: { ...state, rows, counts, countsExact: true, speed, settings, refreshed: state.revision },
    changed: [...new Set([...state.rows.keys(), ...downloads.map(({ id }) => id)])],
    happened,
    lists: 'order',
    doubtful: whole ? [] : activeIds(state).filter((id) => !downloads.some((download) => download.id === id)),
  }
}

function withChange(state: LiveState, { type, download }: Of<'added' | 'changed'>): Step {
  const row = state.rows.get(download.id)
  const known = row?.download
  const rows = new Map(state.rows).set(download.id, rowOf(download, state.revision))
  const from = row !== undefined && isCounted(state, row) ? row.download.status : inferred(type, download.status)
  const { counts, countsExact } = recounted(state, from, download.status)
  // One that is told as new but is known came by an answer first; whether it was counted then is not known.
  const exact = countsExact && !(type === 'added' && known !== undefined)
  return {
    state: settled({ ...state, rows, counts, countsExact: exact }),
    changed: [download.id],
    happened:
      type === 'added' && known === undefined ? [{ type, download }] : happening(known, download, known === undefined),
    lists: known === undefined || orderOf(known) !== orderOf(download) ? 'order' : 'none',
    doubtful: [],
  }
}

/** The status before, of a row that was not known: only a queued one becomes active, and `none` is one that is new. */
function inferred(type: 'added' | 'changed', status: DownloadStatus): DownloadStatus | 'none' | 'unknown' {
  if (type === 'added') return 'none'
  return status === 'active' ? 'queued' : 'unknown'
}

function recounted(
  { counts, countsExact }: Pick<LiveState, 'counts' | 'countsExact'>,
  from: DownloadStatus | 'none' | 'unknown',
  to: DownloadStatus | 'none',
): Pick<LiveState, 'counts' | 'countsExact'> {
  // Other counts than before, so that an answer on its way is seen to be older.
  if (from === 'unknown') return { counts: { ...counts }, countsExact: false }
  if (from === to) return { counts, countsExact }
  const next = { ...counts }
  if (to !== 'none') next[to] += 1
  if (from === 'none') return { counts: next, countsExact }
  const left = next[from] - 1
  next[from] = Math.max(0, left)
  return { counts: next, countsExact: countsExact && left >= 0 }
}

/** Whether the counts hold the row as it is known: many rows changed at once are counted before they are read again. */
export function isCounted(state: LiveState, row: Row): boolean {
  return row.heard >= state.refreshed
}

function withRemoval(state: LiveState, id: string): Step {
  const row = state.rows.get(id)
  const rows = new Map(state.rows)
  rows.delete(id)
  const from = row !== undefined && isCounted(state, row) ? row.download.status : 'unknown'
  const next = { ...state, rows, ...recounted(state, from, 'none') }
  return { ...quiet(settled(next)), changed: row === undefined ? [] : [id], lists: 'order' }
}

function withProgress(state: LiveState, { downloads, speed }: Of<'progress'>): Step {
  const rows = new Map(state.rows)
  const changed: string[] = []
  for (const { id, ...numbers } of downloads) {
    const row = rows.get(id)
    if (row === undefined || row.download.status !== 'active' || !differs(row.download, numbers)) continue
    rows.set(id, rowOf({ ...row.download, ...numbers }, state.revision))
    changed.push(id)
  }
  return { ...quiet({ ...state, rows, speed }), changed, lists: 'numbers' }
}

function withRows(state: LiveState, downloads: readonly Download[], asked: number): Step {
  const rows = new Map(state.rows)
  const changed: string[] = []
  const happened: Happening[] = []
  let counted: Pick<LiveState, 'counts' | 'countsExact'> = state
  for (const download of downloads) {
    const known = rows.get(download.id)
    // An event that came since the question was asked is newer than the answer.
    if (known !== undefined && known.touched > asked) continue
    const heard = Math.max(known?.heard ?? 0, asked)
    if (known !== undefined && !differs(known.download, download)) {
      rows.set(download.id, { ...known, heard })
      continue
    }
    rows.set(download.id, { download, touched: known?.touched ?? 0, heard })
    changed.push(download.id)
    if (known === undefined) continue
    happened.push(...happening(known.download, download))
    if (isCounted(state, known)) counted = recounted(counted, known.download.status, download.status)
  }
  if (changed.length === 0) return quiet({ ...state, rows })
  return {
    ...quiet(settled({ ...state, rows, counts: counted.counts, countsExact: counted.countsExact })),
    changed,
    happened,
  }
}

function withoutRows(state: LiveState, { ids, removed }: Of<'gone'>): Step {
  const rows = new Map(state.rows)
  const changed: string[] = []
  let counted: Pick<LiveState, 'counts' | 'countsExact'> = state
  for (const id of ids) {
    const known = rows.get(id)
    if (known === undefined) continue
    rows.delete(id)
    changed.push(id)
    if (removed) counted = recounted(counted, isCounted(state, known) ? known.download.status : 'unknown', 'none')
  }
  const { counts, countsExact } = counted
  return { ...quiet(settled({ ...state, rows, counts, countsExact })), changed, lists: removed ? 'order' : 'none' }
}

/** The daemon tells no numbers while nothing is active. */
function settled(state: LiveState): LiveState {
  return state.countsExact && state.counts.active === 0 && state.speed !== 0 ? { ...state, speed: 0 } : state
}

function happening(before: Download | undefined, now: Download, isEvent = false): Happening[] {
  if (before?.status === now.status) return []
  // A row that was not known may have ended long ago; that one starts is told in time.
  if (before === undefined) return isEvent && now.status === 'active' ? [{ type: 'started', download: now }] : []
  if (now.status === 'active') return [{ type: 'started', download: now }]
  if (now.status === 'completed') return [{ type: 'completed', download: now }]
  return now.status === 'error' ? [{ type: 'failed', download: now }] : []
}

/** What a list is ordered and filtered by, but for speed and progress. */
function orderOf({ status, priority, position, filename, host, type, bytesTotal }: Download): string {
  return JSON.stringify([status, priority, position, filename, host, type, bytesTotal])
}

function activeIds(state: LiveState): string[] {
  return Array.from(state.rows.values()).flatMap(({ download }) => (download.status === 'active' ? [download.id] : []))
}

function differs<T extends object>(known: T, next: Partial<T>): boolean {
  return (Object.keys(next) as Array<keyof T>).some((key) => {
    const [one, other] = [known[key], next[key]]
    return one !== other && (typeof one !== 'object' || JSON.stringify(one) !== JSON.stringify(other))
  })
}
