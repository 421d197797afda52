import { isInUse } from '../../libraries/cache/use-mark.ts'
import { discardArchives } from '../../libraries/discard-archives.ts'
import { downloadPlatforms } from '../../libraries/download-platforms.ts'
import { loadInChild } from '../../libraries/load-installed.ts'
import { openLibraries as openWorld } from '../../libraries/open-libraries.ts'
import { planDownload } from '../../libraries/plan-download.ts'
import { resolveAsset } from '../../libraries/resolve-asset.ts'
import type { OpenLibraries } from './libraries.ts'

/** The real ones. */
export const openLibraries: OpenLibraries = async (options) => {
  const world = openWorld(options)
  return {
    world,
    download: downloadPlatforms,
    plan: planDownload,
    discard: discardArchives,
    load: loadInChild,
    resolveAsset,
    inUse: (tree) => isInUse(world.cache.dir, tree, Date.now()),
    close: async () => world.close(),
  }
}
