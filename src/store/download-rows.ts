import type { DownloadRow } from './schema.ts'
import { keepable } from './text.ts'
import type { Digests, Problem, StoredDownload, StoredFile, StoredOptions, TimelineEntry } from './types.ts'

export function downloadRow(download: StoredDownload): DownloadRow {
  return {
    id: download.id,
    reference: keepable(download.reference),
    url: keepable(download.url),
    filename: keepable(download.filename),
    chosen_name: download.chosenName === null ? null : keepable(download.chosenName),
    dir: keepable(download.dir),
    path: keepable(download.path),
    kind: keepable(download.kind),
    host: keepable(download.host),
    status: download.status,
    priority: download.priority,
    position: download.position,
    bytes_done: download.bytesDone,
    bytes_total: download.bytesTotal,
    active_seconds: download.activeSeconds,
    retries: download.retries,
    verdict: download.verdict,
    digests: JSON.stringify(download.digests),
    error: jsonOrNull(download.error),
    added_at: download.addedAt,
    started_at: download.startedAt,
    completed_at: download.completedAt,
    start_at: download.startAt,
    retry_at: download.retryAt,
    auto_retries: download.autoRetries,
    options: JSON.stringify(download.options),
    timeline: JSON.stringify(download.timeline),
    secret: download.secret,
    files: download.files.length === 0 ? null : JSON.stringify(download.files),
  }
}

export function downloadOf(row: DownloadRow): StoredDownload {
  return {
    id: row.id,
    reference: row.reference,
    url: row.url,
    filename: row.filename,
    chosenName: row.chosen_name,
    dir: row.dir,
    path: row.path,
    kind: row.kind,
    host: row.host,
    status: row.status as StoredDownload['status'],
    priority: row.priority,
    position: row.position,
    bytesDone: row.bytes_done,
    bytesTotal: row.bytes_total,
    activeSeconds: row.active_seconds,
    retries: row.retries,
    verdict: row.verdict as StoredDownload['verdict'],
    digests: JSON.parse(row.digests) as Digests,
    error: problemOf(row.error),
    addedAt: row.added_at,
    startedAt: row.started_at,
    completedAt: row.completed_at,
    startAt: row.start_at,
    retryAt: row.retry_at,
    autoRetries: row.auto_retries,
    options: JSON.parse(row.options) as StoredOptions,
    timeline: JSON.parse(row.timeline) as TimelineEntry[],
    secret: bytesOf(row.secret),
    files: row.files === null ? [] : (JSON.parse(row.files) as StoredFile[]),
  }
}

/** Plain bytes, whichever class the driver uses. */
export function bytesOf(value: Uint8Array | null): Uint8Array | null {
  return value === null ? null : new Uint8Array(value)
}

export function jsonOrNull(value: Problem | null): string | null {
  return value === null ? null : JSON.stringify(value)
}

export function problemOf(text: string | null): Problem | null {
  return text === null ? null : (JSON.parse(text) as Problem)
}
