import { asSluiceError } from '../core/errors.ts'
import { syncFolder } from './landing.ts'

/**
 * Syncs the folders of small files once a second and at the end, not once for each file: the files themselves are
 * synced before they get their names, so a power cut can take back a name of the last second, never a byte of it.
 */
export interface FolderSync {
  soon(dir: string): void
  /** Rejects with the first disk error since the start. */
  finish(): Promise<void>
}

const intervalMs = 1000

export function createFolderSync(enabled: boolean): FolderSync {
  const waiting = new Set<string>()
  let timer: NodeJS.Timeout | null = null
  let problem: Error | null = null

  async function flush(): Promise<void> {
    timer = null
    const dirs = [...waiting]
    waiting.clear()
    for (const dir of dirs) {
      await syncFolder(dir).catch((error: unknown) => {
        problem ??= asSluiceError(error)
      })
    }
  }

  return {
    soon(dir) {
      if (!enabled) return
      waiting.add(dir)
      timer ??= setTimeout(() => void flush(), intervalMs).unref()
    },
    async finish() {
      if (timer) clearTimeout(timer)
      await flush()
      if (problem) throw problem
    },
  }
}
