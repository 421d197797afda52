import type { Settings } from '../config/settings.ts'
import type { DownloadStatus } from '../core/download-states.ts'
import type {
  DayFigures,
  Digests,
  HistoryEntry,
  HistoryPage,
  HistoryQuery,
  Problem,
  TimelineEntry,
} from '../store/types.ts'
import type { IfExists, Inspection, Verdict } from '../transfer/types.ts'
import type { InstalledModel, ModelCheck, PullPreview, RemovedModel, UnzippedModels } from '../models/types.ts'
import type { ModelList, ModelQuery, ModelRequest, ModelTarget, ModelWork } from './model-types.ts'
import type * as llama from './llama/types.ts'
import type { FileMover } from './move-types.ts'
import type { RequestPreview } from './release/types.ts'

/** What a user asks for; everything but the reference may be left away. Checked by `add`. */
export interface AddRequest {
  /** A URL (its user information is kept sealed), a model, `llama.cpp@b6089`, or a release of GitHub: `owner/repo@tag`. */
  readonly reference: string
  /** Default: that of the field `model`, `llama` or `asset`, else what the reference surely means, else `http`. */
  readonly kind?: 'http' | 'model' | 'llama' | 'release'
  readonly model?: ModelRequest
  readonly llama?: llama.LlamaRequest
  /** Which file of a release, by its name: a glob, or `/expression/`. Default: the one for the platform. */
  readonly asset?: string
  /** Of a release `os/arch`, default the machine of the daemon; of a model and of libraries the same as their own field. */
  readonly platform?: string
  /** A name, not a path: of the file, of the zip of a model, or of the folder for its files. */
  readonly filename?: string
  /** Folder below the daemon's folder, relative or absolute. */
  readonly dir?: string
  /** 1-10, higher first; default 5. */
  readonly priority?: number
  readonly retries?: number
  /** All of them are kept sealed. */
  readonly headers?: Readonly<Record<string, string>>
  /** `sha256:HEX`, also md5, sha1, sha512; several must all match. */
  readonly checksum?: string | readonly string[]
  readonly mirrors?: readonly string[]
  /** Bytes per second; 0 is no cap. */
  readonly speedLimit?: number
  /** 1-32 */
  readonly connections?: number
  readonly paused?: boolean
  readonly ifExists?: IfExists
  readonly ifDuplicate?: 'add' | 'skip' | 'fail'
  /** ISO 8601; not before that time. */
  readonly startAt?: string
  readonly userAgent?: string
  readonly referer?: string
  /** Name of a preset of the settings whose fields count where they are left away here. */
  readonly preset?: string
}

export interface Added {
  readonly id: string
  /** A download with the same address or checksum that was there before. */
  readonly duplicateOf?: string
  /** With `ifDuplicate: 'skip'` nothing was added, and `id` is the one that was there. */
  readonly skipped?: boolean
}

/** `line` counts from 1: the line of a text, or the place of an item. */
export interface BatchResult {
  readonly added: readonly string[]
  readonly errors: ReadonlyArray<{ readonly line: number; readonly code: string; readonly message: string }>
  /** Lines whose download was there already and was not added again. */
  readonly skipped: ReadonlyArray<{ readonly line: number; readonly id: string }>
}

/** A download as the API shows it (contract.md). */
export interface Download {
  readonly id: string
  readonly reference: string
  readonly url: string
  readonly filename: string
  readonly path: string
  readonly kind: string
  readonly host: string
  /** As in history: the extension, `model` of a model, `llama` of libraries of llama.cpp. */
  readonly type: string
  readonly status: DownloadStatus
  readonly priority: number
  readonly position: number
  readonly bytesDone: number
  readonly bytesTotal: number | null
  readonly speed: number
  readonly eta: number | null
  readonly connections: number
  readonly retries: number
  readonly maxRetries: number
  readonly speedLimit: number | null
  readonly verdict: Verdict | null
  readonly digests: Digests
  readonly error: Problem | null
  readonly addedAt: string
  readonly startedAt: string | null
  readonly completedAt: string | null
  readonly startAt: string | null
  readonly retryAt: string | null
  /** Seconds active so far. */
  readonly activeSeconds: number
  /** It is completed, and the file is no longer there. */
  readonly missing: boolean
  /** Why a queued download does not start although there is a free place: `low-disk`, `start-at`, `auto-start-off`. */
  readonly waitingFor: string | null
  /** Of a model; null for others, and until it is known. */
  readonly target: ModelTarget | null
  /** One, the blobs of a model, or the builds of llama.cpp; in lists and events the first 50 of them. */
  readonly files: readonly DownloadFile[]
}

