import { constants } from 'node:fs'
import { copyFile, link, lstat, open, rename, rm, unlink } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { SluiceError } from '../core/errors.ts'
import { numberedName } from '../core/file-name.ts'
import { diskError, errorCode } from '../core/disk-error.ts'
import { openOwn, syncFolder } from './store-files.ts'

export type IfExists = 'rename' | 'overwrite' | 'skip' | 'fail'

const mostCopies = 999
/** What file systems and kernels say that make no hard link here. */
const noLinks = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK', 'EACCES'])

/**
 * Gives a complete and synced file of the same disk its final name, and the path back. Nothing that exists is replaced
 * unless the policy is `overwrite`; `rename` finds a number that is free.
 * @throws SluiceError `target-exists` for the policies `fail` and `skip`, those of the disk
 */
export async function placeFile(from: string, to: string, policy: IfExists): Promise<string> {
  const dir = dirname(to)
  try {
    const path = policy === 'overwrite' ? await replace(from, to) : await firstFree(from, to, policy)
    await syncFolder(dir)
    return path
  } catch (error) {
    throw diskError(error, to)
  }
}

async function replace(from: string, to: string): Promise<string> {
  await rename(from, to)
  return to
}

async function firstFree(from: string, to: string, policy: IfExists): Promise<string> {
  const copies = policy === 'rename' ? mostCopies : 0
  for (let n = 0; n <= copies; n++) {
    const path = n === 0 ? to : join(dirname(to), numberedName(basename(to), n))
    if (await moveWithoutReplacing(from, path)) return path
  }
  throw targetExists(to)
}

export function targetExists(path: string): SluiceError {
  return new SluiceError('target-exists', `There is a file already: ${path}`)
}

/** False when the name is taken. A link refuses where a rename would replace. */
async function moveWithoutReplacing(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to)
  } catch (error) {
    const code = errorCode(error) ?? ''
    if (code === 'EEXIST') return false
    if (!noLinks.has(code)) throw error
    return moveByReservation(from, to)
  }
  await unlink(from)
  return true
}

/** For file systems without hard links: the name is taken with an empty file first. */
async function moveByReservation(from: string, to: string): Promise<boolean> {
  try {
    await (await open(to, 'wx')).close()
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false
    throw error
  }
  try {
    await rename(from, to)
  } catch (error) {
    await rm(to, { force: true })
    throw error
  }
  return true
}

/**
 * Makes a second name of a regular file and syncs both; false where the name is taken or no link can be made. It needs no
 * temporary name, so that a crash leaves none.
 */
export async function linkWhereFree(from: string, to: string): Promise<boolean> {
  await refuseOther(from)
  await syncFile(from)
  try {
    await link(from, to)
  } catch (error) {
    const code = errorCode(error) ?? ''
    if (code === 'EEXIST' || code === 'EXDEV' || noLinks.has(code)) return false
    throw error
  }
  await syncFolder(dirname(to))
  return true
}

/**
 * Makes a second name, or where that cannot be a copy, of a regular file, and syncs it. `to` must be free. Both may be one
 * file afterwards: neither is to be written to.
 */
export async function linkOrCopy(from: string, to: string): Promise<void> {
  await refuseOther(from)
  try {
    await link(from, to)
  } catch (error) {
    const code = errorCode(error) ?? ''
    if (code !== 'EXDEV' && !noLinks.has(code)) throw error
    await copyWhole(from, to)
  }
  await syncFile(to)
}

/** A link to a link would lead elsewhere. */
async function refuseOther(path: string): Promise<void> {
  if (!(await lstat(path)).isFile()) throw new SluiceError('internal', `A blob that was ready is no file: ${path}`)
}

async function syncFile(path: string): Promise<void> {
  const file = await openOwn(path)
  try {
    await file.sync()
  } finally {
    await file.close()
  }
}

async function copyWhole(from: string, to: string): Promise<void> {
  try {
    await copyFile(from, to, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE)
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') await rm(to, { force: true })
    throw error
  }
}
