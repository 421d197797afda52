import { readdir, realpath, stat } from 'node:fs/promises'
import { dirname, join, sep } from 'node:path'
import { mainLibrary } from '../../core/llama-library.ts'
import type { TargetPlatform } from '../../core/release.ts'
import { realFile } from './real-file.ts'

/** Deepest folder that is looked into; `mainLibrary` takes none from deeper. */
const maxDepth = 5
/** Most names that are looked at: an archive of llama.cpp has some hundred. */
const maxNames = 20_000

/**
 * The main library in a folder, null where there is none. `not-loadable` without the folder. Never
 * `libllama-common` or another file that only begins so.
 * A link counts as the file that it leads to, when that is in the folder too; links to folders are not followed.
 * `tag` prefers `llama-<tag>/`; without it, any one folder of that kind is preferred.
 */
export async function findLibrary(
  folder: string,
  target: Pick<TargetPlatform, 'os'>,
  tag?: string,
): Promise<{ readonly path: string; readonly dir: string } | null> {
  const root = await realFile(folder)
  const names: string[] = []
  await walk(root, '', names)
  const rest = new Set(names)
  while (rest.size > 0) {
    const paths = [...rest]
    const found = mainLibrary(paths, target, tag ?? ownTag(paths))
    if (found === null) return null
    const path = join(root, ...found.split('/'))
    if (await isFileInside(root, path)) return { path, dir: dirname(path) }
    rest.delete(found)
  }
  return null
}

async function walk(root: string, folder: string, names: string[]): Promise<void> {
  const depth = folder === '' ? 0 : folder.split('/').length
  for (const entry of await readdir(join(root, folder), { withFileTypes: true })) {
    if (names.length >= maxNames) return
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`
    if (entry.isDirectory() && depth < maxDepth) await walk(root, path, names)
    else if (entry.isFile() || entry.isSymbolicLink()) names.push(path)
  }
}

function ownTag(paths: readonly string[]): string {
  for (const path of paths) {
    const tag = /^llama-([^/]+)\//.exec(path)?.[1]
    if (tag !== undefined) return tag
  }
  return ''
}

async function isFileInside(root: string, path: string): Promise<boolean> {
  try {
    const real = await realpath(path)
    return real.startsWith(`${root}${sep}`) && (await stat(real)).isFile()
  } catch (error) {
    // A link that leads nowhere, or in a circle.
    if (error instanceof Error && 'code' in error) return false
    throw error
  }
}
