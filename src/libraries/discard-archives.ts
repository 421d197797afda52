import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { asSluiceError } from '../core/errors.ts'
import { archiveKey, archiveName } from './archive-name.ts'
import type { LibraryWorld } from './download-types.ts'
import type { DownloadPlan } from './plan-types.ts'

/**
 * Removes what a stopped download has left of the archives of its plan, whole ones and parts. What is being fetched right
 * now, by whomever, stays; so does what is in the cache.
 */
export async function discardArchives(
  world: Pick<LibraryWorld, 'engine' | 'cache'>,
  { repository, builds }: Pick<DownloadPlan, 'repository' | 'builds'>,
): Promise<void> {
  const engine = await world.engine()
  const dir = world.cache.downloads
  for (const { source } of builds) {
    if (source.kind !== 'release') continue
    const assets = [source.choice, ...source.choice.fallbacks].flatMap(({ main, companion }) => [main, companion])
    for (const asset of assets) {
      if (asset === null) continue
      const name = archiveName(repository, source.tag, asset.name)
      try {
        await engine.discard(dir, archiveKey(dir, name))
        await rm(join(dir, name), { force: true })
      } catch (error) {
        if (asSluiceError(error).code !== 'in-use') throw error
      }
    }
  }
}
