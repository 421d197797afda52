import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { liveness } from '../../transfer/owner.ts'
import { stagingName } from '../../transfer/session.ts'
import { cacheRoot, folders } from './cache-context.ts'
import type { CacheContext } from './cache-context.ts'
import { isAnyHeld, isHeld } from './key-lock.ts'
import { lastWritten, measure } from './measure.ts'
import { isClaimed, markerName } from './own-folder.ts'
import { foldersIn, isRealFolder, namesIn } from './walk-tree.ts'

const day = 24 * 3600 * 1000

/** Removes archives and parts that were not written to for a day; gives their bytes. */
export async function sweepDownloads(cache: CacheContext): Promise<number> {
  const folder = await downloadsFolder(cache)
  if (folder === null) return 0
  let bytes = 0
  const old = async (path: string): Promise<void> => {
    if (cache.now() - (await lastWritten(path)) < day) return
    const taken = await measure(path)
    await rm(path, { recursive: true, force: true })
    bytes += taken
  }
  const staging = join(folder, stagingName)
  for (const name of await foldersIn(staging)) if (!(await isBusy(cache, staging, name))) await old(join(staging, name))
  for (const name of await namesIn(folder))
    if (name !== stagingName && name !== markerName) await old(join(folder, name))
  return bytes
}

/** Removes the folder for archives with all that is in it, but not what a living process is fetching or unpacking. */
export async function cleanDownloads(cache: CacheContext): Promise<number> {
  const folder = await downloadsFolder(cache)
  if (folder === null) return 0
  if (await isWorking(cache, folder)) return sweepDownloads(cache)
  const bytes = await measure(folder)
  await rm(folder, { recursive: true, force: true })
  return bytes
}

/** Whether a process that lives fetches something into the cache, or makes a tree. */
async function isWorking(cache: CacheContext, folder: string): Promise<boolean> {
  const staging = join(folder, stagingName)
  for (const name of await foldersIn(staging)) if (await isBusy(cache, staging, name)) return true
  return isAnyHeld(join(folder, '..', folders.locks), cache.now())
}

/** A session under a lock, or the folder of a process for small files. */
async function isBusy({ now }: CacheContext, staging: string, name: string): Promise<boolean> {
  if (name.startsWith('run-')) return liveness(name.slice('run-'.length)) === 'alive'
  return isHeld(join(staging, name), now())
}

/** Null for none that is Sluice's. */
async function downloadsFolder(cache: CacheContext): Promise<string | null> {
  const root = await cacheRoot(cache)
  const folder = root === null ? '' : join(root, folders.downloads)
  if (root === null || !(await isRealFolder(folder))) return null
  return (await isClaimed(root)) || (await isClaimed(folder)) ? folder : null
}
