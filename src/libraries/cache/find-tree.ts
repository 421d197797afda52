import { join } from 'node:path'
import { showTarget } from '../../core/llama-target.ts'
import { errorCode } from '../../core/disk-error.ts'
import { foldersBelow } from '../../deliver/folders-below.ts'
import type { CachedTree, TreeKey } from '../types.ts'
import { cacheRoot } from './cache-context.ts'
import type { CacheContext } from './cache-context.ts'
import { compareTree, isLibraryName } from './compare-tree.ts'
import { lockKey } from './key-lock.ts'
import { discard } from './passing.ts'
import { readTree } from './read-tree.ts'
import { isLeafOf, leafPrefix, tagFolderNames } from './tree-key.ts'
import { foldersIn, isRealFolder } from './walk-tree.ts'

/** A folder that should hold a tree of the key and does not. */
interface Damaged {
  readonly folder: string
  /** What is wrong with it, for people. */
  readonly why: string
}

/**
 * The newest tree of a key whose files are as recorded. One that is damaged is removed, so that it is made anew; who holds
 * the lock of the key says so, others leave that to the holder.
 */
export async function findTree(cache: CacheContext, key: TreeKey, holdsLock = false): Promise<CachedTree | null> {
  const { tree, damaged } = await lookFor(cache, key)
  if (tree || damaged.length === 0) return tree
  for (const { folder, why } of damaged)
    cache.onWarning(
      `The libraries in the cache for ${key.tag}, ${showTarget(key.platform)} are damaged (${why}): ${folder}`,
    )
  if (holdsLock) await discardAll(cache, damaged)
  else await discardLocked(cache, key)
  return null
}

async function lookFor(
  cache: CacheContext,
  key: TreeKey,
): Promise<{ readonly tree: CachedTree | null; readonly damaged: readonly Damaged[] }> {
  const names = tagFolderNames(key)
  leafPrefix(key)
  const root = await cacheRoot(cache)
  if (root === null || !(await foldersBelow(root, names))) return { tree: null, damaged: [] }
  const above = join(cache.dir, ...names)
  const good: CachedTree[] = []
  const damaged: Damaged[] = []
  for (const name of await foldersIn(above)) {
    if (!isLeafOf(key, name)) continue
    const folder = join(above, name)
    const found = await readTree(cache.dir, folder)
    const why = found ? damageOf(await compareTree(found.tree, found)) : 'no record that belongs to it'
    if (found && why === null) good.push(found.tree)
    // Not if somebody removed it at this moment.
    else if (await isRealFolder(folder)) damaged.push({ folder, why: why ?? '' })
  }
  const [tree = null] = good.sort((a, b) => Date.parse(b.installedAt) - Date.parse(a.installedAt))
  return { tree, damaged }
}

function damageOf(found: Awaited<ReturnType<typeof compareTree>>): string | null {
  const [changed] = found.changed
  if (changed !== undefined) return `${changed} was changed`
  const [missing] = found.missing
  if (missing !== undefined) return `${missing} is missing`
  const stranger = found.unexpected.find(isLibraryName)
  return stranger === undefined ? null : `${stranger} was added`
}

/** Looks again under the lock: what was damaged may have been made anew since. */
async function discardLocked(cache: CacheContext, key: TreeKey): Promise<void> {
  try {
    const lock = await lockKey(cache, key)
    if (!lock) return
    try {
      const { tree, damaged } = await lookFor(cache, key)
      if (!tree) await discardAll(cache, damaged)
    } finally {
      await lock.release()
    }
  } catch (error) {
    if (!['EROFS', 'EACCES', 'EPERM'].includes(errorCode(error) ?? '')) throw error
    cache.onWarning(`It cannot be removed, as the cache cannot be written to: ${cache.dir}`)
  }
}

async function discardAll(cache: CacheContext, damaged: readonly Damaged[]): Promise<void> {
  for (const { folder } of damaged) await discard(cache, folder)
}
