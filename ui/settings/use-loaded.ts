import { useCallback, useEffect, useRef, useState } from 'react'
import { asSluiceError } from '../../src/core/errors.ts'
import type { SluiceError } from '../../src/core/errors.ts'

export interface Loaded<T> {
  readonly value: T | undefined
  readonly error: SluiceError | undefined
  readonly reload: () => Promise<void>
}

/** What was loaded last, so that a page that is mounted anew has it at once. */
const known = new Map<string, unknown>()

/**
 * What `load` gives, asked for once, again by `reload`, and every `period` ms where one is given. Until then it is what
 * was loaded under that name before.
 */
export function useLoaded<T>(name: string, load: () => Promise<T>, period?: number): Loaded<T> {
  const [now, setNow] = useState<Pick<Loaded<T>, 'value' | 'error'>>({
    value: known.get(name) as T | undefined,
    error: undefined,
  })
  const latest = useRef(load)
  useEffect(() => {
    latest.current = load
  })
  const reload = useCallback(async () => {
    try {
      const value = await latest.current()
      known.set(name, value)
      setNow({ value, error: undefined })
    } catch (thrown) {
      setNow((before) => ({ ...before, error: asSluiceError(thrown) }))
    }
  }, [name])
  useEffect(() => {
    void reload()
    if (period === undefined) return undefined
    const timer = setInterval(() => {
      if (!document.hidden) void reload()
    }, period)
    return () => clearInterval(timer)
  }, [reload, period])
  return { ...now, reload }
}
