import type { BackendWish, HardwareFacts } from '../../core/hardware.ts'
import type { CachedTree, LibraryFacts, TreeCheck } from '../../libraries/types.ts'

/** What may be asked for of the libraries of llama.cpp. */
export interface LlamaRequest {
  /** `latest`, `nightly`, `b6089`, `v0.6.0`; default that of the reference, else `latest`. */
  readonly version?: string
  /** `linux/amd64` and so on, or `all`; default the machine of the daemon. */
  readonly platforms?: readonly string[]
  /** `auto` (the machine's best; for other machines the CPU), a variant such as `cuda-12.8`, or `all`. Default `auto`. */
  readonly variant?: string
  /** Refuses archives whose digest nobody tells. */
  readonly strict?: boolean
}

/** Libraries of the cache; what is left away matches all. */
export interface LlamaSelection {
  /** An exact one. */
  readonly version?: string
  readonly platform?: string
  readonly variant?: string
}

/** A build of the cache as it is shown; `platform` as `linux/amd64`. */
export interface LlamaTree extends Omit<CachedTree, 'platform' | 'files'> {
  readonly platform: string
  /** A process that lives has it loaded. */
  readonly inUse: boolean
}

export interface LlamaCache {
  /** Absolute. */
  readonly dir: string
  /** The newest version first. */
  readonly trees: readonly LlamaTree[]
  /** Bytes of all of them. */
  readonly size: number
}

export interface LlamaCheck extends Omit<TreeCheck, 'tree'> {
  readonly tag: string
  readonly platform: string
  readonly variant: string
}

export interface LlamaChecks {
  readonly verdict: TreeCheck['verdict']
  readonly checks: readonly LlamaCheck[]
}

export interface LlamaPruned {
  readonly removed: ReadonlyArray<Pick<LlamaCheck, 'tag' | 'platform' | 'variant'>>
  readonly bytes: number
}

/** A build that can be downloaded: its platforms are those whose builds are all there. */
export interface LlamaRelease {
  readonly tag: string
  /** ISO 8601, null where it is not told. */
  readonly publishedAt: string | null
  readonly platforms: ReadonlyArray<{
    readonly platform: string
    /** With the runtime that a build needs. */
    readonly variants: ReadonlyArray<{ readonly name: string; readonly bytes: number }>
  }>
}

export interface LlamaReleases {
  /** owner/name */
  readonly repository: string
  /** What `latest` means for the machine of the daemon, and how it was found; null where it could not be. */
  readonly latest: { readonly tag: string; readonly why: readonly string[] } | null
  /** What `nightly` means for it, as far as these releases tell. */
  readonly nightly: string | null
  /** The newest first. */
  readonly releases: readonly LlamaRelease[]
  /** What could not be asked: sentences for people. */
  readonly warnings: readonly string[]
}

export interface LlamaHardware {
  /** As a platform of libraries; null where there are none for it. */
  readonly platform: string | null
  readonly facts: HardwareFacts
  /** Best first. */
  readonly plan: readonly BackendWish[]
  /** Where the facts come from, and why hardware has no place in the plan. */
  readonly notes: readonly string[]
}

export interface LlamaLoaded extends LibraryFacts {
  /** Variants that were tried before and did not work. */
  readonly warnings: readonly string[]
}

/** What faces can ask of the daemon about libraries of llama.cpp. */
export interface LlamaManager {
  /** The newest builds of llama.cpp, 1-30 of them (default 10), and what the channels mean now. */
  llamaReleases(query: { readonly limit?: number }, signal?: AbortSignal): Promise<LlamaReleases>
  /** The libraries that are on this machine. */
  llamaCache(): Promise<LlamaCache>
  /** Reads all files of what is selected. `not-found` where a selection matches nothing; so for the others. */
  verifyLlama(selection: LlamaSelection, signal?: AbortSignal): Promise<LlamaChecks>
  /**
   * Removes what is selected, without a selection all that is Sluice's in the folder. `in-use` while a download runs that
   * may count on it.
   */
  cleanLlama(selection: LlamaSelection): Promise<{ readonly bytes: number }>
  /** Keeps the newest `keep` versions of each platform and variant, and those in use. */
  pruneLlama(keep: number): Promise<LlamaPruned>
  llamaHardware(): Promise<LlamaHardware>
  /** Loads libraries of the cache in a process of their own, to see whether they work; default the newest. */
  loadLlama(wanted: Pick<LlamaSelection, 'version' | 'variant'>, signal?: AbortSignal): Promise<LlamaLoaded>
}
