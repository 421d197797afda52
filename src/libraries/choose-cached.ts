import { backendPlan } from '../core/backend-plan.ts'
import { asSluiceError } from '../core/errors.ts'
import type { SluiceError } from '../core/errors.ts'
import type { HardwareFacts } from '../core/hardware.ts'
import { chooseLlamaAssets } from '../core/llama-choice.ts'
import type { Candidate } from '../core/llama-choice.ts'
import { buildNumber } from '../core/llama-version.ts'
import type { ReleaseAsset, TargetPlatform } from '../core/release.ts'
import type { CachedTree, LibraryCache } from './types.ts'

export interface CachedRequest {
  readonly target: TargetPlatform
  readonly variant: string
  /** Facts of this machine. */
  readonly host: HardwareFacts | null
}

export interface CachedChoice {
  /** Best first; the others are what to try when one cannot be loaded. */
  readonly trees: readonly [CachedTree, ...CachedTree[]]
  /** No other build of its release could be better. False where the cache lacks what this machine would use first. */
  readonly isBest: boolean
}

/** What of several releases answers a request. */
export type FoundCached =
  | { readonly trees: CachedChoice['trees']; readonly refused: SluiceError | null }
  /** Why those that would answer it cannot run here; null without any. */
  | { readonly trees: null; readonly refused: SluiceError | null }

/**
 * The trees that answer a request, whole, of the first release that has some and runs here. With `onlyBest` those that lack
 * what this machine would use first do not count. `refused` is the first reason why a release was passed over that cannot
 * run here.
 */
export async function findCached(
  cache: Pick<LibraryCache, 'find'>,
  releases: readonly (readonly CachedTree[])[],
  request: CachedRequest,
  onlyBest = false,
): Promise<FoundCached> {
  let refused: SluiceError | null = null
  for (const release of releases) {
    let choice: CachedChoice | null
    try {
      choice = chooseCached(release, request)
    } catch (thrown) {
      refused ??= unsupportedOrThrow(thrown)
      continue
    }
    if (choice === null || (onlyBest && !choice.isBest)) continue
    const whole = await Promise.all(choice.trees.map((tree) => cache.find(tree)))
    const [first, ...others] = whole.filter((tree) => tree !== null)
    if (first !== undefined && (!onlyBest || whole[0] !== null)) return { trees: [first, ...others], refused }
  }
  return { trees: null, refused }
}

function unsupportedOrThrow(thrown: unknown): SluiceError {
  const error = asSluiceError(thrown)
  if (error.code === 'unsupported-platform') return error
  throw thrown
}

/**
 * Which trees of one release answer a request, without asking anybody; null for none. `unsupported-platform` where none of
 * that release runs here.
 */
function chooseCached(trees: readonly CachedTree[], { target, variant, host }: CachedRequest): CachedChoice | null {
  const [some] = trees
  if (some === undefined) return null
  const assets = trees.flatMap(({ asset, sha256, companions }) => [
    known(asset, sha256),
    ...companions.map((companion) => known(companion.asset, companion.sha256)),
  ])
  const unique = [...new Map(assets.map((asset) => [asset.name, asset])).values()]
  try {
    const choice = chooseLlamaAssets({ release: { tag: some.tag, assets: unique }, target, host, variant })
    const [first, ...others] = [choice, ...choice.fallbacks].flatMap((candidate) => treeOf(trees, candidate))
    if (first === undefined) return null
    return { trees: [first, ...others], isBest: variant !== 'auto' || isFirstWish(choice, target, host) }
  } catch (error) {
    const { code } = asSluiceError(error)
    if (code === 'asset-not-found' || code === 'asset-ambiguous') return null
    throw error
  }
}

/** Trees for a platform, by their release, the newest first. */
export function byRelease(trees: readonly CachedTree[], repository: string, target: TargetPlatform): CachedTree[][] {
  const releases = new Map<string, CachedTree[]>()
  for (const tree of trees) {
    const { os, arch } = tree.platform
    if (tree.repository.toLowerCase() !== repository.toLowerCase() || os !== target.os || arch !== target.arch) continue
    releases.set(tree.tag, [...(releases.get(tree.tag) ?? []), tree])
  }
  return [...releases].sort(([a], [b]) => (buildNumber(b) ?? 0) - (buildNumber(a) ?? 0)).map(([, same]) => same)
}

function known(name: string, sha256: string): ReleaseAsset {
  return { name, size: 0, sha256, url: '', uploaded: true }
}

function treeOf(trees: readonly CachedTree[], { main }: Candidate): CachedTree[] {
  return trees.filter(({ asset }) => asset === main.name).slice(0, 1)
}

function isFirstWish({ asset }: Candidate, { os }: TargetPlatform, host: HardwareFacts | null): boolean {
  if (host === null || host.platform !== (os === 'windows' ? 'win32' : os)) return true
  const [wish] = backendPlan(host)
  return wish === undefined || wish.backend === asset.backend
}
