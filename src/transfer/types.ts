import type { DigestAlgorithm, ExpectedDigest } from '../core/digest.ts'
import type { SluiceError } from '../core/errors.ts'
import type { Authorize } from '../wire/types.ts'

export type { DigestAlgorithm, ExpectedDigest }

export type IfExists = 'rename' | 'overwrite' | 'skip' | 'fail'

/** How sure we are of a finished file: a digest matched, only the length did, or neither was known. */
export type Verdict = 'verified' | 'length-only' | 'unverified'

/** One file to fetch, as the user asked for it. */
export interface FileRequest {
  /** As typed; user information is allowed in it and never printed. */
  readonly reference: string
  /** Folder for the file; made when missing. */
  readonly dir: string
  /** Name chosen by the user (-o); may contain sub-folders. Otherwise the answer and the address decide. */
  readonly output?: string
  readonly digests: ReadonlyArray<ExpectedDigest>
  /** Further URLs of the same file, best first. */
  readonly mirrors: ReadonlyArray<string>
  /**
   * Names the part on the disk and the transfer at `adjust` and `inspect`: `dl-` and 16 hexadecimal digits. Default:
   * made from URL and output, so that the same line finds its part again.
   */
  readonly key?: string
  /**
   * Several files that are one download to the user: they share the cap of `limitRate`, and `adjust` and `inspect` take
   * this name as well, where no transfer has it as its key. A file that is begun with another `limitRate` than the one
   * before it changes the cap for all; with the same, what `adjust` has set since holds. `dl-` and 16 hexadecimal digits.
   */
  readonly group?: string
  /**
   * Bytes that the file is known to have: an answer with another length is not the file (`size-mismatch`). With a digest
   * beside it the content alone decides: type, date and tag of the answers do not matter.
   */
  readonly size?: number
  /**
   * Bytes to leave free in front of the file (they stay zero), so that it can become part of a larger one without being
   * copied. Sizes, offsets and digests are those of the file without them. Default 0.
   */
  readonly reserve?: number
  readonly options?: FileOptions
}

/** What may differ from file to file; what is left away is as the engine has it. */
export interface FileOptions {
  /** Cap of connections, 1-32. */
  readonly connections?: number
  /** Bytes per second of this file, under the cap of the engine. */
  readonly limitRate?: number
  /** Added to the engine's; the same name replaces. */
  readonly headers?: ReadonlyArray<readonly [name: string, value: string | null]>
  readonly userAgent?: string
  readonly referer?: string
  readonly retries?: number
  readonly ifExists?: IfExists
  readonly ifChanged?: 'fail' | 'restart'
  readonly allowHtml?: boolean
  /** See core/name-template.ts; applies where no `output` is given. */
  readonly nameTemplate?: string
}

/** A running transfer from within. Offsets and sizes in bytes, speeds in bytes per second. */
export interface Inspection {
  /** Ranges that are here and ranges that are on their way, in order. */
  readonly segments: ReadonlyArray<{
    readonly start: number
    /** Exclusive; null while the size is unknown. */
    readonly end: number | null
    readonly done: number
    readonly active: boolean
  }>
  readonly connections: ReadonlyArray<{
    readonly host: string
    readonly start: number
    readonly end: number | null
    readonly position: number
    readonly speed: number
    readonly state: 'waiting' | 'receiving'
  }>
}

/** What a stopped transfer has left on the disk. */
export interface StoredPart {
  readonly bytesDone: number
  readonly bytesTotal: number | null
  readonly filename: string
  readonly partPath: string
}

/** Everything that holds for all files of one engine. Durations in milliseconds, rates in bytes per second. */
export interface EngineOptions {
  /** Cap of connections per file, 1-32; undefined lets the engine find out (at most 16). */
  readonly connections?: number
  readonly limitRate?: number
  /** Fields of the user; a null value leaves out one that is sent by default, '' sends it empty. */
  readonly headers: ReadonlyArray<readonly [name: string, value: string | null]>
  readonly userAgent?: string
  readonly referer?: string
  /** Path of a Netscape cookie file. */
  readonly cookieFile?: string
  /** Further attempts without progress before giving up; default 5. */
  readonly retries: number
  readonly overallTimeout?: number
  readonly connectTimeout?: number
  readonly stallTimeout?: number
  readonly ifExists: IfExists
  readonly proxy?: string
  /** Path of a PEM file. */
  readonly cacert?: string
  readonly insecure: boolean
  readonly family: 0 | 4 | 6
  readonly allowPrivate: boolean
  /** Refuse private addresses altogether, also as the first hop: for a daemon that others can reach. */
  readonly publicOnly?: boolean
  /** Most connections to one host over all files; undefined for no cap. */
  readonly hostConnections?: number
  /** Milliseconds between `progress` events of one file; default 100. */
  readonly progressInterval?: number
  /** Remember each finished file at once and not only at the end, so that a crash does not fetch it again. */
  readonly rememberAtOnce?: boolean
  /** Save a web page even where a file was expected. */
  readonly allowHtml: boolean
  /** What to do when the file at the server is no longer the one the part belongs to. */
  readonly ifChanged: 'fail' | 'restart'
  /** Folder for what is remembered between runs: hosts and finished files. */
  readonly dataDir: string
  /** False skips fsync before the rename; for measurements only. */
  readonly sync: boolean
}

