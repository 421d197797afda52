import { SluiceError } from '../core/errors.ts'
import { excerpt } from '../core/excerpt.ts'
import { runsOn } from '../core/llama-era.ts'
import { hostTarget, showTarget } from '../core/llama-target.ts'
import { parseLlamaVersion } from '../core/llama-version.ts'
import { llamaRepository } from '../sources/github/llama-versions.ts'
import { byRelease, findCached } from './choose-cached.ts'
import type { LibraryWorld } from './download-types.ts'
import { planDownload } from './plan-download.ts'
import type { PlannedBuild } from './plan-types.ts'
import type { CachedTree } from './types.ts'

export interface FindRequest {
  /** Default: the newest that is there. */
  readonly version?: string | undefined
  readonly variant?: string | undefined
  readonly repository?: string | undefined
}

/**
 * The libraries in the cache that answer a request for this machine, best first; never those of another version. Only a
 * name that says no build (`latest`, `v0.6.0`) asks the network, and does without where it cannot be asked. `not-found`
 * where there is none.
 */
export async function findInstalled(
  world: LibraryWorld,
  { version, variant = 'auto', repository = llamaRepository }: FindRequest,
  options: { readonly signal?: AbortSignal | undefined; readonly onWarning: (message: string) => void },
): Promise<readonly [CachedTree, ...CachedTree[]]> {
  const target = hostTarget(process.platform, process.arch)
  const wanted = version === undefined ? null : parseLlamaVersion(version)
  const platform = showTarget(target)
  let found: readonly CachedTree[] = []
  let refused: SluiceError | null = null
  let what = 'No library of llama.cpp'
  if (wanted === null || wanted.kind === 'build') {
    const host = await world.hardware()
    if (wanted !== null) what = `${wanted.tag} of llama.cpp`
    const releases = byRelease(await world.cache.list(), repository, target)
    const asked = releases.filter(([one]) => wanted === null || one?.tag === wanted.tag)
    const cached = await findCached(world.cache, asked, { target, variant, host })
    found = cached.trees ?? []
    refused = cached.refused
    if (refused !== null && cached.trees !== null)
      options.onWarning(`${refused.message} The newest that runs here is ${cached.trees[0].tag}.`)
  } else {
    const request = { version: version ?? 'latest', platforms: [platform], variant, repository }
    const { builds, tag } = await planDownload(world, request, { ask: false, ...options })
    what = `${tag ?? excerpt(request.version)} of llama.cpp`
    found = await whole(world, await treesOf(world, repository, builds[0]))
  }
  const [first, ...others] = found
  if (first !== undefined) return [first, ...others]
  if (refused !== null) throw refused
  const kind = variant === 'auto' ? '' : `, variant ${excerpt(variant)},`
  const sentence =
    wanted === null
      ? `${what} for ${platform}${kind} is in the cache.`
      : `${what} for ${platform}${kind} is not in the cache.`
  throw new SluiceError('not-found', sentence, {
    hint: `Fetch it with sluice llama download${flag('version', version)}${variant === 'auto' ? '' : flag('variant', variant)}.`,
  })
}

/** The newest build for this machine that the cache has, of those that can run on it; null without one. */
export async function newestInstalled(
  { cache, hardware }: Pick<LibraryWorld, 'cache' | 'hardware'>,
  repository: string = llamaRepository,
): Promise<string | null> {
  const target = hostTarget(process.platform, process.arch)
  const releases = byRelease(await cache.list(), repository, target)
  const host = releases.length === 0 ? null : await hardware()
  const tags = releases.flatMap(([tree]) => tree?.tag ?? [])
  return tags.find((tag) => runsOn(tag, target, host)) ?? null
}

function flag(name: string, value: string | undefined): string {
  return value === undefined ? '' : ` --${name} ${excerpt(value)}`
}

async function treesOf(
  world: LibraryWorld,
  repository: string,
  build: PlannedBuild | undefined,
): Promise<readonly CachedTree[]> {
  if (build === undefined || build.target === null) return []
  const { source, target } = build
  if (source.kind === 'failed') throw source.error
  if (source.kind === 'cached') return source.trees
  const keys = [source.choice, ...source.choice.fallbacks].map(({ variant }) => ({
    repository,
    tag: source.tag,
    platform: target,
    variant,
  }))
  const trees = await Promise.all(keys.map((key) => world.cache.find(key)))
  return trees.filter((tree) => tree !== null)
}

/** Those whose files are all there: what is damaged is never loaded. */
async function whole(world: LibraryWorld, trees: readonly CachedTree[]): Promise<CachedTree[]> {
  const found = await Promise.all(trees.map((tree) => world.cache.find(tree)))
  return found.filter((tree) => tree !== null)
}
