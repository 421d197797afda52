import { asSluiceError } from '../core/errors.ts'
import type { Desk } from './desk.ts'
import { problemOf } from './entry.ts'
import type { Entry } from './entry.ts'
import type { Fetching, Found } from './fetching.ts'
import { storedFile } from './files-view.ts'

/**
 * Finds out what the names of models and releases lead to, before they are queued: so a wrong one is told at once, and a queued one
 * shows its files and its size. Several at once, in the order in which they were added.
 */
export interface Validation {
  /** For entries that were just added; those that need no validation are passed over. */
  begin(entries: readonly Entry[]): void
  close(): void
}

const most = 4

export function createValidation(desk: Desk, fetching: Fetching): Validation {
  const { ledger } = desk
  const waiting: Entry[] = []
  const closing = new AbortController()
  let running = 0

  function next(): void {
    while (running < most && !closing.signal.aborted) {
      const entry = waiting.shift()
      if (!entry) return
      running++
      desk.background(
        validate(entry).finally(() => {
          running--
          next()
        }),
        'a download could not be validated',
      )
    }
  }

  async function validate(entry: Entry): Promise<void> {
    if (!isWaiting(entry)) return
    try {
      const preview = await fetching.preview(entry, closing.signal)
      if (isWaiting(entry)) accept(entry, preview)
    } catch (thrown) {
      if (closing.signal.aborted || entry.row.status !== 'validating') return
      const error = asSluiceError(thrown)
      // What may pass is left to the run, which tries again.
      if (error.retryable) ledger.move(entry, 'accept')
      else ledger.move(entry, 'reject', { error: problemOf(error) }, error.message)
    }
  }

  function accept(entry: Entry, { bytesTotal, files, change }: Found): void {
    const found = { bytesTotal, files: files.map(storedFile), ...change(entry.row) }
    if (entry.row.status === 'validating') ledger.move(entry, 'accept', found)
    else ledger.change(entry, found)
  }

  /** It may have been paused, cancelled or removed meanwhile. */
  const isWaiting = (entry: Entry): boolean =>
    ledger.find(entry.id) === entry && (entry.row.status === 'validating' || entry.row.status === 'paused')

  return {
    begin(entries) {
      waiting.push(...entries.filter(({ row }) => row.kind !== 'http' && row.files.length === 0))
      next()
    },
    close: () => closing.abort(),
  }
}
