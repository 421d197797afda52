import { SluiceError } from '../../core/errors.ts'
import type { Ledger } from '../ledger.ts'

/** Keeps downloads of libraries and removals from the cache apart: a download counts on what it has found there. */
export interface Removals {
  /** Removes from one build, or from all; `in-use` while a download runs that may use it. */
  remove<T>(tag: string | undefined, work: () => Promise<T>): Promise<T>
  /** Resolves when nothing is being removed. */
  ended(): Promise<void>
}

export function createRemovals(ledger: Pick<Ledger, 'all'>): Removals {
  const running = new Set<Promise<unknown>>()
  return {
    async remove(tag, work) {
      for (const { row, run } of ledger.all()) {
        if (run === null || row.kind !== 'llama') continue
        const used = row.options.llama?.tag
        if (tag === undefined || used === undefined || used === tag)
          throw new SluiceError('in-use', `${row.filename} is being downloaded, and may need what is in the cache.`, {
            hint: 'Wait until it is complete, or pause it.',
          })
      }
      const done = work()
      running.add(done)
      try {
        return await done
      } finally {
        running.delete(done)
      }
    },
    async ended() {
      while (running.size > 0) await Promise.allSettled(running)
    },
  }
}
