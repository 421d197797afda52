import { SluiceError } from '../core/errors.ts'
import { hostTarget, showTarget } from '../core/llama-target.ts'
import { parseLlamaVersion } from '../core/llama-version.ts'
import type { TargetPlatform } from '../core/release.ts'
import { llamaRepository } from '../sources/github/llama-versions.ts'
import { byRelease, chooseCached } from './choose-cached.ts'
import type { LibraryWorld } from './download-types.ts'
import type { FindRequest } from './find-installed.ts'
import type { CachedTree } from './types.ts'

/**
 * The trees of the cache that answer a request for platforms, of one build (`b6089`) or of the newest that is there. Default:
 * this machine's. `not-found` where one is missing. Nobody is asked.
 */
export async function treesToExport(
  world: Pick<LibraryWorld, 'cache' | 'hardware'>,
  { version, variant = 'auto', repository = llamaRepository }: FindRequest,
  targets: readonly TargetPlatform[] = [hostTarget(process.platform, process.arch)],
): Promise<CachedTree[]> {
  const wanted = version === undefined ? null : parseLlamaVersion(version)
  if (wanted !== null && wanted.kind !== 'build')
    throw new SluiceError('usage', 'Name the build, such as b6089: sluice llama list shows what is here.')
  const trees = await world.cache.list()
  const host = await world.hardware()
  return targets.map((target) => {
    const releases = byRelease(trees, repository, target).filter(
      ([first]) => wanted === null || first?.tag === wanted.tag,
    )
    for (const release of releases) {
      const choice = chooseCached(release, { target, variant, host })
      if (choice !== null) return choice.trees[0]
    }
    throw new SluiceError(
      'not-found',
      `The cache has no library of ${wanted?.tag ?? 'llama.cpp'} for ${showTarget(target)}.`,
      {
        hint: `Fetch it with sluice llama download --platforms ${showTarget(target)}.`,
      },
    )
  })
}
