import { useEffect, useState } from 'react'
import { client } from '../state/client.ts'
import { useCounts } from '../state/live.ts'

const calm = 300

/** How many entries the history has; null while that is not known. Asked anew when downloads end. */
export function useHistoryCount(isAsked: boolean): number | null {
  const { completed, error, cancelled } = useCounts()
  const [total, setTotal] = useState<number | null>(null)
  const ended = completed + error + cancelled
  useEffect(() => {
    if (!isAsked) return
    const ending = new AbortController()
    const ask = async (): Promise<void> => {
      const now = await historyTotal()
      if (!ending.signal.aborted && now !== null) setTotal(now)
    }
    const timer = setTimeout(() => void ask(), calm)
    return () => {
      ending.abort()
      clearTimeout(timer)
    }
  }, [isAsked, ended])
  return total
}

/** Null when it cannot be told now; the list of the history says why. */
async function historyTotal(): Promise<number | null> {
  try {
    return (await client.history({ limit: 1 })).total
  } catch {
    return null
  }
}
