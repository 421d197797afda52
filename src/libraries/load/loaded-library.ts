import { dirname, sep } from 'node:path'
import { SluiceError } from '../../core/errors.ts'
import { excerpt } from '../../core/excerpt.ts'
import type { CachedTree } from '../types.ts'
import type { NativeFunction } from './koffi.ts'
import type { LoadedFacts } from './library-facts.ts'
import { mappedLibraries } from './mapped-libraries.ts'
import { openLibrary } from './open-library.ts'
import type { LoadedLibrary } from './open-library.ts'
import { realFile } from './real-file.ts'

type Tree = Pick<CachedTree, 'tag' | 'libraryPath'>

/** The one library of this process, from when it was first loaded to the end of the process. */
let mine: { readonly tree: Tree; readonly library: LoadedLibrary; loaded: boolean } | null = null
/** Ends when every load and unload that was asked for has ended: they go one after the other. */
let turn: Promise<unknown> = Promise.resolve()

/**
 * Loads a library into this process, and gives what it says of itself. Loading the same again, also at the same time, gives
 * the same facts. A process has one version: libraries find each other by names that all versions share, and nothing that
 * was loaded ever leaves the memory for sure. So another version is `not-loadable`, also after `unload`.
 */
export async function load(tree: Tree): Promise<LoadedFacts> {
  return await next(async () => {
    const wanted = { tag: tree.tag, libraryPath: await realFile(tree.libraryPath) }
    if (mine === null) {
      await refuseOthers(wanted)
      mine = { tree: wanted, library: await openLibrary(tree.libraryPath, { tag: tree.tag }), loaded: true }
    } else if (mine.tree.tag !== wanted.tag || mine.tree.libraryPath !== wanted.libraryPath) {
      throw oneVersion(mine.tree.tag, mine.loaded)
    } else if (!mine.loaded) {
      mine.library.call('llama_backend_init', 'void', [])()
      mine.loaded = true
    }
    return mine.library.facts
  })
}

/** Ends the use of the library; without one it does nothing. Its code stays in memory, and `load` may begin its use again. */
export async function unload(): Promise<void> {
  await next(async () => {
    if (mine === null || !mine.loaded) return
    mine.loaded = false
    mine.library.call('llama_backend_free', 'void', [])()
  })
}

/** What is loaded now, null without. */
export function loaded(): LoadedFacts | null {
  return mine?.loaded === true ? mine.library.facts : null
}

/** Refuses a version as `load` would, before it is fetched; null stands for one that is not known yet, which passes. */
export function checkVersion(tag: string | null): void {
  if (mine !== null && tag !== null && mine.tree.tag !== '' && mine.tree.tag !== tag)
    throw oneVersion(mine.tree.tag, mine.loaded)
}

/**
 * A function of the loaded library, to be called with what koffi takes for its types: `libraryFunction('llama_n_ctx',
 * 'uint32_t', ['void *'])`. Types are not checked against the library: a wrong one ends the process. `not-loaded` without
 * a library, and from every call after `unload`; `not-loadable` where the library has no such function.
 */
export function libraryFunction(name: string, result: string, args: readonly string[] = []): NativeFunction {
  const call = current().call(name, result, args)
  return (...values) => {
    current()
    return call(...values)
  }
}

function current(): LoadedLibrary {
  if (mine?.loaded === true) return mine.library
  throw new SluiceError('not-loaded', 'The library cannot be used: library not loaded.')
}

async function next<T>(work: () => Promise<T>): Promise<T> {
  const result = turn.then(work)
  turn = result.catch(() => {})
  return await result
}

/** Other threads of this process, other copies of Sluice and other packages load libraries too. */
async function refuseOthers({ libraryPath }: Tree): Promise<void> {
  const own = `${dirname(libraryPath)}${sep}`
  const foreign = (await mappedLibraries()).find((path) => !path.startsWith(own))
  if (foreign !== undefined) throw oneVersion(`what is in ${excerpt(dirname(foreign), 300)}`, true)
}

function oneVersion(what: string, isLoaded: boolean): SluiceError {
  const state = isLoaded ? 'has' : 'had'
  return new SluiceError(
    'not-loadable',
    `One process can load one version of llama.cpp, and this one ${state} ${what} loaded${isLoaded ? '' : ', which never leaves its memory'}.`,
    { hint: 'Load the other version in a process of its own.' },
  )
}
