import type { TargetPlatform } from '../core/release.ts'
import type { TreeEntry } from '../deliver/archive-types.ts'

/** A folder of libraries in the cache. Complete: its record was written last, after every file was checked. */
export interface CachedTree {
  readonly repository: string
  /** `b11429` */
  readonly tag: string
  readonly platform: TargetPlatform
  /** `cpu`, `cuda-13.4`, `vulkan`, `metal` ... */
  readonly variant: string
  /** File name of the archive that it comes from, and its SHA-256 in hex (computed as the bytes came). */
  readonly asset: string
  readonly sha256: string
  /** Who vouched for that digest: the API, a pin of the user, or nobody. */
  readonly verifiedBy: 'api' | 'pin' | null
  /** Archives that were merged into it. */
  readonly companions: ReadonlyArray<{ readonly asset: string; readonly sha256: string }>
  /** Absolute folder. */
  readonly folder: string
  /** Absolute path of libllama.so, libllama.dylib or llama.dll. */
  readonly libraryPath: string
  /** Sum of all files. */
  readonly bytes: number
  readonly files: readonly TreeEntry[]
  /** ISO 8601. */
  readonly installedAt: string
}

/** What checking a tree against its record found. Paths relative to its folder. */
/** A folder of the cache that is a tree by its place and name, and has no record that can be read. */
export type LostTree = Pick<CachedTree, 'repository' | 'tag' | 'platform' | 'variant' | 'folder'>

export interface TreeCheck {
  readonly tree: CachedTree | LostTree
  readonly verdict: 'verified' | 'damaged'
  readonly changed: readonly string[]
  readonly missing: readonly string[]
  readonly unexpected: readonly string[]
}

export interface TreeKey {
  readonly repository: string
  readonly tag: string
  readonly platform: TargetPlatform
  readonly variant: string
}

/**
 * Where unpacked libraries are kept. Safe with any number of processes: a tree is made beside the others and renamed into
 * place under a lock of its key. Nothing outside its folder is ever touched. Errors are SluiceErrors.
 */
export interface LibraryCache {
  /** Absolute. */
  readonly dir: string
  /** Folder for archives on their way, on the same disk. */
  readonly downloads: string
  /** Makes the folder, and marks it as Sluice's where nobody else has anything in it; `install` does so by itself. */
  prepare(): Promise<void>
  /** The tree of a key whose files are all there with their size and time; one that is not is set aside and null given. */
  find(key: TreeKey): Promise<CachedTree | null>
  /** All complete trees, newest first. */
  list(): Promise<readonly CachedTree[]>
  /**
   * Makes the tree of a key while nobody else does: `make` fills the empty folder and tells what it holds. Where there is
   * one that will do, or another process was faster, that is given and `make` is not called.
   */
  install(key: TreeKey, make: (folder: string) => Promise<NewTree>, options?: InstallOptions): Promise<CachedTree>
  /** Reads every file and compares. */
  check(tree: CachedTree, signal?: AbortSignal): Promise<TreeCheck>
  /** What is no complete tree, as its record is gone or damaged: nobody uses it, and the next download mends it. */
  lost(): Promise<readonly TreeCheck[]>
  remove(tree: CachedTree): Promise<number>
  /** Keeps the newest `keep` versions of each platform and variant, and those in use; gives what went. */
  prune(keep: number): Promise<{ readonly removed: readonly CachedTree[]; readonly bytes: number }>
  /** Removes all that is Sluice's in it (of one version, if a tag is given); gives the bytes that it freed. */
  clean(tag?: string): Promise<number>
}

export interface InstallOptions {
  readonly signal?: AbortSignal | undefined
  /** Whether a tree that is there will do; one that does not is replaced when the new one is complete. Default: any does. */
  readonly isGood?: (tree: CachedTree) => boolean
}

export interface NewTree extends Pick<CachedTree, 'asset' | 'sha256' | 'verifiedBy' | 'companions' | 'files'> {
  /** Relative to the folder. */
  readonly library: string
}

/** What a loaded library says of itself. */
export interface LibraryFacts {
  readonly tag: string
  readonly libraryPath: string
  /** What `llama_version` and `ggml_version` say, null where the library has no such function. */
  readonly llamaVersion: string | null
  readonly ggmlVersion: string | null
  readonly devices: ReadonlyArray<{ readonly name: string; readonly description: string; readonly kind: string }>
  readonly systemInfo: string
  readonly supportsGpu: boolean
}

/** One platform of a download, as the migration summary's tool tells it. */
export interface PlatformResult {
  /** As asked for. */
  readonly platform: string
  readonly success: boolean
  /** '' after a failure. */
  readonly libraryPath: string
  /** Of the archive, hex; '' after a failure. */
  readonly sha256Sum: string
  readonly error: Error | null
  readonly fromCache: boolean
  readonly tag: string
  readonly variant: string
  readonly folder: string
  readonly why: readonly string[]
}
