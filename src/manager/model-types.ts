import type { InstalledModel, PullTarget } from '../models/types.ts'

/** What may be asked for of a model. */
export interface ModelRequest {
  /** Base address of a registry in place of the usual one: scheme and host. */
  readonly registry?: string
  /** `os/arch` or `os/arch/variant`; default linux and the daemon's architecture. */
  readonly platform?: string
  /** Blobs at once, 1-32; default 4. */
  readonly concurrency?: number
  /**
   * `store` installs it where ollama looks, `zip` makes one file of it, `files` readable files and `layout` an OCI layout
   * in a folder of its own. Default: `store`, or `files` for what is no model of ollama.
   */
  readonly target?: PullTarget['kind']
  /** Keeps the staging folder; of `store` and `zip` only. */
  readonly keepStaging?: boolean
}

/** Where a model goes, or is. */
export interface ModelTarget {
  readonly kind: PullTarget['kind']
  /** The folder of the store, the zip, or the folder of the files or the layout. */
  readonly path: string
}

/** How far work on a model is that is no download: checking one of the store, installing a zip. Bytes. */
export interface ModelWork {
  readonly kind: 'verify' | 'unzip'
  /** As it was asked for: the name of the model, or the path of the zip. */
  readonly name: string
  readonly bytesDone: number
  readonly bytesTotal: number
  /** Nothing more comes: whoever asked for it has its answer. */
  readonly over: boolean
}

/** A model of the store, for a list. */
export type LibraryModel = Omit<InstalledModel, 'blobs'>

export interface ModelList {
  readonly models: readonly LibraryModel[]
  /** The folder of the store. */
  readonly dir: string
  /** How many match. */
  readonly total: number
  /** Bytes that those take together: blobs that several use count once. */
  readonly size: number
}

export interface ModelQuery {
  /** Part of the name, the family or the quantization. */
  readonly search?: string
  readonly sort: 'name' | 'size' | 'date'
  readonly descending: boolean
}
