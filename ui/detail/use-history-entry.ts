import { useEffect, useState } from 'react'
import type { HistoryEntry } from '../../src/server/api-types.ts'
import { client } from '../state/client.ts'

/** What history keeps of a download that is no longer listed; undefined while it is not known, null when it is none. */
export function useHistoryEntry(id: string, isWanted: boolean): HistoryEntry | null | undefined {
  const [entry, setEntry] = useState<HistoryEntry | null>()
  useEffect(() => {
    if (!isWanted) return undefined
    let isOver = false
    const take = (found: HistoryEntry | null): void => {
      if (!isOver) setEntry(found)
    }
    // Without an answer there is nothing to show either; the page itself tells that the daemon is away.
    client.historyEntry(id).then(take, () => take(null))
    return () => {
      isOver = true
    }
  }, [id, isWanted])
  return entry
}