export interface DownloadFile {
  /** The name of the file, what a blob is (`model`, `template`), or which build (`linux/amd64 cpu`). */
  readonly title: string
  readonly path: string
  /** What a blob must have, `sha256:` and hex; null where it is not known. */
  readonly digest: string | null
  readonly mediaType: string | null
  readonly bytesDone: number
  readonly bytesTotal: number | null
  readonly status: DownloadStatus
  readonly verdict: Verdict | null
  /** Those of the finished file. */
  readonly digests: Digests
}

export interface DownloadDetail extends Download {
  readonly segments: Inspection['segments']
  readonly connectionDetails: Inspection['connections']
  readonly timeline: readonly TimelineEntry[]
}

export type ListSort =
  | 'queue'
  | 'name'
  | 'size'
  | 'speed'
  | 'eta'
  | 'date'
  | 'ended'
  | 'status'
  | 'progress'
  | 'host'
  | 'priority'
  | 'verdict'

export interface ListQuery {
  readonly status?: readonly DownloadStatus[]
  readonly search?: string
  readonly type?: string
  readonly host?: string
  /** Bytes, both inclusive; one whose size is not known is not found by them. */
  readonly minSize?: number
  readonly maxSize?: number
  /** When it was added, ISO 8601 UTC: `since` inclusive, `until` exclusive. */
  readonly since?: string
  readonly until?: string
  readonly sort: ListSort
  readonly descending: boolean
  readonly limit: number
  readonly offset: number
}

export interface DownloadList {
  readonly downloads: readonly Download[]
  readonly total: number
}

export type BulkAction = 'pause' | 'resume' | 'cancel' | 'retry' | 'remove' | 'top' | 'bottom'

export interface BulkResult {
  readonly done: readonly string[]
  readonly failed: ReadonlyArray<{ readonly id: string; readonly code: string; readonly message: string }>
}

export interface Statistics {
  readonly totalFiles: number
  readonly totalBytes: number
  /** Seconds active. */
  readonly totalTime: number
  /** Bytes per second over all of it. */
  readonly averageSpeed: number
  readonly todayFiles: number
  readonly todayBytes: number
  /** The last seven days, today last. */
  readonly week: readonly DayFigures[]
  readonly topDomains: Readonly<Record<string, number>>
  readonly fileTypeStats: Readonly<Record<string, number>>
  /** Since the daemon started. */
  readonly sessionFiles: number
  readonly sessionBytes: number
  /** Of now. */
  readonly speed: number
  readonly counts: Readonly<Record<DownloadStatus, number>>
}

/** What listeners hear. `sequence` grows by one with each event, also over restarts. */
export type ManagerEvent = { readonly sequence: number } & (
  | { readonly type: 'added' | 'changed'; readonly download: Download }
  /** More than a few changed at once: read the list again. */
  | { readonly type: 'refresh' }
  | { readonly type: 'removed'; readonly id: string }
  /** Numbers of all active downloads, once a second. */
  | { readonly type: 'progress'; readonly downloads: readonly ProgressOf[]; readonly speed: number }
  | { readonly type: 'warning'; readonly id: string | null; readonly code: string; readonly message: string }
  | { readonly type: 'settings'; readonly settings: Settings }
  /** How far work on a model is that is no download; at most twice a second, and when it is over. */
  | { readonly type: 'work'; readonly work: ModelWork }
)

