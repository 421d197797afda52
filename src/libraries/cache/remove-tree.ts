import { join, resolve } from 'node:path'
import { SluiceError } from '../../core/errors.ts'
import type { CachedTree } from '../types.ts'
import type { CacheContext } from './cache-context.ts'
import { cacheRoot } from './cache-context.ts'
import { removeIfEmpty } from './key-lock.ts'
import { discard } from './passing.ts'
import { foldersBelow } from '../../deliver/folders-below.ts'
import { leafName, tagFolderNames } from './tree-key.ts'

/**
 * The folder of a tree, by its key alone.
 * @throws SluiceError `usage` for a tree of another cache
 */
export function folderOf({ dir }: Pick<CacheContext, 'dir'>, tree: CachedTree): string {
  const folder = join(dir, ...tagFolderNames(tree), leafName(tree, tree.sha256))
  if (folder === resolve(tree.folder)) return folder
  throw new SluiceError('usage', `This folder does not belong to the cache ${dir}: ${tree.folder}`)
}

/** Removes a tree and the folders above it that are empty then; gives its bytes, 0 where it is gone already. */
export async function removeTree(cache: CacheContext, tree: CachedTree): Promise<number> {
  const folder = folderOf(cache, tree)
  const names = [...tagFolderNames(tree), leafName(tree, tree.sha256)]
  const root = await cacheRoot(cache)
  if (root === null || !(await foldersBelow(root, names))) return 0
  return removeTreeFolder(cache, folder)
}

/** The same by its path, which is one of `treeFolders`. */
export async function removeTreeFolder(cache: CacheContext, folder: string): Promise<number> {
  const bytes = await discard(cache, folder)
  let above = folder
  // Tag, name, owner, trees.
  for (let level = 0; level < 4; level++) {
    above = join(above, '..')
    await removeIfEmpty(above)
  }
  return bytes || 0
}
