import { useEffect, useState } from 'react'
import type { Statistics } from '../../src/server/api-types.ts'
import { asSluiceError } from '../../src/core/errors.ts'
import type { SluiceError } from '../../src/core/errors.ts'
import { client } from '../state/client.ts'

const every = 5000

export interface StatisticsNow {
  /** As they were last told; undefined before the first answer. */
  readonly statistics: Statistics | undefined
  /** Why the last question failed; undefined when it did not. */
  readonly error: SluiceError | undefined
}

/** Asks every five seconds, while somebody can see the page. */
export function useStatistics(): StatisticsNow {
  const [now, setNow] = useState<StatisticsNow>({ statistics: undefined, error: undefined })
  useEffect(() => {
    let gone = false
    let asking = false
    const ask = async (): Promise<void> => {
      if (asking || document.hidden) return
      asking = true
      try {
        const statistics = await client.statistics()
        if (!gone) setNow({ statistics, error: undefined })
      } catch (thrown) {
        if (!gone) setNow((before) => ({ ...before, error: asSluiceError(thrown) }))
      } finally {
        asking = false
      }
    }
    void ask()
    const timer = setInterval(() => void ask(), every)
    const onSeen = (): void => void ask()
    document.addEventListener('visibilitychange', onSeen)
    return () => {
      gone = true
      clearInterval(timer)
      document.removeEventListener('visibilitychange', onSeen)
    }
  }, [])
  return now
}
