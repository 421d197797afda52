import { stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { errorCode } from '../core/disk-error.ts'

/** User and group, as numbers. */
export interface Owner {
  readonly uid: number
  readonly gid: number
}

/** Whose a path is, or the nearest folder above it that is there. */
async function ownerOf(path: string): Promise<Owner> {
  for (let place = path; ; place = dirname(place)) {
    try {
      const { uid, gid } = await stat(place)
      return { uid, gid }
    } catch (error) {
      const code = errorCode(error)
      if ((code !== 'ENOENT' && code !== 'ENOTDIR') || dirname(place) === place) throw error
    }
  }
}

/**
 * To whom belongs what is written into a models folder. Root gives it to the owner of the folder (of the nearest one above,
 * if it is not there yet): a service like ollama can then remove it again. Others cannot give files away; `foreign` tells
 * that the folder belongs to somebody else all the same. Null: as the system does it.
 */
export async function storeOwner(
  dir: string,
  user: number | undefined = process.geteuid?.(),
): Promise<{ readonly owner: Owner | null; readonly foreign: number | null }> {
  if (user === undefined) return { owner: null, foreign: null }
  const owner = await ownerOf(dir)
  if (owner.uid === user) return { owner: null, foreign: null }
  return user === 0 ? { owner, foreign: null } : { owner: null, foreign: owner.uid }
}
