import { lstat, readlink, realpath, stat } from 'node:fs/promises'
import { join, sep } from 'node:path'
import { errorCode } from '../../core/disk-error.ts'
import { hashHandle } from '../../deliver/file-digest.ts'
import type { TreeEntry } from '../../deliver/archive-types.ts'
import { openOwn } from '../../deliver/store-files.ts'
import type { CachedTree, TreeCheck } from '../types.ts'
import { recordName } from './tree-record.ts'
import { isGone, walkTree } from './walk-tree.ts'

/** What desktops leave in folders that somebody looked at. */
const litter = new Set(['.DS_Store', 'Thumbs.db', 'desktop.ini'])

/** When the files of a tree were seen as they must be, in ms since 1970. */
export interface SealedTimes {
  /** When each was written last, by its path. */
  readonly times: ReadonlyMap<string, number>
  /** The system notes when anything of a file changes; none may have since then. */
  readonly sealedAt: number
}

/**
 * Compares a tree with what its record says. Every file is read; with `sealed` only those that may have been written to
 * since, as size and times of a file tell. A folder that is gone misses everything.
 */
export async function compareTree(
  tree: Pick<CachedTree, 'folder' | 'files'>,
  sealed?: SealedTimes,
  signal?: AbortSignal,
): Promise<Pick<TreeCheck, 'changed' | 'missing' | 'unexpected'>> {
  const { files: found } = await walkTree(tree.folder).catch((error: unknown) => {
    if (isGone(error)) return { files: new Map<string, 'file' | 'link' | 'other'>() }
    throw error
  })
  const changed: string[] = []
  const missing: string[] = []
  for (const entry of tree.files) {
    signal?.throwIfAborted()
    const kind = found.get(entry.path)
    if (kind === undefined) missing.push(entry.path)
    else if (kind !== entry.kind || !(await isAsRecorded(tree.folder, entry, sealed, signal))) changed.push(entry.path)
  }
  const known = new Set(tree.files.map(({ path }) => path)).add(recordName)
  const unexpected = [...found.keys()].filter((path) => !known.has(path) && !litter.has(baseOf(path))).sort()
  return { changed, missing, unexpected }
}

/** Whether a file is a library by its name: a loader of backends may load all such that lie in a folder. */
export function isLibraryName(path: string): boolean {
  return /\.(?:so(?:\.[\w.]+)?|dylib|dll)$/i.test(baseOf(path))
}

async function isAsRecorded(
  folder: string,
  entry: TreeEntry,
  sealed: SealedTimes | undefined,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  const path = join(folder, entry.path)
  try {
    if (entry.kind === 'link') return (await readlink(path)) === entry.target && (await leadsInside(folder, path))
    const { size, mtimeMs, ctimeMs } = await lstat(path)
    if (size !== entry.size) return false
    // A copy of the whole cache has other times: then the content decides.
    if (sealed && sealed.times.get(entry.path) === mtimeMs && ctimeMs <= sealed.sealedAt) return true
    const file = await openOwn(path)
    try {
      return (await hashHandle(file, signal)) === entry.sha256
    } finally {
      await file.close()
    }
  } catch (error) {
    // A link that leads in circles leads nowhere.
    if (isGone(error) || errorCode(error) === 'ELOOP') return false
    throw error
  }
}

async function leadsInside(folder: string, path: string): Promise<boolean> {
  const end = await realpath(path)
  return end.startsWith((await realpath(folder)) + sep) && (await stat(end)).isFile()
}

function baseOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}
