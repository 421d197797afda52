import { lstat, readdir, rmdir } from 'node:fs/promises'
import { join } from 'node:path'
import { shortHash } from '../../core/short-hash.ts'
import { errorCode } from '../../core/disk-error.ts'
import { foldersBelow } from '../../deliver/folders-below.ts'
import { takeLock } from '../../transfer/lock.ts'
import { makeFolder } from '../../transfer/make-folder.ts'
import { liveness } from '../../transfer/owner.ts'
import type { TreeKey } from '../types.ts'
import { cacheRoot, folders } from './cache-context.ts'
import type { CacheContext } from './cache-context.ts'
import { insist } from './insist.ts'
import { foldersIn, isGone } from './walk-tree.ts'
import { leafPrefix, tagFolderNames } from './tree-key.ts'

/** The right to make and remove the trees of a key. */
export interface KeyLock {
  /** Shows other machines that its holder lives; `now` in ms since 1970. */
  refresh(now: number): void
  release(): Promise<void>
}

/** Names of marks in a lock's folder: who makes a tree, and who uses one. */
export const markForm = /^(lock|use)-([a-f\d]{16}-\d{1,10}-\d{1,20}(?:-t\d{1,10})?)$/

/** A lock of another machine or container that was not refreshed for this long (ms) is left behind, as for `takeLock`. */
const foreignPatience = 60_000

/** Name of the folder for the marks of whatever a text names. */
export function lockName(text: string): string {
  return shortHash(text)
}

/**
 * Takes the lock of a key, so that nobody else makes or sets aside its trees; null while another one holds it. To be
 * called with a cache folder that is there.
 */
export async function lockKey(cache: CacheContext, key: TreeKey): Promise<KeyLock | null> {
  const root = (await cacheRoot(cache)) ?? cache.dir
  const name = lockName([...tagFolderNames(key), leafPrefix(key)].join('/'))
  return insist(async () => {
    const folder = await lockFolder(root, name)
    if (await isHeld(folder, cache.now())) return null
    // At once, as one who cleans the cache removes empty folders.
    makeFolder(folder)
    const lock = takeLock(folder, cache.now())
    if (!lock) return null
    return {
      refresh: lock.refresh,
      async release() {
        lock.release()
        await removeIfEmpty(folder)
      },
    }
  })
}

/** The folder for the marks of a name, which need not be there; `target-exists` where the way to it is a link. */
export async function lockFolder(root: string, name: string): Promise<string> {
  await foldersBelow(root, [folders.locks, name])
  return join(root, folders.locks, name)
}

/** Whether somebody holds a lock; costs nothing, where `takeLock` waits a little for one who is in the way. */
export async function isHeld(folder: string, now: number): Promise<boolean> {
  for (const token of await marksIn(folder, 'lock'))
    if (await isAlive(join(folder, `lock-${token}`), token, foreignPatience, now)) return true
  return false
}

/** Whether somebody makes a tree; `locks` is the folder of all locks. */
export async function isAnyHeld(locks: string, now: number): Promise<boolean> {
  for (const name of await foldersIn(locks)) if (await isHeld(join(locks, name), now)) return true
  return false
}

/** Whether who left a mark still runs; of another machine or container those that touched it within `patience` (ms). */
export async function isAlive(path: string, token: string, patience: number, now: number): Promise<boolean> {
  const state = liveness(token)
  if (state !== 'elsewhere') return state === 'alive'
  try {
    return now - (await lstat(path)).mtimeMs < patience
  } catch (error) {
    if (isGone(error)) return false
    throw error
  }
}

/** Tokens of those who have left a mark of that kind. */
export async function marksIn(folder: string, kind: 'lock' | 'use'): Promise<string[]> {
  try {
    const marks = (await readdir(folder)).map((name) => markForm.exec(name))
    return marks.flatMap((mark) => (mark?.[1] === kind && mark[2] !== undefined ? [mark[2]] : []))
  } catch (error) {
    if (isGone(error)) return []
    throw error
  }
}

/** Removes a folder if nothing is in it. */
export async function removeIfEmpty(folder: string): Promise<void> {
  try {
    await rmdir(folder)
  } catch (error) {
    // Somebody uses it, or was faster. macOS and Windows have words of their own for a folder that is not empty.
    if (!['ENOTEMPTY', 'EEXIST', 'ENOENT', 'EPERM', 'EBUSY', 'ENOTDIR'].includes(errorCode(error) ?? '')) throw error
  }
}
