import { SluiceError } from '../../core/errors.ts'
import type { Clock } from '../clock.ts'
import type { Entry } from '../entry.ts'
import type { Ledger } from '../ledger.ts'

/** Keeps downloads of libraries and removals from the cache apart: a download counts on what it has found there. */
export interface Removals {
  /**
   * Removes from one build, or from all. Waits a moment for downloads that may use it, which may be nearly done; `in-use`
   * for one that goes on.
   */
  remove<T>(tag: string | undefined, work: () => Promise<T>): Promise<T>
  /** Resolves when nothing is being removed. */
  ended(): Promise<void>
}

/** How long a removal waits for a download to end, in ms. */
const patience = 5000

export function createRemovals(ledger: Pick<Ledger, 'all'>, clock: Pick<Clock, 'after'>): Removals {
  const running = new Set<Promise<unknown>>()

  function usersOf(tag: string | undefined): Entry[] {
    return Array.from(ledger.all()).filter(({ row, run }) => {
      if (run === null || row.kind !== 'llama') return false
      const used = row.options.llama?.tag
      return tag === undefined || used === undefined || used === tag
    })
  }

  async function ends(users: readonly Entry[]): Promise<void> {
    if (users.length === 0) return
    const late = Promise.withResolvers<'late'>()
    const cancel = clock.after(patience, () => late.resolve('late'))
    try {
      for (const { row, run } of users) {
        if ((await Promise.race([run?.settled, late.promise])) !== 'late') continue
        throw new SluiceError('in-use', `${row.filename} is being downloaded, and may need what is in the cache.`, {
          hint: 'Wait until it is complete, or pause it.',
        })
      }
    } finally {
      cancel()
    }
  }

  return {
    async remove(tag, work) {
      // Whoever begins from now on waits for the removal, and is none of those it waits for.
      const done = ends(usersOf(tag)).then(work)
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
