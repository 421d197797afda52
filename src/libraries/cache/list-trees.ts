import { basename, join } from 'node:path'
import type { CachedTree, TreeCheck } from '../types.ts'
import { cacheRoot, folders } from './cache-context.ts'
import type { CacheContext } from './cache-context.ts'
import { readTree } from './read-tree.ts'
import { leafForm, newerTagFirst, readLeaf } from './tree-key.ts'
import { recordName } from './tree-record.ts'
import { foldersIn, isRealFolder, namesIn } from './walk-tree.ts'

/** A folder that is a tree by its place and name; it may hold anything. */
export interface TreeFolder {
  /** Absolute. */
  readonly path: string
  readonly repository: string
  readonly tag: string
}

/** All folders that are trees by place and name; nothing behind a link. */
export async function treeFolders(cache: CacheContext): Promise<TreeFolder[]> {
  const root = await cacheRoot(cache)
  if (root === null) return []
  const found: TreeFolder[] = []
  for (const owner of await foldersIn(join(root, folders.trees)))
    for (const name of await foldersIn(join(root, folders.trees, owner)))
      for (const tag of await foldersIn(join(root, folders.trees, owner, name)))
        for (const leaf of await foldersIn(join(root, folders.trees, owner, name, tag)))
          if (leafForm.test(leaf)) {
            const path = join(cache.dir, folders.trees, owner, name, tag, leaf)
            found.push({ path, repository: `${owner}/${name}`, tag })
          }
  return found
}

/** All trees with a record, the newest version first, of one version the last installed first. */
export async function listTrees(cache: CacheContext): Promise<CachedTree[]> {
  const trees: CachedTree[] = []
  for (const { path } of await treeFolders(cache)) {
    const found = await readTree(cache.dir, path)
    if (found) trees.push(found.tree)
  }
  return trees.sort(newerFirst)
}

/** Those without a record that belongs to them. */
export async function lostTrees(cache: CacheContext): Promise<TreeCheck[]> {
  const lost: TreeCheck[] = []
  for (const { path: folder, repository, tag } of await treeFolders(cache)) {
    const named = readLeaf(basename(folder))
    if (!named || (await readTree(cache.dir, folder))) continue
    const names = await namesIn(folder)
    // Removed meanwhile.
    if (!(await isRealFolder(folder))) continue
    const isThere = names.includes(recordName)
    lost.push({
      tree: { repository, tag, ...named, folder },
      verdict: 'damaged',
      changed: isThere ? [recordName] : [],
      missing: isThere ? [] : [recordName],
      unexpected: [],
    })
  }
  return lost
}

function newerFirst(a: CachedTree, b: CachedTree): number {
  return (
    newerTagFirst(a.tag, b.tag) ||
    Date.parse(b.installedAt) - Date.parse(a.installedAt) ||
    (a.folder < b.folder ? -1 : 1)
  )
}
