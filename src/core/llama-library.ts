import { compareVersions } from './dotted-version.ts'
import type { TargetPlatform } from './release.ts'

/** File names of the main library. */
export interface LibraryNames {
  /** `libllama.so`, `libllama.dylib` or `llama.dll`. */
  readonly main: string
  /** Names with a version: the first group is the version. Null on Windows. */
  readonly versioned: RegExp | null
}

const names: Readonly<Record<TargetPlatform['os'], LibraryNames>> = {
  linux: { main: 'libllama.so', versioned: /^libllama\.so\.(\d{1,9}(?:\.\d{1,9}){0,5})$/ },
  darwin: { main: 'libllama.dylib', versioned: /^libllama\.(\d{1,9}(?:\.\d{1,9}){0,5})\.dylib$/ },
  windows: { main: 'llama.dll', versioned: null },
}
/** Deepest folder that is searched where none of the usual ones has a library. */
const maxDepth = 5

/** What the main library is called on a platform. */
export function libraryNames(target: Pick<TargetPlatform, 'os'>): LibraryNames {
  return names[target.os]
}

/**
 * The main library among the files and links of an unpacked archive (relative paths with `/`), null without one. Folders
 * are searched from the newest layout to the oldest, then all others from the top; in a folder the plain name comes before
 * `.0` and that before the highest version.
 */
export function mainLibrary(paths: readonly string[], target: Pick<TargetPlatform, 'os'>, tag: string): string | null {
  const usual = [`llama-${tag}`, '', 'build/bin', 'bin', 'lib', 'src', `llama-${tag}/bin`, `llama-${tag}/lib`]
  const found = paths
    .map((path) => ({ path, folder: folderOf(path), rank: rankOf(baseOf(path), target) }))
    .filter(({ folder, rank }) => rank !== null && folder.split('/').length <= maxDepth)
    .map(({ path, folder, rank }) => ({ path, rank: rank ?? '', place: placeOf(folder, usual) }))
    .sort((a, b) => a.place - b.place || compareRanks(a.rank, b.rank) || (a.path < b.path ? -1 : 1))
  return found[0]?.path ?? null
}

function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')))
}

function baseOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}

/** '' for the plain name, else the version in it; null for other files. */
function rankOf(name: string, target: Pick<TargetPlatform, 'os'>): string | null {
  const { main, versioned } = names[target.os]
  return name === main ? '' : (versioned?.exec(name)?.[1] ?? null)
}

function placeOf(folder: string, usual: readonly string[]): number {
  const place = usual.indexOf(folder)
  return place < 0 ? usual.length + folder.split('/').length : place
}

function compareRanks(a: string, b: string): number {
  const order = (rank: string): number => (rank === '' ? 0 : rank === '0' ? 1 : 2)
  return order(a) - order(b) || compareVersions(b, a)
}
