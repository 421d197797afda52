import type { StoredDownload } from '../../store/types.ts'
import type { Desk } from '../desk.ts'

/**
 * Removes what a completed download has in the cache, while it is still that; another one that counts on it is not asked.
 * What is gone already is no error.
 */
export async function deleteLibraries(desk: Desk, { files, options }: StoredDownload): Promise<void> {
  const { world } = await desk.llama()
  const paths = new Set(files.map(({ path }) => path))
  await desk.removals.remove(options.llama?.tag, async () => {
    for (const tree of await world.cache.list()) if (paths.has(tree.libraryPath)) await world.cache.remove(tree)
  })
}
