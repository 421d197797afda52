import type { SluiceError } from '../core/errors.ts'
import type { HardwareFacts } from '../core/hardware.ts'
import type { Choice } from '../core/llama-choice.ts'
import type { TargetPlatform } from '../core/release.ts'
import type { CachedTree } from './types.ts'

/** Where one build comes from, decided before anything is fetched. */
export type BuildSource =
  | { readonly kind: 'failed'; readonly error: SluiceError }
  /** Trees of the cache, best first. */
  | { readonly kind: 'cached'; readonly trees: readonly [CachedTree, ...CachedTree[]]; readonly why: readonly string[] }
  | { readonly kind: 'release'; readonly tag: string; readonly choice: Choice }

export interface PlannedBuild {
  /** As asked for. */
  readonly platform: string
  /** Null where the platform is none. */
  readonly target: TargetPlatform | null
  /** It is to run on this machine, so that it can be tried. */
  readonly isHost: boolean
  readonly source: BuildSource
}

export interface DownloadPlan {
  readonly repository: string
  /** Of the release with the builds; null where it is not known. */
  readonly tag: string | null
  /** How the release was found: sentences for people. */
  readonly why: readonly string[]
  /** In the order of the request. */
  readonly builds: readonly PlannedBuild[]
}

/** A platform of a request that can have libraries. */
export interface WantedPlatform {
  readonly platform: string
  readonly target: TargetPlatform
  readonly isHost: boolean
  /** Facts of this machine where it is the one that is meant. */
  readonly host: HardwareFacts | null
}
