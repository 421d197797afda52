import { lstat, readdir, rm, rmdir } from 'node:fs/promises'
import { join } from 'node:path'

/** Names of a folder, none when there is no such folder. */
export async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder)
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR')) return []
    throw error
  }
}

/**
 * Removes what pulls put into a staging folder, and the folder if nothing else is in it: somebody may keep files of their
 * own there. Never goes through a link.
 */
export async function removeStaging(staging: string): Promise<void> {
  if (!(await isFolder(staging))) return
  const models = join(staging, 'models')
  const blobs = join(models, 'blobs')
  if (!(await isFolder(models))) return removeOwn(staging, ownNames)
  if (await isFolder(blobs)) await removeOwn(blobs, /^(?:sha256-[0-9a-f]{64}(?:\.part)?|\.staging)$/)
  await removeOwn(models, /^manifests$/)
  await removeOwn(staging, ownNames)
}

const ownNames = /^(?:session\.json(?:\.new)?|writing-(?:zip|sha256-[0-9a-f]{64}))$/

async function removeOwn(folder: string, own: RegExp): Promise<void> {
  for (const name of await namesIn(folder)) {
    if (own.test(name)) await rm(join(folder, name), { recursive: true, force: true })
  }
  try {
    await rmdir(folder)
  } catch (error) {
    // What is left belongs to somebody else.
    if (!(error instanceof Error && 'code' in error && (error.code === 'ENOTEMPTY' || error.code === 'EEXIST')))
      throw error
  }
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await lstat(path)).isDirectory()
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR')) return false
    throw error
  }
}
