import type { downloadPlatforms } from '../../libraries/download-platforms.ts'
import type { LibraryWorld } from '../../libraries/download-types.ts'
import type { discardArchives } from '../../libraries/discard-archives.ts'
import type { loadInChild } from '../../libraries/load-installed.ts'
import type { OpenLibrariesOptions } from '../../libraries/open-libraries.ts'
import type { planDownload } from '../../libraries/plan-download.ts'
import type { resolveAsset } from '../../libraries/resolve-asset.ts'
import type { CachedTree } from '../../libraries/types.ts'

/** What the manager has others do with libraries of llama.cpp and with releases. Opened when the first request needs it. */
export interface Libraries {
  readonly world: LibraryWorld
  readonly download: typeof downloadPlatforms
  readonly plan: typeof planDownload
  readonly discard: typeof discardArchives
  readonly load: typeof loadInChild
  readonly resolveAsset: typeof resolveAsset
  inUse(tree: CachedTree): Promise<boolean>
  close(): Promise<void>
}

export type OpenLibraries = (options: OpenLibrariesOptions) => Promise<Libraries>
