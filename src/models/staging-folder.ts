import { access, constants, lstat, readdir, rm, rmdir } from 'node:fs/promises'
import { join } from 'node:path'
import { SluiceError } from '../core/errors.ts'
import { diskError } from '../core/disk-error.ts'
import { makeFolder } from '../deliver/make-folder.ts'

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
 * Makes a folder and those above it that are missing, and sees that it can be written to, before anything is fetched.
 * Errors are SluiceErrors of the disk.
 */
export async function makeStaging(folder: string): Promise<void> {
  try {
    await makeFolder(folder)
    await access(folder, constants.W_OK | constants.X_OK)
  } catch (thrown) {
    const error = diskError(thrown, folder)
    if (!(error instanceof SluiceError) || error.code !== 'disk-permission') throw error
    const hint = 'Choose a place that you may write to.'
    throw new SluiceError(error.code, error.message, { hint, cause: thrown })
  }
}

/**
 * Removes what pulls put into a staging folder, and the folder if nothing else is in it: somebody may keep files of their
 * own there. Never goes through a link. Errors are SluiceErrors of the disk.
 */
export async function removeStaging(staging: string): Promise<void> {
  try {
    await removePutThere(staging)
  } catch (error) {
    throw diskError(error, staging)
  }
}

async function removePutThere(staging: string): Promise<void> {
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
