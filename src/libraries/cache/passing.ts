import { randomBytes } from 'node:crypto'
import { lstat, mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { SluiceError } from '../../core/errors.ts'
import { errorCode } from '../../core/disk-error.ts'
import { liveness, ownerToken } from '../../transfer/owner.ts'
import { cacheRoot } from './cache-context.ts'
import type { CacheContext } from './cache-context.ts'
import { measure } from './measure.ts'
import { renamePatiently } from './rename.ts'
import { foldersIn, isGone } from './walk-tree.ts'

const day = 24 * 3600 * 1000
/** A folder of another machine or container that was not touched for this long (ms) is left behind. */
const foreignPatience = 10 * 60 * 1000

/** Folders that come and go beside the trees: trees being made, and trees being removed. */
export const passingForm = /^\.(tmp|trash)-([a-f\d]{16}-\d{1,10}-\d{1,20}(?:-t\d{1,10})?)-[a-f\d]{16}$/

function passingPath(dir: string, kind: 'tmp' | 'trash'): string {
  return join(dir, `.${kind}-${ownerToken()}-${randomBytes(8).toString('hex')}`)
}

/** A new folder that only this user can look into, on the disk of the trees. */
export async function makeTemporary(dir: string): Promise<string> {
  const path = passingPath(dir, 'tmp')
  await mkdir(path, { mode: 0o700 })
  return path
}

/**
 * Takes a folder out of the cache at one moment, then removes it; gives the bytes that it took. False where it is gone.
 * @throws SluiceError `in-use` where the system does not let go of it, as Windows does with loaded libraries
 */
export async function discard(cache: CacheContext, folder: string): Promise<number | false> {
  const trash = passingPath(cache.dir, 'trash')
  try {
    await renamePatiently(folder, trash, cache)
  } catch (error) {
    const code = errorCode(error) ?? ''
    if (isGone(error)) return false
    if (cache.platform !== 'win32' || !['EPERM', 'EACCES', 'EBUSY'].includes(code)) throw error
    throw new SluiceError('in-use', `A program has libraries loaded from this folder, so it stays: ${folder}`, {
      hint: 'End the programs that use it, then try again.',
      cause: error,
    })
  }
  return removeFolder(cache, trash)
}

/** Removes what dead processes left behind, with `all` also what others are removing at the moment. Gives its bytes. */
export async function sweep(cache: CacheContext, all = false): Promise<number> {
  const root = await cacheRoot(cache)
  let bytes = 0
  for (const name of root === null ? [] : await foldersIn(root)) {
    const [, kind, token = ''] = passingForm.exec(name) ?? []
    const path = join(cache.dir, name)
    if (kind === undefined) continue
    if ((all && kind === 'trash') || (await isLeftBehind(cache, path, token))) bytes += await removeFolder(cache, path)
  }
  return bytes
}

async function isLeftBehind({ now }: CacheContext, path: string, token: string): Promise<boolean> {
  const state = liveness(token)
  if (state === 'dead') return true
  try {
    return now() - (await lstat(path)).mtimeMs > (state === 'elsewhere' ? foreignPatience : day)
  } catch (error) {
    if (isGone(error)) return false
    throw error
  }
}

/** What cannot be removed now, the next sweep finds. */
async function removeFolder({ onWarning }: CacheContext, path: string): Promise<number> {
  const before = await measure(path)
  try {
    await rm(path, { recursive: true, force: true })
    return before
  } catch (error) {
    onWarning(`Not all of ${path} could be removed (${errorCode(error) ?? 'unknown error'}).`)
    return before - (await measure(path))
  }
}
