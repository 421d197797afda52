import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { SluiceError } from '../../core/errors.ts'
import { cacheRoot, folders } from './cache-context.ts'
import type { CacheContext } from './cache-context.ts'
import { isAnyHeld, markForm, removeIfEmpty } from './key-lock.ts'
import { treeFolders } from './list-trees.ts'
import { measure } from './measure.ts'
import { disclaim, isAnswer } from './own-folder.ts'
import { sweep } from './passing.ts'
import { removeTreeFolder } from './remove-tree.ts'
import { cleanDownloads } from './sweep-downloads.ts'
import { isFresh } from './use-mark.ts'
import { foldersIn, namesIn } from './walk-tree.ts'

/** Owner, name and tag: what lies between the folder of all trees and a tree. */
const levelsOfTrees = 3

/**
 * What `LibraryCache.clean` promises. Trees, leftovers, answers and marks are known by place and name; archives go with
 * their folder, if that is marked as Sluice's. What a living process is making or fetching stays.
 */
export async function cleanCache(cache: CacheContext, tag?: string): Promise<number> {
  const root = await cacheRoot(cache)
  if (root === null) return 0
  let bytes = 0
  let refused: SluiceError | null = null
  for (const tree of await treeFolders(cache)) {
    if (tag !== undefined && tree.tag !== tag) continue
    try {
      bytes += await removeTreeFolder(cache, tree.path)
    } catch (error) {
      // The others go all the same.
      if (!(error instanceof SluiceError) || error.code !== 'in-use') throw error
      refused = error
    }
  }
  if (tag === undefined) bytes += await cleanRest(cache, root)
  if (refused) throw refused
  return bytes
}

async function cleanRest(cache: CacheContext, root: string): Promise<number> {
  let bytes = await sweep(cache, true)
  bytes += await cleanDownloads(cache)
  bytes += await cleanAnswers(join(root, folders.api))
  const locks = join(root, folders.locks)
  // One who makes a tree needs them at once.
  if (!(await isAnyHeld(locks, cache.now()))) await removeEmpty(join(root, folders.trees), levelsOfTrees)
  await cleanLocks(cache, locks)
  await disclaim(root)
  return bytes
}

async function cleanAnswers(folder: string): Promise<number> {
  let bytes = 0
  for (const name of (await namesIn(folder)).filter(isAnswer)) {
    bytes += await measure(join(folder, name))
    await rm(join(folder, name), { recursive: true, force: true })
  }
  await removeIfEmpty(folder)
  return bytes
}

/** Removes folders that hold nothing but such; a crash may leave some where trees were to be. */
async function removeEmpty(folder: string, levels: number): Promise<void> {
  if (levels > 0) for (const name of await foldersIn(folder)) await removeEmpty(join(folder, name), levels - 1)
  await removeIfEmpty(folder)
}

/** Removes the marks of those who are gone. */
async function cleanLocks(cache: CacheContext, locks: string): Promise<void> {
  for (const name of await foldersIn(locks)) {
    if (!/^[a-f\d]{16}$/.test(name)) continue
    const folder = join(locks, name)
    for (const mark of await namesIn(folder)) {
      const [, kind, token = ''] = markForm.exec(mark) ?? []
      if (kind !== undefined && !(await isFresh(join(folder, mark), token, cache.now())))
        await rm(join(folder, mark), { force: true })
    }
    await removeIfEmpty(folder)
  }
  await removeIfEmpty(locks)
}
