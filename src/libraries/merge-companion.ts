import { rename, symlink } from 'node:fs/promises'
import { join, posix } from 'node:path'
import { SluiceError } from '../core/errors.ts'
import type { TreeEntry } from '../deliver/archive-types.ts'

const libraryFile = /\.(?:so(?:\.\d+)*|dll|dylib)$/i

/**
 * Moves the libraries of a companion (the CUDA runtime) beside the main library, where the backends look for them, and
 * gives all entries of the tree. What is there already with the same content stays; another file or link of the same name
 * is `bad-archive`. Paths of entries are relative to `folder` and `apart`.
 */
export async function mergeCompanion(
  folder: string,
  entries: readonly TreeEntry[],
  library: string,
  apart: string,
  added: readonly TreeEntry[],
): Promise<TreeEntry[]> {
  const place = posix.dirname(library)
  const files = new Map(entries.map((entry) => [entry.path.toLowerCase(), entry]))
  // Files first: links lead to them.
  const libraries = added.filter(({ path }) => libraryFile.test(path))
  for (const entry of libraries.toSorted((a, b) => Number(a.kind === 'link') - Number(b.kind === 'link'))) {
    const path = posix.join(place, posix.basename(entry.path))
    const moved: TreeEntry =
      entry.target === undefined ? { ...entry, path } : { ...entry, path, target: posix.basename(entry.target) }
    const there = files.get(path.toLowerCase())
    if (there !== undefined && !isSame(there, moved))
      throw new SluiceError('bad-archive', `${path} is in the archive and in its companion, with different contents.`)
    if (there !== undefined) continue
    if (moved.target === undefined) await rename(join(apart, entry.path), join(folder, path))
    else await symlink(moved.target, join(folder, path))
    files.set(path.toLowerCase(), moved)
  }
  const links = [...files.values()].filter(({ target }) => target !== undefined)
  for (const { path, target = '' } of links)
    if (!files.has(posix.join(posix.dirname(path), target).toLowerCase()))
      throw new SluiceError('bad-archive', `The link ${path} of the companion leads to ${target}, which is not there.`)
  return [...files.values()]
}

function isSame(a: TreeEntry, b: TreeEntry): boolean {
  return a.kind === b.kind && (a.target ?? a.sha256) === (b.target ?? b.sha256)
}