export interface ProgressOf {
  readonly id: string
  readonly bytesDone: number
  readonly bytesTotal: number | null
  readonly speed: number
  readonly eta: number | null
  readonly connections: number
}

/** The state that deltas build on. */
export interface Snapshot {
  readonly sequence: number
  readonly counts: Readonly<Record<DownloadStatus, number>>
  readonly speed: number
  /** Active ones first, then by queue, at most 200; `total` says how many there are. */
  readonly downloads: readonly Download[]
  readonly total: number
  readonly settings: Settings
}

export interface ManagerEvents {
  snapshot(): Snapshot
  /** The events after a sequence number, null when they are no longer known: then a snapshot is needed. */
  since(sequence: number): readonly ManagerEvent[] | null
  /** Calls back at once for each event; gives back what ends it. */
  listen(listener: (event: ManagerEvent) => void): () => void
}

export interface Schedule {
  readonly id: string
  readonly name: string
  /** Five fields of cron, in the local time of the daemon. */
  readonly cron: string
  readonly request: Omit<AddRequest, 'headers'>
  readonly enabled: boolean
  readonly lastRun: string | null
  readonly nextRun: string | null
}
export type ScheduleInput = Partial<Pick<Schedule, 'name' | 'cron' | 'request' | 'enabled'>>

export type WebhookEvent = 'download.started' | 'download.completed' | 'download.failed'

/** The secret and the header values are never shown. */
export interface Webhook {
  readonly id: string
  readonly url: string
  readonly events: readonly WebhookEvent[]
  readonly enabled: boolean
  readonly headerNames: readonly string[]
  readonly hasSecret: boolean
  readonly lastDelivery: { readonly at: string; readonly ok: boolean; readonly message: string } | null
}
export interface WebhookInput {
  readonly url?: string
  readonly events?: readonly WebhookEvent[]
  readonly enabled?: boolean
  readonly headers?: Readonly<Record<string, string>>
  readonly secret?: string
}

export interface Health {
  readonly status: 'ok' | 'degraded'
  readonly version: string
  /** Seconds. */
  readonly uptime: number
  readonly active: number
  readonly queued: number
  readonly database: string
  /** Bytes free where downloads go, null where it cannot be told. */
  readonly freeSpace: number | null
  readonly problems: readonly string[]
  /** Whoever asks can have the folder of a finished file shown on the desktop. */
  readonly canOpenFolders: boolean
}

