import { lstat, mkdir, realpath } from 'node:fs/promises'
import { join } from 'node:path'
import { SluiceError } from '../core/errors.ts'
import { errorCode } from '../core/disk-error.ts'
import { syncFolder } from './store-files.ts'

/**
 * Makes the folders `names`, each in the one before it, below `root`, an absolute path without links, and gives the path of
 * the last. None of them may be a link: what lies behind one is not ours.
 * @throws SluiceError `target-exists` for a link or a file in the way; errors of the file system as they are
 */
export async function makeFoldersBelow(root: string, names: readonly string[]): Promise<string> {
  let path = root
  for (const name of names) {
    const above = path
    path = join(above, name)
    if (await isFolder(path)) continue
    try {
      await mkdir(path)
      await syncFolder(above)
    } catch (error) {
      // Somebody else made it in between, or put something else there.
      if (errorCode(error) !== 'EEXIST' || !(await isFolder(path))) throw error
    }
  }
  if ((await realpath(path)) !== path) throw inTheWay(path)
  return path
}

/** Whether the folders are there; refuses what `makeFoldersBelow` refuses, and makes nothing. */
export async function foldersBelow(root: string, names: readonly string[]): Promise<boolean> {
  let path = root
  for (const name of names) {
    path = join(path, name)
    if (!(await isFolder(path))) return false
  }
  return true
}

async function isFolder(path: string): Promise<boolean> {
  try {
    if ((await lstat(path)).isDirectory()) return true
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return false
    throw error
  }
  throw inTheWay(path)
}

function inTheWay(path: string): SluiceError {
  return new SluiceError('target-exists', `There is a link or a file where a folder is needed: ${path}`, {
    hint: 'Remove it, or choose another folder.',
  })
}
