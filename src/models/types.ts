import type { Platform } from '../core/manifest.ts'
import type { InstalledModel, ModelCheck, RemovedModel, Watch } from '../deliver/types.ts'
import type { Finished, TransferEvent, Verdict } from '../transfer/types.ts'

export type { InstalledModel, ModelCheck, RemovedModel }

/** What becomes of the blobs of a model. All folders absolute. */
export type PullTarget =
  /** Install into an Ollama store. */
  | { readonly kind: 'store'; readonly dir: string }
  /** One zip file with `blobs/` and `manifests/`. */
  | { readonly kind: 'zip'; readonly path: string }
  /** Files under readable names: the titles of an artifact, `model.gguf`, `template` and so on of an Ollama model. */
  | { readonly kind: 'files'; readonly dir: string }
  /** An OCI image layout, as skopeo and oras read it. */
  | { readonly kind: 'layout'; readonly dir: string }

export interface PullRequest {
  /** As typed. */
  readonly model: string
  /** Base URL of a registry that takes the place of the name's own. */
  readonly registry?: string
  /** `os/arch` or `os/arch/variant`; default linux and this machine's architecture. */
  readonly platform?: string
  /** Blobs at once, 1-32; default 4. */
  readonly concurrency?: number
  /** Cap of connections for each blob. */
  readonly connections?: number
  /** Bytes per second for all blobs of this pull together. */
  readonly limitRate?: number
  readonly retries?: number
  /** Default `store`, or `files` in `filesDir` for an artifact that is no model of ollama. */
  readonly target?: PullTarget
  /** Where an Ollama store is, when no target is given. */
  readonly modelsDir: string
  /** Where files go, when no target is given and the artifact is no model of ollama. */
  readonly filesDir: string
  /** `modelsDir` was asked for by name: an artifact that is no model of ollama is refused instead of becoming files. */
  readonly onlyModels?: boolean
  /** Keeps the staging folder (models/blobs, models/manifests, session.json) after success. */
  readonly keepStaging?: boolean
  /** What is there under the name of the zip or of files. */
  readonly ifExists?: 'rename' | 'overwrite' | 'skip' | 'fail'
  /** Groups its transfers at the engine (`adjust`, `inspect`): `dl-` and 16 hex digits; made from the model by default. */
  readonly key?: string
}

/**
 * One blob of a pull. Bytes; `path` is where its bytes go to, and where they are when the pull is finished or a dry run
 * found them.
 */
export interface PullFile {
  /** Readable: `model`, `template`, a title. */
  readonly title: string
  readonly path: string
  readonly digest: string
  readonly mediaType: string
  readonly bytesDone: number
  readonly bytesTotal: number
  readonly status: 'queued' | 'active' | 'completed' | 'error'
  readonly verdict: Verdict | null
  /** It was here before. */
  readonly alreadyThere: boolean
}

/**
 * Events of a pull: those of a transfer, as if the whole were one file (`start`, `progress` with the sums of all blobs,
 * `warning`, `retry`, `completed`, `error`), and besides:
 */
export type PullEvent =
  | TransferEvent
  /** The list of blobs is known, or something of it changed; with each progress. */
  | { readonly type: 'files'; readonly files: readonly PullFile[] }
  | { readonly type: 'phase'; readonly phase: 'resolving' | 'checking' | 'downloading' | 'writing' }

/** A finished pull: `path` is the manifest in the store, the zip, or the folder; `bytes` the sum of its blobs. */
export interface Pulled extends Finished {
  /** Without the default registry and namespace. */
  readonly name: string
  /** SHA-256 of the manifest, `sha256:` and hex. */
  readonly manifestDigest: string
  readonly files: readonly PullFile[]
  /** Where the staging folder was kept. */
  readonly stagingKept?: string
}

/** What a dry run tells; nothing was written. */
export interface PullPreview {
  readonly name: string
  readonly manifestDigest: string
  readonly platform: Platform | null
  readonly target: PullTarget
  /** Sum of all blobs. */
  readonly bytesTotal: number
  /** Of those, here already. */
  readonly bytesHere: number
  readonly bytesMissing: number
  /** Bytes free at the target, null where it cannot be told. */
  readonly freeSpace: number | null
  readonly files: ReadonlyArray<PullFile & { readonly url: string }>
}

export interface Puller {
  /**
   * Fetches a model whole: manifest, blobs, each checked by its digest, then what the target asks for. Aborting keeps what
   * is here, and the same request goes on from there, also after kill -9. Rejects with a SluiceError.
   */
  pull(
    request: PullRequest,
    options?: {
      readonly signal?: AbortSignal
      readonly onEvent?: (event: PullEvent) => void
      /** The cap of now, asked for at each blob; default that of the request. */
      readonly limitRate?: () => number | undefined
    },
  ): Promise<Pulled>
  preview(request: PullRequest, options?: { readonly signal?: AbortSignal }): Promise<PullPreview>
  /** Removes what an unfinished pull has left; `files` are those it told of last. Blobs that a store has stay in it. */
  discard(request: PullRequest, files?: ReadonlyArray<Pick<PullFile, 'path' | 'status'>>): Promise<void>
}

/** What a model zip brought into the store. */
export interface UnzippedModels {
  /** As the ollama command shows them. */
  readonly models: readonly string[]
  /** Absolute: the store. */
  readonly target: string
  /** Blobs that were written, and their bytes; what was there before is not among them. */
  readonly blobs: number
  readonly bytes: number
}

/** What an unfinished pull or a crash has left in a store. Bytes on the disk; ms since 1970. */
export interface Leftover {
  readonly path: string
  readonly bytes: number
  readonly modifiedMs: number
}

/** The models of one Ollama store. Errors are SluiceErrors: `not-found`, `bad-archive`, `bad-manifest` and those of the disk. */
export interface ModelLibrary {
  /** Absolute. It need not exist. */
  readonly dir: string
  /** By name. */
  list(): Promise<readonly InstalledModel[]>
  /** Reads all blobs of a model; a name as shown, or full. */
  verify(name: string, watch?: Watch): Promise<ModelCheck>
  /** Removes a model and the blobs that no other one uses. */
  remove(name: string): Promise<RemovedModel>
  /** Parts of unfinished pulls, the oldest first; those of pulls that run are among them. */
  leftovers(): Promise<readonly Leftover[]>
  /** Removes those that nobody has written to for so many ms. */
  removeLeftovers(olderThanMs: number): Promise<readonly Leftover[]>
  /** Removes what killed processes were unpacking. Never rejects: a failure is a warning. */
  removeAbandoned(): Promise<void>
  /** Installs what `blobs/` and `manifests/` of a zip hold; each blob is compared with its digest first. */
  unzip(zipPath: string, watch?: Watch): Promise<UnzippedModels>
}
