import { lstat, mkdir, readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { errorCode } from '../../deliver/disk-error.ts'
import { folders } from './cache-context.ts'
import type { CacheContext } from './cache-context.ts'
import { passingForm } from './passing.ts'
import { isGone } from './walk-tree.ts'

/** An empty file that says: this folder is Sluice's, with all that Sluice calls its own in it. */
export const markerName = '.sluice-cache'

/**
 * Makes the folder of the cache, and in it those for archives and answers. Each is marked as Sluice's when it is new or
 * has nothing of anybody else in it; one that somebody uses for other things already is never taken over.
 */
export async function claimCache({ dir }: Pick<CacheContext, 'dir'>): Promise<void> {
  await mkdir(dir, { recursive: true })
  await claim(dir, isOwnName)
  for (const name of [folders.downloads, folders.api]) {
    const folder = join(dir, name)
    try {
      await mkdir(folder)
    } catch (error) {
      if (errorCode(error) !== 'EEXIST') throw error
    }
    await claim(folder, () => false)
  }
}

/** Whether all that has one of Sluice's names in a folder is Sluice's. */
export async function isClaimed(folder: string): Promise<boolean> {
  try {
    return (await lstat(join(folder, markerName))).isFile()
  } catch (error) {
    if (isGone(error)) return false
    throw error
  }
}

/** Takes the mark from a folder that has nothing else in it. */
export async function disclaim(folder: string): Promise<void> {
  if ((await isClaimed(folder)) && (await readdir(folder)).length === 1) await rm(join(folder, markerName))
}

async function claim(folder: string, isOwn: (name: string) => boolean): Promise<void> {
  const names = await readdir(folder)
  if (names.includes(markerName) || !names.every(isOwn)) return
  await writeFile(join(folder, markerName), '')
}

function isOwnName(name: string): boolean {
  return Object.values<string>(folders).includes(name) || passingForm.test(name)
}
