import { lstat, readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { makeFolder } from '../../transfer/make-folder.ts'
import { folders } from './cache-context.ts'
import type { CacheContext } from './cache-context.ts'
import { insist } from './insist.ts'
import { passingForm } from './passing.ts'
import { isGone, isRealFolder } from './walk-tree.ts'

/** An empty file that says: this folder is Sluice's, with all that has one of Sluice's names in it. */
export const markerName = '.sluice-cache'

/** Files in the folder for answers: kept answers, those being written, and the builds that versions led to. */
const answerForm = /^(?:\.?[a-f\d]{40}\.(?:json|\d{1,10}\.[a-f\d]{8})|pointers\.json)$/

/**
 * Makes the folder of the cache, and in it the one for archives. Each is marked as Sluice's when it is new or has nothing
 * of anybody else in it; one that somebody uses for other things already is never taken over.
 */
export async function claimCache({ dir }: Pick<CacheContext, 'dir'>): Promise<void> {
  const downloads = join(dir, folders.downloads)
  await insist(async () => {
    makeFolder(dir)
    await claim(dir)
    makeFolder(downloads)
    // Behind a link it is somebody's to clean.
    if (await isRealFolder(downloads)) await claim(downloads)
  })
}

/** Whether a folder is marked as Sluice's. */
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
  if ((await isClaimed(folder)) && (await readdir(folder)).length === 1)
    await rm(join(folder, markerName), { force: true })
}

/** Whether a file in the folder for answers is one of Sluice's. */
export function isAnswer(name: string): boolean {
  return answerForm.test(name)
}

async function claim(folder: string): Promise<void> {
  for (const name of await readdir(folder)) if (!(await isOwn(folder, name))) return
  await writeFile(join(folder, markerName), '', { flag: 'a' })
}

async function isOwn(folder: string, name: string): Promise<boolean> {
  const path = join(folder, name)
  if (name === folders.downloads)
    return (await isRealFolder(path)) && ((await isClaimed(path)) || (await readdir(path)).length === 0)
  if (name === folders.api) return (await isRealFolder(path)) && (await readdir(path)).every(isAnswer)
  return name === markerName || name === folders.trees || name === folders.locks || passingForm.test(name)
}
