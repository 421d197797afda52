import { realpath } from 'node:fs/promises'
import { SluiceError } from '../../core/errors.ts'
import { diskError, errorCode } from '../../core/disk-error.ts'

/** What all parts of one cache share. */
export interface CacheContext {
  /** Absolute; may itself be a link. */
  readonly dir: string
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** Waits; rejects with the reason of an aborted signal. */
  readonly pause: (ms: number, signal?: AbortSignal) => Promise<void>
  readonly onWarning: (message: string) => void
  readonly platform: NodeJS.Platform
}

/** Names in a cache folder. */
export const folders = { trees: 'trees', downloads: 'downloads', locks: 'locks', api: 'api' } as const

/** The folder itself, links resolved; null where there is none. */
export async function cacheRoot({ dir }: Pick<CacheContext, 'dir'>): Promise<string | null> {
  try {
    return await realpath(dir)
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return null
    throw error
  }
}

/** An error of the file system as one of Sluice's, which names the place; others come back as they are. */
export function cacheError(error: unknown, dir: string): unknown {
  const path = error instanceof Error && 'path' in error && typeof error.path === 'string' ? error.path : dir
  const told = diskError(error, path)
  if (told === error || !(told instanceof SluiceError) || told.code !== 'disk-permission') return told
  return new SluiceError(told.code, told.message, {
    hint: 'Choose a folder that you may write to, with SLUICE_LLAMA_CACHE_DIR.',
    cause: error,
  })
}
