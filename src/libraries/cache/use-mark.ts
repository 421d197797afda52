import { closeSync, openSync } from 'node:fs'
import { rm, utimes } from 'node:fs/promises'
import { dirname, join, relative, resolve } from 'node:path'
import { SluiceError } from '../../core/errors.ts'
import { errorCode } from '../../core/disk-error.ts'
import { makeFolder } from '../../transfer/make-folder.ts'
import { ownerToken } from '../../transfer/owner.ts'
import type { CachedTree } from '../types.ts'
import { cacheError, cacheRoot, folders } from './cache-context.ts'
import { insist } from './insist.ts'
import { isAlive, lockFolder, lockName, marksIn, removeIfEmpty } from './key-lock.ts'
import { isRealFolder } from './walk-tree.ts'

/** Says that a tree is in use, until it is released or the process ends. */
export interface UseMark {
  release(): Promise<void>
}

/** How long a mark of another machine or container counts after it was touched, and how often they are touched (ms). */
const foreignPatience = 24 * 3600 * 1000
const refreshMs = 3600 * 1000

/** Uses of each mark by this process. */
const uses = new Map<string, number>()

/**
 * Marks a tree as used by this process, so that pruning leaves it. In a cache that cannot be written to nothing is marked:
 * nothing is pruned there either.
 * @throws SluiceError `not-found` when the tree was removed meanwhile
 */
export async function markUse(tree: Pick<CachedTree, 'folder'>): Promise<UseMark> {
  const dir = cacheOf(tree)
  const folder = join(dir, folders.locks, lockName(useName(dir, tree)))
  const path = join(folder, `use-${ownerToken()}`)
  try {
    await lockFolder((await cacheRoot({ dir })) ?? dir, lockName(useName(dir, tree)))
    await insist(async () => {
      makeFolder(folder)
      closeSync(openSync(path, 'a', 0o600))
    })
  } catch (error) {
    if (['EROFS', 'EACCES', 'EPERM'].includes(errorCode(error) ?? '')) return { release: async () => {} }
    throw cacheError(error, dir)
  }
  uses.set(path, (uses.get(path) ?? 0) + 1)
  const beat = setInterval(() => void touch(path), refreshMs).unref()
  const mark = { release: once(() => release(path, folder, beat)) }
  if (await isRealFolder(tree.folder)) return mark
  await mark.release()
  throw new SluiceError('not-found', `The libraries were removed from the cache meanwhile: ${tree.folder}`, {
    hint: 'Download them again.',
  })
}

/** Whether a process that lives uses a tree. */
export async function isInUse(dir: string, tree: Pick<CachedTree, 'folder'>, now: number): Promise<boolean> {
  const folder = join(dir, folders.locks, lockName(useName(dir, tree)))
  for (const token of await marksIn(folder, 'use'))
    if (await isFresh(join(folder, `use-${token}`), token, now)) return true
  return false
}

/** Whether whoever left a use mark may still be there. */
export function isFresh(path: string, token: string, now: number): Promise<boolean> {
  return isAlive(path, token, foreignPatience, now)
}

async function release(path: string, folder: string, beat: NodeJS.Timeout): Promise<void> {
  clearInterval(beat)
  const left = (uses.get(path) ?? 1) - 1
  uses.set(path, left)
  if (left > 0) return
  uses.delete(path)
  await rm(path, { force: true })
  await removeIfEmpty(folder)
}

function once(work: () => Promise<void>): () => Promise<void> {
  let done: Promise<void> | undefined
  return () => (done ??= work())
}

async function touch(path: string): Promise<void> {
  const now = new Date()
  // A mark that is gone belonged to a cache that was cleaned.
  await utimes(path, now, now).catch(() => undefined)
}

/** A tree lies five folders below its cache: trees, owner, name, tag, its own. */
function cacheOf({ folder }: Pick<CachedTree, 'folder'>): string {
  const trees = dirname(dirname(dirname(dirname(resolve(folder)))))
  return dirname(trees)
}

function useName(dir: string, { folder }: Pick<CachedTree, 'folder'>): string {
  return relative(dir, resolve(folder)).replaceAll('\\', '/')
}
