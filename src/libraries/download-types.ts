import type { SluiceError } from '../core/errors.ts'
import type { HardwareFacts } from '../core/hardware.ts'
import type { GithubReleases } from '../sources/github/types.ts'
import type { Engine, TransferEvent } from '../transfer/types.ts'
import type { PointerMemory } from './pointer-memory.ts'
import type { CachedTree, LibraryCache, LibraryFacts, PlatformResult } from './types.ts'

/** What libraries are found, fetched and tried with. */
export interface LibraryWorld {
  /** Asked for at each download: it may be another one later. */
  readonly engine: () => Promise<Engine>
  readonly github: GithubReleases
  /** The same for somebody who has something to fall back on: what fails is tried once more at most. */
  readonly hastyGithub: () => GithubReleases
  readonly pointers: PointerMemory
  readonly cache: LibraryCache
  /** The facts of this machine, found out once. */
  readonly hardware: () => Promise<HardwareFacts>
  /** Why no library can be loaded here at all, which says nothing against any of them; null where it can be tried. */
  readonly loaderProblem: () => Promise<SluiceError | null>
  /** Loads a library in a child process. Errors: `not-loadable`. */
  readonly probe: (
    tree: { readonly libraryPath: string; readonly tag: string },
    signal?: AbortSignal,
  ) => Promise<LibraryFacts>
}

export interface DownloadRequest {
  /** Default: that of llama.cpp. */
  readonly repository?: string
  /** `latest`, `nightly`, `b6089`, `v0.6.0`. */
  readonly version: string
  /** As typed: `linux/amd64`, `win32-x64` ... */
  readonly platforms: readonly string[]
  /** `auto` (this machine's best; for other machines the CPU), a variant such as `cuda-12.8`, or `all`. Default `auto`. */
  readonly variant?: string
  /** Refuse archives whose digest nobody tells. */
  readonly strict?: boolean
  /** SHA-256 in hex that the archive must have; for one platform and one variant. */
  readonly pin?: string
  /** Builds at once, 1-32; default 4. */
  readonly concurrency?: number
  /** Fetch again what the cache has. */
  readonly force?: boolean
  /** Names the transfers at the engine as one download: see `FileRequest.group`. */
  readonly group?: string
  /** Bytes per second, for all of them together where there is a group. */
  readonly limitRate?: number
}

/**
 * What happens to the builds of a download: one for each platform, more with the variant `all`. They go by their number,
 * in the order of the results.
 */
export type DownloadEvent =
  /** The release is known. */
  | { readonly type: 'release'; readonly tag: string; readonly why: readonly string[] }
  | { readonly type: 'begin'; readonly index: number; readonly platform: string; readonly variant: string | null }
  /** `start`, `progress`, `warning` and `retry` of the archive and its companion together, as of one file. */
  | { readonly type: 'transfer'; readonly index: number; readonly event: TransferEvent }
  | { readonly type: 'phase'; readonly index: number; readonly phase: 'downloading' | 'unpacking' | 'probing' }
  /** `bytes` of what was fetched, or of the tree where nothing was. */
  | {
      readonly type: 'done'
      readonly index: number
      readonly result: PlatformResult
      readonly bytes: number
      readonly seconds: number
      /** Of the archive; null after a failure too. */
      readonly verifiedBy: CachedTree['verifiedBy']
    }
  | { readonly type: 'warning'; readonly message: string }

export interface DownloadHooks {
  readonly signal?: AbortSignal
  readonly onEvent?: (event: DownloadEvent) => void
}
