import { SluiceError } from '../core/errors.ts'
import { jsonOrNull, problemOf } from './download-rows.ts'
import { UNKNOWN_SIZE } from './schema.ts'
import type { HistoryDetailsRow, HistoryRow } from './schema.ts'
import { keepable, lowerAscii, searchText } from './text.ts'
import type { Digests, HistoryEntry } from './types.ts'

/** Characters by which names are sorted; an index of PostgreSQL takes no more than 2,700 bytes. */
const sortedLength = 200

/** What `history` keeps of an entry, without what the database adds. */
export function historyRow(entry: HistoryEntry): Omit<HistoryRow, 'seq' | 'class'> {
  return {
    id: entry.id,
    status: entry.status,
    type: keepable(entry.type),
    host: keepable(entry.host),
    kind: keepable(entry.kind),
    ended: millisecondsOf(entry.downloadedAt),
    size: entry.fileSize ?? UNKNOWN_SIZE,
    speed: entry.speed,
    duration: entry.duration,
    name: sortName(entry.filename),
  }
}

export function historyDetails(entry: HistoryEntry, seq: number): HistoryDetailsRow {
  const reference = keepable(entry.reference)
  const url = keepable(entry.url)
  const filename = keepable(entry.filename)
  return {
    seq,
    reference: reference === url ? null : reference,
    url,
    filename,
    path: keepable(entry.path),
    started_at: entry.startedAt,
    verdict: entry.verdict,
    digests: JSON.stringify(entry.digests),
    error: jsonOrNull(entry.error),
    words: searchText([url, reference, filename]),
  }
}

/** Columns that `entryOf` needs, of a row `h` of history and its details `d`. */
export const entryColumns = [
  'h.seq',
  'h.id',
  'd.reference',
  'd.url',
  'd.filename',
  'd.path',
  'h.kind',
  'h.host',
  'h.type',
  'h.status',
  'h.size',
  'h.ended',
  'd.started_at',
  'h.duration',
  'h.speed',
  'd.verdict',
  'd.digests',
  'd.error',
] as const

type EntryRow = Omit<HistoryRow, 'seq' | 'class' | 'name'> & Omit<HistoryDetailsRow, 'seq' | 'words'>

export function entryOf(row: EntryRow): HistoryEntry {
  return {
    id: row.id,
    reference: row.reference ?? row.url,
    url: row.url,
    filename: row.filename,
    path: row.path,
    kind: row.kind,
    host: row.host,
    type: row.type,
    status: row.status as HistoryEntry['status'],
    fileSize: row.size === UNKNOWN_SIZE ? null : row.size,
    downloadedAt: new Date(row.ended).toISOString(),
    startedAt: row.started_at,
    duration: row.duration,
    speed: row.speed,
    verdict: row.verdict as HistoryEntry['verdict'],
    digests: JSON.parse(row.digests) as Digests,
    error: problemOf(row.error),
  }
}

/** @throws SluiceError `usage` when the text is no date. */
export function millisecondsOf(date: string): number {
  const milliseconds = Date.parse(date)
  if (Number.isNaN(milliseconds)) {
    throw new SluiceError('usage', 'A date of the history is not understood.', {
      hint: 'Write dates as 2026-01-31 or 2026-01-31T12:00:00Z.',
    })
  }
  return milliseconds
}

function sortName(filename: string): string {
  return lowerAscii(keepable([...filename].slice(0, sortedLength).join('')))
}