/** What a dry run tells. Sizes in bytes. */
export interface Preview {
  readonly reference: string
  readonly url: string
  readonly filename: string
  readonly size: number | null
  readonly type: string | null
  readonly resumable: boolean
  /** A digest is known, by the user or the server. */
  readonly digestKnown: boolean
  /** That digest, where it is told here: `sha256:` and hex. */
  readonly digest?: string
}

/** A finished file. `digests` holds those that were computed. */
export interface Finished {
  readonly reference: string
  readonly path: string
  readonly bytes: number
  readonly seconds: number
  readonly verdict: Verdict
  readonly digests: { readonly [A in DigestAlgorithm]?: string }
  /** It was there before, nothing was fetched. */
  readonly alreadyThere: boolean
  /** How people call it, where that is not the name of its path. */
  readonly title?: string
}

/** Numbers of a running file. Speed in bytes per second, eta in seconds or null when unknown. */
export interface Progress {
  readonly bytesDone: number
  readonly bytesTotal: number | null
  readonly speed: number
  readonly eta: number | null
  readonly connections: number
}

/** What happens to one file, in the words that printers and the API share. `id` tells files of one run apart. */
export type TransferEvent =
  | {
      readonly type: 'start'
      readonly id: number
      readonly reference: string
      readonly url: string
      readonly path: string
      /** As in `Finished`. */
      readonly title?: string
      readonly bytesTotal: number | null
      readonly resumedFrom: number
    }
  | ({ readonly type: 'progress'; readonly id: number; readonly reference: string } & Progress)
  | {
      readonly type: 'warning'
      readonly id: number
      readonly reference: string
      /**
       * An error that was survived; or `connections-capped` (the server refused a further one) or `redirected` (the file
       * comes from another `host`), which are no trouble.
       */
      readonly code: string
      readonly message: string
      readonly host?: string
    }
  | {
      readonly type: 'retry'
      readonly id: number
      readonly reference: string
      readonly code: string
      readonly message: string
      /** Seconds until the next attempt. */ readonly delay: number
      readonly attempt: number
    }
  | ({ readonly type: 'completed'; readonly id: number } & Finished)
  | { readonly type: 'error'; readonly id: number; readonly reference: string; readonly error: SluiceError }

/** A finished file on its way to another place. */
export interface MoveRequest {
  /** Names what is copied on the way (`copyPath`), so that it is found after the process was killed: letters, digits, `-`. */
  readonly key: string
  readonly path: string
  /** A folder that is there. */
  readonly dir: string
  readonly name: string
  /** `skip` leaves it where it is. */
  readonly ifExists: IfExists
  /** Bytes that it must have. */
  readonly size: number
  /** In hex; compared where the file has to be copied. */
  readonly sha256?: string
}

/** Runs transfers. One engine has one rate cap, one pool of connections, one memory of hosts. */
export interface Engine {
  /**
   * Fetches one file. Events go to `onEvent` (progress at most ten times a second); the last one is `completed` or
   * `error`, and the promise settles with the same. Aborting the signal keeps the part and rejects as `interrupted`.
   */
  get(
    request: FileRequest,
    options?: {
      readonly signal?: AbortSignal
      readonly onEvent?: (event: TransferEvent) => void
      /** Gives the Authorization field for the origin of the reference; nothing of it goes elsewhere. */
      readonly authorize?: Authorize
    },
  ): Promise<Finished>
  /** Asks the server about the file, with the fields of its options; writes nothing. */
  preview(request: FileRequest, options?: { readonly signal?: AbortSignal }): Promise<Preview>
  /** Bytes per second over all connections, undefined for no cap; applies at once. */
  setLimitRate(bytesPerSecond: number | undefined): void
  /**
   * Most connections to one host over all files, undefined for no cap; running ones above it end with their range. A host
   * is that of the URL that a connection asks first; files without any connection get free places first.
   */
  setHostConnections(connections: number | undefined): void
  /** Changes a running transfer at once; null lifts a cap. Without one of that key nothing happens. Never throws. */
  adjust(key: string, change: { readonly limitRate?: number | null; readonly connections?: number | null }): void
  /** Null when no transfer of that key runs. */
  inspect(key: string): Promise<Inspection | null>
  /** Null when there is no byte that could be gone on from. `dir` is the folder of the file, with those of `output`. */
  stored(dir: string, key: string): Promise<StoredPart | null>
  /** Size and time of change (milliseconds since 1970) that the file of that path had when it was finished, if known. */
  finished(path: string): Promise<{ readonly size: number; readonly mtimeMs: number } | null>
  /**
   * Moves a finished file and gives back its path. Errors: `wrong-state` (it is gone, or no longer what was fetched),
   * `target-exists`, `digest-mismatch` (a copy that is none; the file stays), those of the disk, `interrupted` (closed).
   */
  move(request: MoveRequest): Promise<string>
  /** Removes what a stopped transfer has left: its part and its session. Rejects as `in-use` while it runs. */
  discard(dir: string, key: string): Promise<void>
  /** Waits for what is being written, saves what is remembered, closes connections. */
  close(): Promise<void>
}
