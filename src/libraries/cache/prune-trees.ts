import { SluiceError } from '../../core/errors.ts'
import { showTarget } from '../../core/llama-target.ts'
import type { CachedTree } from '../types.ts'
import type { CacheContext } from './cache-context.ts'
import { listTrees } from './list-trees.ts'
import { sweep } from './passing.ts'
import { removeTree } from './remove-tree.ts'
import { sweepDownloads } from './sweep-downloads.ts'
import { isInUse } from './use-mark.ts'

/** What `LibraryCache.prune` promises. Also removes what crashes left behind. */
export async function pruneTrees(
  cache: CacheContext,
  keep: number,
): Promise<{ readonly removed: readonly CachedTree[]; readonly bytes: number }> {
  if (!Number.isSafeInteger(keep) || keep < 0)
    throw new SluiceError('usage', 'The number of versions to keep must be a whole number, 0 or above.')
  const groups = Map.groupBy(await listTrees(cache), ({ repository, platform, variant }) =>
    [repository.toLowerCase(), showTarget(platform), variant].join(' '),
  )
  const removed: CachedTree[] = []
  let bytes = 0
  for (const tree of [...groups.values()].flatMap((trees) => older(trees, keep))) {
    if (await isInUse(cache.dir, tree, cache.now())) continue
    bytes += await removeTree(cache, tree)
    removed.push(tree)
  }
  bytes += await sweep(cache)
  bytes += await sweepDownloads(cache)
  return { removed, bytes }
}

/** All but the trees of the newest `keep` versions; the list is in that order. */
function older(trees: readonly CachedTree[], keep: number): CachedTree[] {
  const kept = new Set([...new Set(trees.map(({ tag }) => tag))].slice(0, keep))
  return trees.filter(({ tag }) => !kept.has(tag))
}
