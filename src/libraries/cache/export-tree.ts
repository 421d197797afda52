import { randomBytes } from 'node:crypto'
import { chmod, constants, copyFile, lstat, mkdir, readdir, rename, rm, symlink } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { SluiceError } from '../../core/errors.ts'
import { readSmallFile } from '../../deliver/read-small-file.ts'
import type { TreeEntry } from '../../deliver/archive-types.ts'
import { makeFolder } from '../../transfer/make-folder.ts'
import type { CachedTree } from '../types.ts'
import { cacheError } from './cache-context.ts'
import { compareTree, isLibraryName } from './compare-tree.ts'
import { writeRecord } from './seal-tree.ts'
import { tagFolderNames } from './tree-key.ts'
import { maxRecordBytes, parseRecord, recordName } from './tree-record.ts'
import { foldersIn, isGone } from './walk-tree.ts'

export interface ExportedTree {
  /** `<os>_<arch>_<tag>` in the folder that was given. */
  readonly folder: string
  readonly bytes: number
  /** Folders of other builds for the platform, which were removed. */
  readonly replaced: readonly string[]
}

/**
 * Copies the libraries of a tree, their licence and a record into `<folder>/<os>_<arch>_<tag>` and removes what this function
 * exported for the same platform before: one build is kept. The files are read and compared first.
 * @throws SluiceError `digest-mismatch` for a tree that is damaged, `target-exists` where something else has the name
 */
export async function exportTree(tree: CachedTree, folder: string, signal?: AbortSignal): Promise<ExportedTree> {
  try {
    return await exportChecked(tree, folder, signal)
  } catch (error) {
    throw cacheError(error, folder)
  }
}

async function exportChecked(tree: CachedTree, folder: string, signal?: AbortSignal): Promise<ExportedTree> {
  // Refuses a tag that is no name.
  tagFolderNames(tree)
  const { changed, missing } = await compareTree(tree, undefined, signal)
  const [odd] = [...changed, ...missing]
  if (odd !== undefined)
    throw new SluiceError('digest-mismatch', `The libraries in the cache are damaged (${odd}), nothing was copied.`, {
      hint: 'Download them again.',
    })
  const prefix = `${tree.platform.os}_${tree.platform.arch}_`
  const target = join(folder, prefix + tree.tag)
  makeFolder(folder)
  const before = await exportsIn(folder, prefix)
  if (!before.includes(target) && !(await isFree(target)))
    throw new SluiceError('target-exists', `There is something else already: ${target}`, {
      hint: 'Remove it, or choose another folder.',
    })
  const fresh = join(folder, `.sluice-export-${randomBytes(8).toString('hex')}`)
  try {
    const bytes = await copyLibraries(tree, fresh)
    signal?.throwIfAborted()
    for (const path of before) await rm(path, { recursive: true, force: true })
    await rename(fresh, target)
    return { folder: target, bytes, replaced: before.filter((path) => path !== target) }
  } finally {
    await rm(fresh, { recursive: true, force: true })
  }
}

/** The library's own folder, without folders in it: libraries look for each other beside themselves. */
async function copyLibraries(tree: CachedTree, into: string): Promise<number> {
  const name = basename(tree.libraryPath)
  const library = tree.files.find(({ path }) => join(tree.folder, path) === tree.libraryPath)?.path ?? name
  const above = library.slice(0, -name.length)
  const wanted = (path: string): boolean =>
    path.startsWith(above) && !path.slice(above.length).includes('/') && isLibraryName(path)
  const licence = tree.files.find(({ path, kind }) => kind === 'file' && /^licen[cs]e/i.test(basename(path)))
  const chosen = [...tree.files.filter(({ path }) => wanted(path)), ...(licence ? [licence] : [])]
  const names = new Set(chosen.map(({ path }) => basename(path)))
  await mkdir(into)
  const files: TreeEntry[] = []
  for (const entry of chosen) {
    const path = basename(entry.path)
    const plain = entry.kind === 'file' || !names.has(entry.target ?? '') ? realFile(tree, entry) : entry
    if (plain.kind === 'link') await symlink(plain.target ?? '', join(into, path))
    else {
      await copyFile(join(tree.folder, plain.path), join(into, path), constants.COPYFILE_FICLONE)
      await chmod(join(into, path), plain.mode)
    }
    files.push({ ...plain, path })
  }
  const { repository, tag, platform, variant, asset, sha256, verifiedBy, companions, installedAt } = tree
  const key = { repository, tag, platform, variant, asset, sha256, verifiedBy, companions, installedAt }
  await writeRecord(into, { ...key, library: name, files, times: new Map() })
  return files.reduce((sum, { size }) => sum + size, 0)
}

/** The file that an entry is or, links followed through the record, leads to. */
function realFile(tree: CachedTree, entry: TreeEntry): TreeEntry {
  let at = entry
  for (let hops = 0; at.kind === 'link' && hops < 40; hops++) {
    const path = join(at.path, '..', at.target ?? '').replaceAll('\\', '/')
    const next = tree.files.find((file) => file.path === path)
    if (!next) break
    at = next
  }
  if (at.kind === 'file') return at
  throw new SluiceError('internal', `A link of the libraries leads to nothing in their list: ${entry.path}`)
}

/** Folders that this function made for a platform, by their record. */
async function exportsIn(folder: string, prefix: string): Promise<string[]> {
  const found: string[] = []
  for (const name of await foldersIn(folder)) {
    if (!name.startsWith(prefix)) continue
    const record = await recordOf(join(folder, name))
    if (record && `${record.platform.os}_${record.platform.arch}_${record.tag}` === name) found.push(join(folder, name))
  }
  return found
}

async function recordOf(folder: string): Promise<ReturnType<typeof parseRecord>> {
  try {
    const file = await readSmallFile(join(folder, recordName), maxRecordBytes)
    return file ? parseRecord(file.bytes.toString('utf8')) : null
  } catch (error) {
    if (isGone(error)) return null
    throw error
  }
}

/** Nothing there, or an empty folder, which a rename replaces. */
async function isFree(path: string): Promise<boolean> {
  try {
    return (await lstat(path)).isDirectory() && (await readdir(path)).length === 0
  } catch (error) {
    if (isGone(error)) return true
    throw error
  }
}
