import type { Dirent } from 'node:fs'
import { lstat, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { errorCode } from '../../core/disk-error.ts'

/** What lies in a folder and the folders in it; links are not followed. */
export interface TreeWalk {
  /** All but folders by their relative path with `/`. */
  readonly files: ReadonlyMap<string, 'file' | 'link' | 'other'>
  /** Relative paths of the folders, the folder itself as '' first. */
  readonly folders: readonly string[]
}

export async function walkTree(folder: string): Promise<TreeWalk> {
  const files = new Map<string, 'file' | 'link' | 'other'>()
  const folders = ['']
  // Grows while it is read.
  for (const path of folders) {
    for (const entry of await readdir(join(folder, path), { withFileTypes: true })) {
      const inner = path === '' ? entry.name : `${path}/${entry.name}`
      if (entry.isDirectory()) folders.push(inner)
      else files.set(inner, entry.isFile() ? 'file' : entry.isSymbolicLink() ? 'link' : 'other')
    }
  }
  return { files, folders }
}

/** Names of the real folders in a folder, sorted; none where it is missing or a link itself. */
export async function foldersIn(folder: string): Promise<string[]> {
  return (await entriesOf(folder)).flatMap((entry) => (entry.isDirectory() ? [entry.name] : [])).sort()
}

/** Names of all that is in a folder; none where it is missing or a link itself. */
export async function namesIn(folder: string): Promise<string[]> {
  return (await entriesOf(folder)).map(({ name }) => name)
}

async function entriesOf(folder: string): Promise<Dirent[]> {
  if (!(await isRealFolder(folder))) return []
  try {
    return await readdir(folder, { withFileTypes: true })
  } catch (error) {
    if (isGone(error)) return []
    throw error
  }
}

export async function isRealFolder(path: string): Promise<boolean> {
  try {
    return (await lstat(path)).isDirectory()
  } catch (error) {
    if (isGone(error)) return false
    throw error
  }
}

/** Whether an error says that there is nothing at that path. */
export function isGone(error: unknown): boolean {
  return ['ENOENT', 'ENOTDIR'].includes(errorCode(error) ?? '')
}
