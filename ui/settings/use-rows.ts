import { useState } from 'react'
import type { Saving } from './use-save.ts'

export interface Rows<R> {
  readonly rows: readonly R[]
  /** What is being typed; kept until it is committed. */
  readonly change: (index: number, row: R) => void
  /** Sends the rows as they are, when all of them can be sent. */
  readonly commit: () => void
  /** Changes and sends at once. */
  readonly replace: (rows: readonly R[]) => void
}

/** Rows of a setting that is a list: what is half typed stays on the page, and the daemon gets whole lists. */
export function useRows<R>(value: readonly R[], saving: Saving, isWhole: (row: R) => boolean): Rows<R> {
  const [draft, setDraft] = useState<readonly R[]>()

  async function send(rows: readonly R[]): Promise<void> {
    setDraft(rows)
    if (rows.every(isWhole) && (await saving.save(rows))) setDraft((now) => (now === rows ? undefined : now))
  }

  return {
    rows: draft ?? value,
    change(index, row) {
      setDraft((draft ?? value).with(index, row))
      saving.clear()
    },
    commit() {
      if (draft === undefined) return
      if (JSON.stringify(draft) === JSON.stringify(value)) setDraft(undefined)
      else void send(draft)
    },
    replace: (rows) => void send(rows),
  }
}
