import { mkdir, rm, utimes } from 'node:fs/promises'
import { join } from 'node:path'
import { errorCode } from '../../core/disk-error.ts'
import { foldersBelow, makeFoldersBelow } from '../../deliver/folders-below.ts'
import { syncFolder } from '../../deliver/store-files.ts'
import type { CachedTree, InstallOptions, NewTree, TreeKey } from '../types.ts'
import { cacheRoot } from './cache-context.ts'
import type { CacheContext } from './cache-context.ts'
import { compareTree } from './compare-tree.ts'
import { findTree } from './find-tree.ts'
import { insist } from './insist.ts'
import { lockKey } from './key-lock.ts'
import type { KeyLock } from './key-lock.ts'
import { claimCache } from './own-folder.ts'
import { discard, makeTemporary, sweep } from './passing.ts'
import { asTree, readTree } from './read-tree.ts'
import { renamePatiently } from './rename.ts'
import { sealTree } from './seal-tree.ts'
import { leafName, tagFolderNames } from './tree-key.ts'
import type { TreeRecord } from './tree-record.ts'
import { isGone } from './walk-tree.ts'

/** How often one who waits looks whether the other is done, and how often the other shows that it lives (ms). */
const lookMs = 100
const beatMs = 10_000

/** What `LibraryCache.install` promises. */
export async function installTree(
  cache: CacheContext,
  key: TreeKey,
  make: (folder: string) => Promise<NewTree>,
  { signal, isGood = () => true }: InstallOptions = {},
): Promise<CachedTree> {
  for (;;) {
    signal?.throwIfAborted()
    const there = await findTree(cache, key)
    if (there && isGood(there)) return there
    await claimCache(cache)
    const lock = await lockKey(cache, key)
    if (!lock) {
      await cache.pause(lookMs, signal)
      continue
    }
    try {
      const old = await findTree(cache, key, true)
      if (old && isGood(old)) return old
      const made = await makeTree(cache, key, lock, make, { signal, isGood })
      // Another archive has another folder.
      if (old && old.folder !== made.folder) await discard(cache, old.folder)
      return made
    } finally {
      await lock.release()
    }
  }
}

async function makeTree(
  cache: CacheContext,
  key: TreeKey,
  lock: KeyLock,
  make: (folder: string) => Promise<NewTree>,
  { signal, isGood }: Pick<InstallOptions, 'signal'> & Required<Pick<InstallOptions, 'isGood'>>,
): Promise<CachedTree> {
  await sweep(cache)
  const temporary = await makeTemporary(cache.dir)
  const beat = setInterval(() => void showLife(cache, lock, temporary), beatMs).unref()
  try {
    const folder = join(temporary, 'tree')
    await mkdir(folder)
    const made = await make(folder)
    signal?.throwIfAborted()
    const record = await sealTree(folder, key, made, cache.now())
    signal?.throwIfAborted()
    return await place(cache, folder, record, isGood)
  } finally {
    clearInterval(beat)
    await rm(temporary, { recursive: true, force: true })
  }
}

/** Gives a complete tree its name. One that is there is taken instead if it is good, and removed if it is not. */
async function place(
  cache: CacheContext,
  folder: string,
  record: TreeRecord,
  isGood: (tree: CachedTree) => boolean,
): Promise<CachedTree> {
  const names = tagFolderNames(record)
  const leaf = leafName(record, record.sha256)
  const final = join(cache.dir, ...names, leaf)
  const there = await insist(async () => {
    const root = (await cacheRoot(cache)) ?? cache.dir
    await makeFoldersBelow(root, names)
    if (await foldersBelow(root, [...names, leaf])) {
      const whole = await wholeTree(cache, final)
      if (whole && isGood(whole)) return whole
      await discard(cache, final)
    }
    await renamePatiently(folder, final, cache)
    return null
  })
  if (there) return there
  await syncFolder(join(final, '..')).catch((error: unknown) => {
    // Somebody cleaned the cache at this moment.
    if (!isGone(error)) throw error
  })
  return asTree(record, final)
}

async function wholeTree(cache: CacheContext, folder: string): Promise<CachedTree | null> {
  const found = await readTree(cache.dir, folder)
  if (!found) return null
  const { changed, missing } = await compareTree(found.tree, found)
  return changed.length + missing.length === 0 ? found.tree : null
}

async function showLife({ now, onWarning }: CacheContext, lock: KeyLock, temporary: string): Promise<void> {
  try {
    lock.refresh(now())
    const at = new Date(now())
    await utimes(temporary, at, at)
  } catch (error) {
    // Two that make the same tree disturb each other no more than in time.
    onWarning(`The lock of a library in the cache could not be refreshed (${errorCode(error) ?? 'unknown error'}).`)
  }
}
