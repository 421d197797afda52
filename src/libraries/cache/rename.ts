import { rename } from 'node:fs/promises'
import { errorCode } from '../../core/disk-error.ts'
import type { CacheContext } from './cache-context.ts'

/** Scanners of viruses and indexers hold new files for a moment; programs that loaded a library for good (ms). */
const patienceMs = 10_000
const firstPauseMs = 20
const longestPauseMs = 500

/**
 * Renames a folder. Windows refuses that while anything in it is open: there it is tried again for 10 s.
 * Errors are those of the file system.
 */
export async function renamePatiently(
  from: string,
  to: string,
  { platform, now, pause }: Pick<CacheContext, 'platform' | 'now' | 'pause'>,
  move: (from: string, to: string) => Promise<void> = rename,
): Promise<void> {
  const start = now()
  for (let wait = firstPauseMs; ; wait = Math.min(wait * 2, longestPauseMs)) {
    try {
      await move(from, to)
      return
    } catch (error) {
      const transient = platform === 'win32' && ['EPERM', 'EACCES', 'EBUSY'].includes(errorCode(error) ?? '')
      if (!transient || now() - start >= patienceMs) throw error
      await pause(wait)
    }
  }
}
