import type { Settings } from '../config/settings.ts'
import { fileType } from '../core/file-type.ts'
import type { HistoryEntry, StoredDownload } from '../store/types.ts'
import type { Clock } from './clock.ts'
import type { Entry } from './entry.ts'
import { filesInLists, filesOf } from './files-view.ts'
import { nameAt, targetOfModel } from './model-place.ts'
import type { Download, ProgressOf } from './types.ts'

/** What a view depends on besides the download itself. */
export interface ViewContext {
  readonly clock: Clock
  settings(): Settings
  /** Free bytes where downloads go stand below what the settings keep free. */
  lowDisk(): boolean
  /** Folder of the store that models are installed into. */
  readonly modelsDir: string
}

/** A download as others see it. */
export function downloadOf(entry: Entry, view: ViewContext): Download {
  const { row, live } = entry
  const { bytesDone, bytesTotal, status, verdict, digests } = row
  return {
    id: row.id,
    reference: row.reference,
    url: row.url,
    filename: row.filename,
    path: row.path,
    kind: row.kind,
    host: row.host,
    type: typeOf(row),
    status,
    priority: row.priority,
    position: row.position,
    bytesDone,
    bytesTotal,
    speed: live.speed,
    eta: live.eta,
    connections: live.connections,
    retries: row.retries,
    maxRetries: row.options.retries ?? view.settings().retries,
    speedLimit: row.options.speedLimit ?? null,
    verdict,
    digests,
    error: row.error,
    addedAt: row.addedAt,
    startedAt: row.startedAt,
    completedAt: row.completedAt,
    startAt: row.startAt,
    retryAt: row.retryAt,
    activeSeconds: activeSeconds(entry, view.clock),
    missing: entry.missing,
    waitingFor: waitingFor(entry, view),
    target: targetOfModel(row, view.modelsDir),
    files: filesOf(row, filesInLists),
  }
}

export function progressOf({ row, live }: Entry): ProgressOf {
  return { id: row.id, bytesDone: row.bytesDone, bytesTotal: row.bytesTotal, ...live }
}

/** What filters and statistics go by. */
export function typeOf({ kind, filename }: Pick<StoredDownload, 'kind' | 'filename'>): string {
  return kind === 'model' || kind === 'llama' ? kind : fileType(filename)
}

/** Of all runs, the one of now included. */
export function activeSeconds({ row, run }: Entry, clock: Clock): number {
  const now = row.status === 'active' && run ? (clock.elapsed() - run.since) / 1000 : 0
  return Math.round((row.activeSeconds + now) * 1000) / 1000
}

/** Why a queued download would not start although a place is free. */
export function waitingFor({ row, wanted, needsSpace }: Entry, view: ViewContext): string | null {
  if (row.status !== 'queued') return null
  if (view.lowDisk() || needsSpace > 0) return 'low-disk'
  if (row.startAt !== null && Date.parse(row.startAt) > view.clock.now()) return 'start-at'
  return view.settings().autoStart || wanted ? null : 'auto-start-off'
}

/** What history keeps of a download that ended as its row says. */
export function historyOf({ row }: Entry, status: HistoryEntry['status'], endedAt: string): HistoryEntry {
  const seconds = row.activeSeconds
  return {
    id: row.id,
    reference: row.reference,
    url: row.url,
    filename: nameAt(row, row.path),
    path: row.path,
    kind: row.kind,
    host: row.host,
    type: typeOf(row),
    status,
    fileSize: row.bytesTotal ?? (status === 'completed' ? row.bytesDone : null),
    downloadedAt: endedAt,
    startedAt: row.startedAt,
    duration: seconds,
    speed: seconds > 0 ? row.bytesDone / seconds : 0,
    verdict: row.verdict,
    digests: row.digests,
    error: row.error,
  }
}
