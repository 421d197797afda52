import { stat } from 'node:fs/promises'
import { asSluiceError, SluiceError } from '../core/errors.ts'
import { hostTarget } from '../core/llama-target.ts'
import type { LibraryWorld } from './download-types.ts'
import { findInstalled } from './find-installed.ts'
import type { FindRequest } from './find-installed.ts'
import { findLibrary } from './load/find-library.ts'
import type { LibraryFacts } from './types.ts'

export interface LoadRequest extends FindRequest {
  /** This library, or the one in this folder, and no other. Absolute. */
  readonly libraryPath?: string | undefined
}

interface LoadOptions {
  readonly signal?: AbortSignal | undefined
  readonly onWarning: (message: string) => void
}

/**
 * Loads what a request means in a child process, so that it can be tried whatever this process has loaded. Of several
 * variants of the version the next is tried where one does not work.
 */
export async function loadInChild(
  world: LibraryWorld,
  request: LoadRequest,
  options: LoadOptions,
): Promise<LibraryFacts> {
  const { libraryPath } = request
  if (libraryPath !== undefined)
    return world.probe({ tag: '', libraryPath: await givenLibrary(libraryPath) }, options.signal)
  const trees = await findInstalled(world, request, options)
  const problem = await world.loaderProblem()
  if (problem !== null) throw problem
  return firstThatWorks(trees, (tree) => world.probe(tree, options.signal), options)
}

/** Tries each in turn; a library that cannot be loaded leads to the next, the last error is thrown. */
async function firstThatWorks<T extends { readonly variant: string }, R>(
  trees: readonly [T, ...T[]],
  work: (tree: T) => Promise<R>,
  { signal, onWarning }: LoadOptions,
): Promise<R> {
  for (const tree of trees.slice(0, -1)) {
    try {
      return await work(tree)
    } catch (error) {
      signal?.throwIfAborted()
      const { code, message } = asSluiceError(error)
      if (code !== 'not-loadable') throw error
      onWarning(`The variant ${tree.variant} cannot be loaded: ${message}`)
    }
  }
  return work(trees.at(-1) ?? trees[0])
}

/** The library that a path names, itself or as its folder. */
export async function givenLibrary(path: string): Promise<string> {
  const found = await stat(path).catch(() => null)
  if (found?.isDirectory() !== true) return path
  const library = await findLibrary(path, hostTarget(process.platform, process.arch))
  if (library !== null) return library.path
  throw new SluiceError('not-loadable', `The folder ${path} has no library of llama.cpp for this machine.`, {
    hint: 'Give the path of the library itself.',
  })
}
