import { useCallback, useEffect, useRef } from 'react'
import { asSluiceError } from '../../src/core/errors.ts'
import type { SluiceError } from '../../src/core/errors.ts'
import { onToken } from '../state/client.ts'
import { useConnection } from '../state/live.ts'
import { createValue, useValue } from '../state/value.ts'

export interface Answer<A> {
  /** As last told; undefined before the first answer. */
  readonly answer: A | undefined
  /** Why the last question failed; undefined when it did not. */
  readonly error: SluiceError | undefined
  readonly isAsking: boolean
  readonly reload: () => void
}

/**
 * A hook for an answer that holds for `ms` milliseconds. It is asked for when a component wants it, again after a failure
 * once the daemon is back, and kept for the next one.
 */
export function createAnswer<A>(ask: () => Promise<A>, ms: number): () => Answer<A> {
  const now = createValue<Omit<Answer<A>, 'reload'>>({ answer: undefined, error: undefined, isAsking: false })
  let at = -Infinity

  async function look(): Promise<void> {
    const { answer, isAsking } = now.get()
    if (isAsking) return
    now.set({ ...now.get(), isAsking: true })
    try {
      now.set({ answer: await ask(), error: undefined, isAsking: false })
      at = performance.now()
    } catch (thrown) {
      now.set({ answer, error: asSluiceError(thrown), isAsking: false })
    }
  }

  return () => {
    const isLive = useConnection() === 'live'
    const first = useRef(true)
    const reload = useCallback(() => void look(), [])
    useEffect(() => {
      if (first.current && performance.now() - at > ms) reload()
      first.current = false
      return onToken(reload)
    }, [reload])
    useEffect(() => {
      if (isLive && now.get().error !== undefined) reload()
    }, [isLive, reload])
    return { ...useValue(now), reload }
  }
}
