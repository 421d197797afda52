import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { LibraryCache } from '../types.ts'
import { cacheError, folders } from './cache-context.ts'
import type { CacheContext } from './cache-context.ts'
import { cleanCache } from './clean-cache.ts'
import { compareTree } from './compare-tree.ts'
import { findTree } from './find-tree.ts'
import { installTree } from './install-tree.ts'
import { listTrees, lostTrees } from './list-trees.ts'
import { claimCache } from './own-folder.ts'
import { pruneTrees } from './prune-trees.ts'
import { folderOf, removeTree } from './remove-tree.ts'

export interface CacheOptions {
  /** Milliseconds since 1970; default the system's clock. */
  readonly now?: () => number
  /** Waits; default the system's timers. */
  readonly pause?: CacheContext['pause']
  /** Is told in a sentence what was found damaged. */
  readonly onWarning?: (message: string) => void
  /** Default this system's. */
  readonly platform?: NodeJS.Platform
}

/** Opens the cache in a folder, which need not be there: it is made when something is to be put in. Nothing stays open. */
export function openLibraryCache(dir: string, options: CacheOptions = {}): LibraryCache {
  const cache: CacheContext = {
    dir: resolve(dir),
    now: options.now ?? Date.now,
    pause: options.pause ?? pause,
    onWarning: options.onWarning ?? (() => {}),
    platform: options.platform ?? process.platform,
  }
  const told = async <T>(work: Promise<T>): Promise<T> => {
    try {
      return await work
    } catch (error) {
      throw cacheError(error, cache.dir)
    }
  }
  return {
    dir: cache.dir,
    downloads: join(cache.dir, folders.downloads),
    prepare: () => told(claimCache(cache)),
    find: (key) => told(findTree(cache, key)),
    list: () => told(listTrees(cache)),
    install: (...request) => told(installTree(cache, ...request)),
    check: (tree, signal) => told(checkTree(cache, tree, signal)),
    lost: () => told(lostTrees(cache)),
    remove: (tree) => told(removeTree(cache, tree)),
    prune: (keep) => told(pruneTrees(cache, keep)),
    clean: (tag) => told(cleanCache(cache, tag)),
  }
}

async function pause(ms: number, signal?: AbortSignal): Promise<void> {
  try {
    await sleep(ms, undefined, { signal })
  } catch (error) {
    throw signal?.aborted ? signal.reason : error
  }
}

async function checkTree(
  ...[cache, tree, signal]: [CacheContext, ...Parameters<LibraryCache['check']>]
): ReturnType<LibraryCache['check']> {
  const found = await compareTree({ folder: folderOf(cache, tree), files: tree.files }, undefined, signal)
  const isGood = found.changed.length + found.missing.length + found.unexpected.length === 0
  return { tree, verdict: isGood ? 'verified' : 'damaged', ...found }
}
