import { asSluiceError } from '../core/errors.ts'
import type { SluiceError } from '../core/errors.ts'
import type { DownloadEnd, HistoryEntry, Store, StoredDownload } from '../store/types.ts'
import type { Clock } from './clock.ts'

/** Brings changes to the store in the order of their making; many at once go together. */
export interface WriteBehind {
  row(row: StoredDownload): void
  end(row: StoredDownload, entry: HistoryEntry, localDate: string): void
  remove(id: string): void
  /** Resolves when the store has everything said so far; a `database` error when it fails. It is tried again then. */
  written(): Promise<void>
  /** Why the last writing failed, null when it did not. */
  problem(): SluiceError | null
  /** Writes what is left, once. */
  close(): Promise<void>
}

interface Batch {
  readonly rows: Map<string, StoredDownload>
  readonly ends: Map<string, DownloadEnd>
  readonly removed: Set<string>
}

const pauseAfterFailure = 3000

export function createWriteBehind(store: Store, clock: Clock, onFailure: (error: SluiceError) => void): WriteBehind {
  let waiting = emptyBatch()
  let current: Promise<void> = Promise.resolve()
  let next: Promise<void> | null = null
  let failure: SluiceError | null = null
  let closed = false

  async function write(): Promise<void> {
    const batch = waiting
    waiting = emptyBatch()
    try {
      // The store works in the order of the calls: what changed after an end (a retry) overwrites its row.
      await Promise.all([
        batch.ends.size > 0 ? store.recordEnds([...batch.ends.values()]) : undefined,
        batch.rows.size > 0 ? store.updateDownloads([...batch.rows.values()]) : undefined,
        batch.removed.size > 0 ? store.removeDownloads([...batch.removed]) : undefined,
      ])
      failure = null
    } catch (thrown) {
      waiting = merged(batch, waiting)
      failure = asSluiceError(thrown)
      onFailure(failure)
      if (!closed) clock.after(pauseAfterFailure, () => void written().catch(() => undefined))
      throw failure
    }
  }

  function written(): Promise<void> {
    if (isEmpty(waiting)) return next ?? current
    if (next) return next
    const planned = current
      .catch(() => undefined)
      .then(() => {
        next = null
        current = write()
        return current
      })
    // Whoever waits hears of a failure, and so does `onFailure`; nobody else has to.
    planned.catch(() => undefined)
    next = planned
    return planned
  }

  return {
    row(row) {
      waiting.rows.set(row.id, row)
      void written()
    },
    end(row, entry, localDate) {
      waiting.rows.delete(row.id)
      waiting.ends.set(row.id, { download: row, entry, localDate })
      void written()
    },
    remove(id) {
      waiting.rows.delete(id)
      waiting.removed.add(id)
      void written()
    },
    written,
    problem: () => failure,
    async close() {
      closed = true
      await written()
    },
  }
}

function emptyBatch(): Batch {
  return { rows: new Map(), ends: new Map(), removed: new Set() }
}

function isEmpty({ rows, ends, removed }: Batch): boolean {
  return rows.size + ends.size + removed.size === 0
}

/** Newer rows count; one that is older than an end has no say any more. */
function merged(older: Batch, newer: Batch): Batch {
  const rows = [...older.rows].filter(([id]) => !newer.ends.has(id))
  return {
    rows: new Map([...rows, ...newer.rows]),
    ends: new Map([...older.ends, ...newer.ends]),
    removed: new Set([...older.removed, ...newer.removed]),
  }
}
