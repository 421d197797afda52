/** A blob that is complete and has its digest. */
export interface ReadyBlob {
  /** `sha256:` and 64 hex digits. */
  readonly digest: string
  readonly size: number
  /** Where the file is; it is moved, linked or copied from there. */
  readonly path: string
}

/** A model of an Ollama store. Sizes in bytes, times ISO 8601 UTC. */
export interface InstalledModel {
  /** As the ollama command shows it: without the default registry and namespace. */
  readonly name: string
  /** host/namespace/model:tag */
  readonly fullName: string
  /** SHA-256 of the manifest, hex: ollama's id of the model. */
  readonly id: string
  readonly size: number
  readonly modifiedAt: string
  readonly manifestPath: string
  /** From its config, null where that is not here or does not say. */
  readonly family: string | null
  readonly parameters: string | null
  readonly quantization: string | null
  readonly blobs: ReadonlyArray<{ readonly digest: string; readonly size: number; readonly mediaType: string }>
  /** Digests of blobs that are not there or have another size. */
  readonly missing: readonly string[]
}

/** What a check of all digests of a model found. */
export interface ModelCheck {
  readonly name: string
  readonly verdict: 'verified' | 'damaged'
  readonly problems: ReadonlyArray<{ readonly digest: string; readonly problem: 'missing' | 'size' | 'digest' }>
}

/** What stops work on many bytes, and who hears how far it is. */
export interface Watch {
  readonly signal?: AbortSignal | undefined
  /** Bytes read or written so far, and of all. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined
}

/** What removing a model freed. */
export interface RemovedModel {
  readonly name: string
  readonly blobs: number
  readonly bytes: number
}

/**
 * The models folder of ollama: `blobs/sha256-<hex>` and `manifests/<host>/<namespace>/<model>/<tag>`. What it writes is
 * as ollama would write it, in an order that a crash at any moment leaves valid: blobs first, manifest last. Errors are
 * SluiceErrors: `disk-permission`, `disk-full`, `disk`, `not-found`.
 */
export interface OllamaStore {
  /** Absolute. */
  readonly dir: string
  /** Folder on the same file system for what is on its way (`.sluice/partial`); ollama never looks there. */
  readonly partialDir: string
  /** Makes the folders that a pull needs and refuses one that cannot be written to, before a byte is fetched. */
  prepare(): Promise<void>
  /**
   * Whether the blob is there and good: its digest was checked when it came or is checked now. A wrong one is taken away
   * (it would be of no use to ollama either), and the answer is false.
   */
  hasBlob(digest: string, size: number, signal?: AbortSignal): Promise<boolean>
  /** Moves a blob whose digest was checked into the store. One that is there already stays, and the given file goes. */
  addBlob(blob: ReadyBlob): Promise<void>
  /** Writes the manifest last and at once as a whole; all its blobs must be there. Gives its path. */
  addManifest(place: ManifestPlace, bytes: Uint8Array): Promise<string>
  /** Readable models by name; what is no manifest is left out. */
  list(): Promise<InstalledModel[]>
  /** Reads all blobs of a model and compares their digests. A name as shown, or full. */
  verify(name: string, watch?: Watch): Promise<ModelCheck>
  /** Removes a manifest and the blobs that no other model uses. `not-found` when there is none. */
  remove(name: string): Promise<RemovedModel>
}

/** The four folders and names below `manifests/`. Checked: none of them leads elsewhere. */
export interface ManifestPlace {
  readonly host: string
  readonly namespace: string
  readonly model: string
  /** A tag, or `sha256-<hex>` where only a digest was given. */
  readonly tag: string
}
