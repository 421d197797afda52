import type { Generated } from 'kysely'

/**
 * The tables, the same in both engines. Times that are compared are milliseconds since 1970, others ISO texts; objects
 * are JSON texts; a size that is not known is UNKNOWN_SIZE in `history`, so that both engines sort it alike.
 */
export interface Tables {
  sluice_schema: { version: number }
  downloads: DownloadRow
  settings: { name: string; value: string }
  records: RecordRow
  classes: ClassRow
  facets: FacetRow
  history: HistoryRow
  history_details: HistoryDetailsRow
  counted: { id: string }
  figures_by_day: { date: string; files: number; bytes: number; seconds: number }
  figures_by_host: { host: string; bytes: number }
  figures_by_type: { type: string; files: number }
}

export const UNKNOWN_SIZE = -1

export interface DownloadRow {
  id: string
  reference: string
  url: string
  filename: string
  chosen_name: string | null
  dir: string
  path: string
  kind: string
  host: string
  status: string
  priority: number
  position: number
  bytes_done: number
  bytes_total: number | null
  active_seconds: number
  retries: number
  verdict: string | null
  digests: string
  error: string | null
  added_at: string
  started_at: string | null
  completed_at: string | null
  start_at: string | null
  retry_at: string | null
  auto_retries: number
  options: string
  timeline: string
  secret: Uint8Array | null
  /** Null for a download that is one file. */
  files: string | null
}

interface RecordRow {
  /** Order of the first put. */
  seq: Generated<number>
  kind: string
  id: string
  data: string
  secret: Uint8Array | null
}

/** How many entries of the history have this combination. There are few of them, so totals are sums of a few rows. */
export interface ClassRow {
  id: Generated<number>
  status: string
  type: string
  kind: string
  files: number
}

/** The same for each host. */
export interface FacetRow {
  host: string
  class: number
  files: number
}

/** What queries filter and sort by; narrow, so that many rows fit a page. */
export interface HistoryRow {
  /** Breaks ties of every sort. */
  seq: Generated<number>
  id: string
  class: number
  status: string
  type: string
  host: string
  kind: string
  ended: number
  size: number
  speed: number
  duration: number
  /** File name with ASCII letters in lower case, cut. */
  name: string
}

/** What is only shown, and the text that is searched. */
export interface HistoryDetailsRow {
  seq: number
  /** Null when it is the address. */
  reference: string | null
  url: string
  filename: string
  path: string
  started_at: string | null
  verdict: string | null
  digests: string
  error: string | null
  words: string
}
