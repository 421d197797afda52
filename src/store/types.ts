import type { DownloadStatus } from '../core/download-states.ts'
import type { ErrorCode, SluiceError } from '../core/errors.ts'
import type { DigestAlgorithm, Verdict } from '../transfer/types.ts'

/** Digests of a finished file, hex by algorithm. */
export type Digests = { readonly [A in DigestAlgorithm]?: string }

/** An error as it is shown and kept. */
export interface Problem {
  readonly code: ErrorCode
  readonly message: string
  readonly hint: string
  readonly retryable: boolean
}

/** One step in the life of a download. */
export interface TimelineEntry {
  /** ISO 8601 UTC. */
  readonly at: string
  /**
   * A status that was reached, or `moved` (its file, to the path of the detail), `resume`, `retry`, `warning`, `connections-capped`, `redirected`, `priority`, `limit`,
   * `phase` (of a model: `resolving`, `checking`, `downloading` or `writing` is its detail; of libraries also `unpacking`
   * and `probing`), `release` (what a version or a release led to).
   */
  readonly event: string
  readonly detail?: string
}

/**
 * A download as it is kept. Times ISO 8601 UTC, sizes in bytes, rates in bytes per second. Nothing in it is secret:
 * `secret` is sealed (manager/secrets.ts) and holds the real addresses and headers where they differ from what is shown.
 */
export interface StoredDownload {
  readonly id: string
  /** As typed, without credentials. */
  readonly reference: string
  /** Without credentials. */
  readonly url: string
  /** Name of the file, the chosen one or the one found; '' until it is known. */
  readonly filename: string
  /** The name the user asked for. */
  readonly chosenName: string | null
  /** Absolute folder. */
  readonly dir: string
  /** Absolute path of the final file, '' until it is known. */
  readonly path: string
  /**
   * `http`; `model`: one of a registry, with its blobs as files; `llama`: libraries of llama.cpp, a file for each build;
   * `release`: one file of a release at GitHub.
   */
  readonly kind: string
  readonly host: string
  readonly status: DownloadStatus
  readonly priority: number
  /** Order among equals, lower first. */
  readonly position: number
  readonly bytesDone: number
  readonly bytesTotal: number | null
  /** Seconds spent active, over all runs. */
  readonly activeSeconds: number
  readonly retries: number
  readonly verdict: Verdict | null
  readonly digests: Digests
  readonly error: Problem | null
  readonly addedAt: string
  readonly startedAt: string | null
  readonly completedAt: string | null
  /** Not before this time. */
  readonly startAt: string | null
  /** Tried again by itself at this time, after an error that may pass. */
  readonly retryAt: string | null
  /** Automatic tries since the last byte. */
  readonly autoRetries: number
  readonly options: StoredOptions
  readonly timeline: readonly TimelineEntry[]
  readonly secret: Uint8Array | null
  /** Of a download that is several files; empty where it is one, which the row itself describes. */
  readonly files: readonly StoredFile[]
}

/** One file of several. Bytes; `path` is absolute. */
export interface StoredFile {
  /** Readable: `model`, `template`, `linux/amd64 cpu`. */
  readonly title: string
  /** '' until it is known. */
  readonly path: string
  /** `sha256:` and hex: what the file must have; '' where that is not known. */
  readonly digest: string
  readonly mediaType: string
  readonly bytesDone: number
  /** 0 where it is not known. */
  readonly bytesTotal: number
  readonly status: 'queued' | 'active' | 'completed' | 'error'
  readonly verdict: Verdict | null
}

/** What the user asked for beyond the address; absent where the settings decide. */
export interface StoredOptions {
  readonly checksums?: readonly string[]
  /** Without credentials. */
  readonly mirrors?: readonly string[]
  readonly retries?: number
  readonly connections?: number
  readonly speedLimit?: number
  readonly ifExists?: 'rename' | 'overwrite' | 'skip' | 'fail'
  readonly userAgent?: string
  readonly referer?: string
  readonly model?: StoredModelOptions
  readonly llama?: StoredLlamaOptions
  readonly release?: StoredReleaseOptions
}

/** What was asked for of a model. */
export interface StoredModelOptions {
  /** Base address of a registry in place of the name's own, without credentials. */
  readonly registry?: string
  readonly platform?: string
  readonly concurrency?: number
  /** Absent: a store, or files where the artifact is no model of ollama. */
  readonly target?: 'store' | 'zip' | 'files' | 'layout'
  readonly keepStaging?: boolean
}

/** What was asked for of llama.cpp; its reference has the version. */
export interface StoredLlamaOptions {
  /** `linux/amd64` and so on, one at least. */
  readonly platforms: readonly string[]
  /** Absent: `auto`. */
  readonly variant?: string
  readonly strict?: boolean
  /** The build that the version led to: later runs go on with that, whatever is the latest by then. */
  readonly tag?: string
}

/** What was asked for of a release; its reference has the tag. */
export interface StoredReleaseOptions {
  /** A name or a pattern. */
  readonly asset?: string
  /** `linux/amd64` and so on. Absent: the machine of the daemon. */
  readonly platform?: string
  /** The file that this led to: later runs go on with that, whatever is the latest by then. */
  readonly found?: {
    readonly repository: string
    readonly tag: string
    readonly name: string
    readonly url: string
    readonly size: number
    /** In hex, null where the release tells none. */
    readonly sha256: string | null
  }
}

