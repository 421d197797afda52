import { lstat, readdir, rm, rmdir } from 'node:fs/promises'
import { join } from 'node:path'
import { diskError, errorCode } from '../core/disk-error.ts'
import { temporarySuffix } from './store-files.ts'

/** What an unfinished pull or a crash has left in a store: a part, its session, or a file that was being written. */
export interface Leftover {
  readonly path: string
  /** Bytes that it takes on the disk. */
  readonly bytes: number
  /** When anything of it was written last, ms since 1970. */
  readonly modifiedMs: number
}

/** Folder in which the parts keep their sessions. */
const sessions = '.staging'

/**
 * What lies in the folders for what is on its way, the oldest first. Parts of pulls that run are among them; they are
 * written to every second. None where there is no such folder.
 */
export async function findLeftovers({ own, partialDir }: { own: string; partialDir: string }): Promise<Leftover[]> {
  const paths = [
    ...(await pathsIn(own)).filter((path) => path.endsWith(temporarySuffix)),
    ...(await pathsIn(partialDir)).filter((path) => path !== join(partialDir, sessions)),
    ...(await pathsIn(join(partialDir, sessions))),
  ]
  const found: Leftover[] = []
  for (const path of paths) {
    const measured = await measure(path)
    if (measured) found.push({ path, ...measured })
  }
  return found.sort((a, b) => a.modifiedMs - b.modifiedMs)
}

/** Removes what was not written to for `olderThanMs` and what `isInUse` does not name. Gives what was removed. */
export async function removeLeftovers(
  folders: { readonly own: string; readonly partialDir: string },
  olderThanMs: number,
  now: number,
  isInUse: (path: string) => boolean = () => false,
): Promise<Leftover[]> {
  const old = (await findLeftovers(folders)).filter(
    ({ path, modifiedMs }) => now - modifiedMs >= olderThanMs && !isInUse(path),
  )
  for (const { path } of old) {
    try {
      await rm(path, { recursive: true, force: true })
    } catch (error) {
      throw diskError(error, path)
    }
  }
  await rmdir(join(folders.partialDir, sessions)).catch((error: unknown) => {
    // Younger sessions are in it, or it never was.
    if (errorCode(error) === undefined) throw error
  })
  return old
}

async function pathsIn(folder: string): Promise<string[]> {
  return (await namesIn(folder)).map((name) => join(folder, name))
}

/** None behind a link: what is there need not be ours. */
export async function namesIn(folder: string): Promise<string[]> {
  try {
    return (await lstat(folder)).isSymbolicLink() ? [] : await readdir(folder)
  } catch (error) {
    if (errorCode(error) === 'ENOENT' || errorCode(error) === 'ENOTDIR') return []
    throw diskError(error, folder)
  }
}

/** Sizes of a file, or of a folder with all that is in it; links are not followed. Null for what is gone meanwhile. */
async function measure(path: string): Promise<Pick<Leftover, 'bytes' | 'modifiedMs'> | null> {
  try {
    const file = await lstat(path)
    // A part is a file with holes; systems that count no blocks tell 0.
    let bytes = file.blocks > 0 ? Math.min(file.size, file.blocks * 512) : file.size
    if (!file.isDirectory()) return { bytes, modifiedMs: file.mtimeMs }
    bytes = 0
    let { mtimeMs: modifiedMs } = file
    for (const inner of await pathsIn(path)) {
      const measured = await measure(inner)
      bytes += measured?.bytes ?? 0
      modifiedMs = Math.max(modifiedMs, measured?.modifiedMs ?? 0)
    }
    return { bytes, modifiedMs }
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return null
    throw diskError(error, path)
  }
}
