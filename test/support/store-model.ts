import type { HistoryEntry, HistoryPage, HistoryQuery, HistorySort } from '../../src/store/types.ts'

/** What queryHistory must answer, worked out on an array that holds the entries in the order of their coming. */
export function modelPage(entries: readonly HistoryEntry[], query: HistoryQuery): HistoryPage {
  const matches = modelMatches(entries, query)
  return {
    entries: matches.slice(query.offset, query.offset + query.limit),
    total: matches.length,
    totalIsExact: true,
  }
}

export function modelMatches(entries: readonly HistoryEntry[], query: HistoryQuery): HistoryEntry[] {
  const sign = query.descending ? -1 : 1
  return entries
    .map((entry, index) => ({ entry, index }))
    .filter(({ entry }) => matchesQuery(entry, query))
    .toSorted((a, b) => sign * (compare(keyOf(a.entry, query.sort), keyOf(b.entry, query.sort)) || a.index - b.index))
    .map(({ entry }) => entry)
}

/** Keeps the order of coming: an entry that replaces another one comes anew. */
export function put(entries: readonly HistoryEntry[], entry: HistoryEntry): HistoryEntry[] {
  return [...entries.filter(({ id }) => id !== entry.id), entry]
}

function matchesQuery(entry: HistoryEntry, query: HistoryQuery): boolean {
  const { search, status, type, host, kind, minSize, maxSize, since, until } = query
  const { fileSize } = entry
  return (
    (search === undefined || [entry.filename, entry.url, entry.reference].some((field) => contains(field, search))) &&
    (status === undefined || status.includes(entry.status)) &&
    (type === undefined || entry.type === type) &&
    (host === undefined || entry.host === host || entry.host.replace(/:\d+$/, '') === host) &&
    (kind === undefined || entry.kind === kind) &&
    (minSize === undefined || (fileSize !== null && fileSize >= minSize)) &&
    (maxSize === undefined || (fileSize !== null && fileSize <= maxSize)) &&
    (since === undefined || Date.parse(entry.downloadedAt) >= Date.parse(since)) &&
    (until === undefined || Date.parse(entry.downloadedAt) < Date.parse(until))
  )
}

/** Control characters are not found. */
function contains(field: string, search: string): boolean {
  return !search.includes('\u0001') && field.toLowerCase().includes(search.toLowerCase())
}

function lowerAscii(text: string): string {
  return text.replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase())
}

function keyOf(entry: HistoryEntry, sort: HistorySort): number | Buffer {
  switch (sort) {
    case 'date':
      return Date.parse(entry.downloadedAt)
    case 'name':
      return Buffer.from(lowerAscii(entry.filename))
    case 'size':
      return entry.fileSize ?? -1
    case 'speed':
      return entry.speed
    case 'duration':
      return entry.duration
    case 'status':
      return Buffer.from(entry.status)
    case 'host':
      return Buffer.from(entry.host)
    case 'type':
      return Buffer.from(entry.type)
  }
}

function compare(a: number | Buffer, b: number | Buffer): number {
  return typeof a === 'number' || typeof b === 'number' ? Number(a) - Number(b) : Buffer.compare(a, b)
}