/** Everything that faces (API, page, command line) can ask of the daemon. Methods reject with a SluiceError. */
export interface Manager extends llama.LlamaManager, FileMover {
  readonly events: ManagerEvents
  add(request: AddRequest): Promise<Added>
  addMany(items: readonly AddRequest[]): Promise<BatchResult>
  /** Lines of text: blanks and `#` skipped, `file[001-100].zip` expanded, aria2's indented option lines read. */
  addText(text: string): Promise<BatchResult>
  list(query: ListQuery): DownloadList
  get(id: string): Promise<DownloadDetail>
  /** The one added last that is still listed. */
  newest(): Download | null
  pause(id: string): Promise<void>
  resume(id: string): Promise<void>
  cancel(id: string): Promise<void>
  retry(id: string): Promise<void>
  remove(id: string, options: { readonly deleteFile: boolean }): Promise<void>
  setPriority(id: string, priority: number): Promise<void>
  /** Within the downloads of the same priority; a number is a place that counts from 1. */
  move(id: string, to: 'top' | 'bottom' | number): Promise<void>
  /** Bytes per second; 0 lifts the cap. */
  setLimit(id: string, bytesPerSecond: number): Promise<void>
  /** Shows the folder of a finished file on the desktop of this machine; a `wrong-state` error where that cannot be. */
  openFolder(id: string): Promise<void>
  pauseAll(): Promise<BulkResult>
  resumeAll(): Promise<BulkResult>
  bulk(action: BulkAction, ids: readonly string[], options: { readonly deleteFile: boolean }): Promise<BulkResult>
  preview(request: AddRequest): Promise<RequestPreview>
  /** The models that are installed. */
  models(query: ModelQuery): Promise<ModelList>
  /** A name as shown, or full; so for the others, too. */
  model(name: string): Promise<InstalledModel>
  /** Reads all its blobs and compares their digests, which takes its time. */
  verifyModel(name: string, signal?: AbortSignal): Promise<ModelCheck>
  /** Removes it and the blobs that no other one uses; `in-use` while a pull uses one of them. */
  removeModel(name: string): Promise<RemovedModel>
  /** Installs a model zip that lies in the daemon's folder. */
  unzipModel(file: string, signal?: AbortSignal): Promise<UnzippedModels>
  /** What a pull would fetch, and where it would go; writes nothing. */
  previewModel(request: AddRequest, signal?: AbortSignal): Promise<PullPreview>
  /** Queue of now for another daemon: no secrets in it. `text` is one address a line. */
  exportQueue(format: 'json' | 'text'): string
  importQueue(text: string, format: 'json' | 'text'): Promise<BatchResult>
  statistics(): Promise<Statistics>
  history(query: HistoryQuery): Promise<HistoryPage>
  historyEntry(id: string): Promise<HistoryEntry>
  exportHistory(query: HistoryQuery, format: 'json' | 'csv'): AsyncIterable<string>
  removeHistory(id: string): Promise<void>
  /** A new download of what an entry was. */
  redownload(historyId: string): Promise<Added>
  settings(): Settings
  changeSettings(change: unknown): Promise<Settings>
  resetSettings(): Promise<Settings>
  schedules(): Promise<readonly Schedule[]>
  addSchedule(input: ScheduleInput): Promise<Schedule>
  changeSchedule(id: string, input: ScheduleInput): Promise<Schedule>
  removeSchedule(id: string): Promise<void>
  webhooks(): Promise<readonly Webhook[]>
  addWebhook(input: WebhookInput): Promise<Webhook>
  changeWebhook(id: string, input: WebhookInput): Promise<Webhook>
  removeWebhook(id: string): Promise<void>
  /** Sends a test event and tells how it went. */
  testWebhook(id: string): Promise<{ readonly ok: boolean; readonly message: string }>
  health(): Promise<Health>
  /** Names and values for the metrics page; names as Prometheus wants them. */
  metrics(): ReadonlyArray<{
    readonly name: string
    readonly help: string
    readonly type: 'counter' | 'gauge'
    readonly value: number
    readonly labels?: Readonly<Record<string, string>>
  }>
  /** Stops transfers with their checkpoints written and closes everything; at most 3 seconds. */
  close(): Promise<void>
}

export interface ManagerOptions {
  /** The folder that downloads are confined to. */
  readonly dir: string
  readonly dataDir: string
  /** `postgres://...`; default SQLite in `<dataDir>/.history/downloads.db`. */
  readonly database?: string
  /** The Ollama store that models go to; default the one of this machine. Never given by the API. */
  readonly modelsDir?: string
  /** Folder for libraries of llama.cpp; default that of `libraryCacheFolder`. Never given by the API. */
  readonly llamaCacheDir?: string
  /** Addresses of GitHub's API and of its files in place of the usual ones, and of the environment's. */
  readonly githubApi?: string
  readonly githubDownload?: string
  /** Others can reach the daemon: private addresses are refused unless the settings allow them. */
  readonly reachable: boolean
  /** Program and arguments to run after each completed download; never given by the API. */
  readonly onComplete?: readonly string[]
  readonly proxy?: string
  readonly cacert?: string
  readonly insecure?: boolean
  /** Private addresses may be fetched and redirected to, whatever the settings say. */
  readonly allowPrivate?: boolean
  readonly connectTimeout?: number
  readonly stallTimeout?: number
  readonly version: string
  readonly log: ManagerLog
}

/** Where the manager tells what happens; fields hold no secrets. */
export interface ManagerLog {
  error(fields: object, message: string): void
  warn(fields: object, message: string): void
  info(fields: object, message: string): void
  debug(fields: object, message: string): void
  setLevel(level: Settings['logLevel']): void
}
