import { SluiceError } from '../core/errors.ts'
import { hostTarget, showTarget } from '../core/llama-target.ts'
import type { TargetPlatform } from '../core/release.ts'
import { llamaRepository } from '../sources/github/llama-versions.ts'
import { byRelease, findCached } from './choose-cached.ts'
import type { LibraryWorld } from './download-types.ts'
import type { FindRequest } from './find-installed.ts'
import { knownBuild } from './known-build.ts'
import type { CachedTree } from './types.ts'

/**
 * The trees of the cache that answer a request for platforms, of one version or of the newest that is there. Default:
 * this machine's. `not-found` where one is missing. Nobody is asked.
 */
export async function treesToExport(
  world: Pick<LibraryWorld, 'cache' | 'hardware' | 'pointers'>,
  { version, variant = 'auto', repository = llamaRepository }: FindRequest,
  targets: readonly TargetPlatform[] = [hostTarget(process.platform, process.arch)],
): Promise<CachedTree[]> {
  const wanted = version === undefined ? null : await knownBuild(world.pointers, version, repository)
  const trees = await world.cache.list()
  const host = await world.hardware()
  const chosen: CachedTree[] = []
  for (const target of targets) {
    const releases = byRelease(trees, repository, target).filter(([first]) => wanted === null || first?.tag === wanted)
    const found = await findCached(world.cache, releases, { target, variant, host })
    if (found.trees !== null) {
      chosen.push(found.trees[0])
      continue
    }
    if (found.refused !== null) throw found.refused
    throw new SluiceError(
      'not-found',
      `The cache has no library of ${wanted ?? 'llama.cpp'} for ${showTarget(target)}.`,
      {
        hint: `Fetch it with sluice llama download --platforms ${showTarget(target)}.`,
      },
    )
  }
  return chosen
}
