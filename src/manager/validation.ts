import { asSluiceError } from '../core/errors.ts'
import type { Desk } from './desk.ts'
import { problemOf } from './entry.ts'
import type { Entry } from './entry.ts'
import type { Fetching, Found } from './fetching.ts'
import { storedFile } from './files-view.ts'

/**
 * Finds out what the names of models and releases lead to, before they are queued: so a wrong one is told at once, and a queued one
 * shows its files and its size. Several of a kind at once, in the order in which they were added: registries that do not
 * answer hold up models only.
 */
export interface Validation {
  /** For entries that were just added; those that need no validation are passed over. */
  begin(entries: readonly Entry[]): void
  close(): void
}

const most = 4

/** Entries of one kind. */
interface Line {
  readonly waiting: Entry[]
  running: number
}

export function createValidation(desk: Desk, fetching: Fetching): Validation {
  const { ledger } = desk
  const closing = new AbortController()
  const lines = new Map<string, Line>()

  function next(line: Line): void {
    while (line.running < most && !closing.signal.aborted) {
      const entry = line.waiting.shift()
      if (!entry) return
      line.running++
      desk.background(
        validate(entry).finally(() => {
          line.running--
          next(line)
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
      for (const entry of entries) {
        const { kind, files } = entry.row
        if (kind === 'http' || files.length > 0) continue
        const line = lines.get(kind) ?? { waiting: [], running: 0 }
        lines.set(kind, line)
        line.waiting.push(entry)
      }
      for (const line of lines.values()) next(line)
    },
    close: () => closing.abort(),
  }
}