/** A download that ended: one entry for each download, which the latest end replaces. */
export interface HistoryEntry {
  /** Id of the download. */
  readonly id: string
  readonly reference: string
  readonly url: string
  readonly filename: string
  readonly path: string
  readonly kind: string
  readonly host: string
  /** Extension in lower case without its dot, double ones kept (`tar.gz`); `unknown` where there is none. `model` of a model. */
  readonly type: string
  readonly status: 'completed' | 'error' | 'cancelled'
  readonly fileSize: number | null
  /** When it ended. */
  readonly downloadedAt: string
  readonly startedAt: string | null
  /** Seconds active. */
  readonly duration: number
  /** Average bytes per second. */
  readonly speed: number
  readonly verdict: Verdict | null
  readonly digests: Digests
  readonly error: Problem | null
}

/** What is to be kept when a download has ended. */
export interface DownloadEnd {
  readonly download: StoredDownload
  readonly entry: HistoryEntry
  /** Day of the figures, the date where the daemon runs. */
  readonly localDate: string
}

export type HistorySort = 'date' | 'name' | 'size' | 'speed' | 'duration' | 'status' | 'host' | 'type'

/** All that is given must hold. Dates ISO 8601, `since` inclusive, `until` exclusive. */
export interface HistoryQuery {
  /** Part of the file name, the address or the reference; case does not matter. */
  readonly search?: string
  readonly status?: ReadonlyArray<HistoryEntry['status']>
  readonly type?: string
  /** With its port where it has one; without, those that differ by a port only are found too. */
  readonly host?: string
  readonly kind?: string
  readonly minSize?: number
  readonly maxSize?: number
  readonly since?: string
  readonly until?: string
  readonly sort: HistorySort
  readonly descending: boolean
  readonly limit: number
  readonly offset: number
}

export interface HistoryPage {
  readonly entries: readonly HistoryEntry[]
  /** How many match. */
  readonly total: number
  /** False where counting would take long: at least `total` match. */
  readonly totalIsExact: boolean
}

/** Completed downloads of one day (local date of the daemon, YYYY-MM-DD). */
export interface DayFigures {
  readonly date: string
  readonly files: number
  readonly bytes: number
}

export interface Figures {
  readonly totalFiles: number
  readonly totalBytes: number
  /** Seconds active. */
  readonly totalTime: number
  /** Bytes by host, the largest first, at most 20. */
  readonly topDomains: Readonly<Record<string, number>>
  /** Files by type, the most first, at most 50. */
  readonly fileTypeStats: Readonly<Record<string, number>>
  /** Days with downloads among those asked for. */
  readonly days: readonly DayFigures[]
}

/** Small things kept as JSON under a kind and an id: schedules, webhooks. `secret` is sealed. */
export interface StoredRecord {
  readonly id: string
  readonly data: unknown
  readonly secret: Uint8Array | null
}

/**
 * What outlives the daemon. Every method rejects with a `database` SluiceError when the database fails; what a resolved
 * promise promised is there after kill -9. Calls are carried out in the order in which they were made. One open store
 * for each database: a second one is refused with `already-running`.
 */
export interface Store {
  /** 'sqlite' or 'postgres', and where, without credentials: for doctor and health. */
  readonly description: string
  loadDownloads(): Promise<StoredDownload[]>
  /** All or none; large numbers are written in pieces so that other calls get their turn. */
  insertDownloads(downloads: readonly StoredDownload[]): Promise<void>
  /** Replaces the whole rows; ids that are not there are ignored. All or none. */
  updateDownloads(downloads: readonly StoredDownload[]): Promise<void>
  removeDownloads(ids: readonly string[]): Promise<void>
  /**
   * Downloads ended: of each its row, its history entry and, if it is completed for the first time, the figures of the
   * day, together or not at all. Large numbers are written in pieces, so after a failure some are there; saying the same
   * twice changes nothing.
   */
  recordEnds(ends: readonly DownloadEnd[]): Promise<void>
  queryHistory(query: HistoryQuery): Promise<HistoryPage>
  historyEntry(id: string): Promise<HistoryEntry | null>
  /** False when there is none. Figures stay. */
  removeHistory(id: string): Promise<boolean>
  /** The entries that match, in the order of the query, read in pages. */
  exportHistory(query: HistoryQuery): AsyncIterable<HistoryEntry>
  /** Figures over all time, and of the days from `firstDate` on. */
  figures(firstDate: string): Promise<Figures>
  loadSettings(): Promise<Record<string, unknown>>
  /** Replaces all. */
  saveSettings(settings: Readonly<Record<string, unknown>>): Promise<void>
  records(kind: string): Promise<StoredRecord[]>
  putRecord(kind: string, record: StoredRecord): Promise<void>
  removeRecord(kind: string, id: string): Promise<boolean>
  /** Bytes that the database takes, null where it cannot tell. */
  size(): Promise<number | null>
  /**
   * A `database` error where writing works and yet nothing of it lasts: the file of the database was deleted or replaced.
   * Null when all is well. Costs little.
   */
  detached(): Promise<SluiceError | null>
  close(): Promise<void>
}
