import { useCallback, useEffect, useRef, useState } from 'react'
import { asSluiceError } from '../../src/core/errors.ts'
import type { SluiceError } from '../../src/core/errors.ts'
import { onToken } from '../state/client.ts'
import { live, onDownloadEvent } from '../state/live.ts'

/** What other programs do on the disk is seen after this time, ms. */
const every = 30_000
/** A busy daemon moves many downloads in a second. */
const soon = 800

export interface Listing<L> {
  /** As last told; undefined before the first answer. */
  readonly list: L | undefined
  /** Why the last question failed; undefined when it did not. */
  readonly error: SluiceError | undefined
  readonly reload: () => Promise<void>
}

/**
 * A hook for what is installed: asked for anew when a download of that kind ends or fails, when one is removed, and now
 * and then. The last answer is kept, so that a page that is opened anew has it at once.
 */
export function createListing<L>(kind: string, ask: () => Promise<L>): () => Listing<L> {
  let known: L | undefined

  return () => {
    const [now, setNow] = useState<Pick<Listing<L>, 'list' | 'error'>>({ list: known, error: undefined })
    const last = useRef(0)
    const reload = useCallback(async () => {
      const mine = ++last.current
      const tell = (next: Pick<Listing<L>, 'list' | 'error'>): void => {
        if (mine === last.current) setNow(next)
      }
      try {
        known = await ask()
        tell({ list: known, error: undefined })
      } catch (thrown) {
        tell({ list: known, error: asSluiceError(thrown) })
      }
    }, [])
    useEffect(() => {
      const look = (): void => {
        if (!document.hidden) void reload()
      }
      let waiting: ReturnType<typeof setTimeout> | undefined
      const lookSoon = (): void => {
        waiting ??= setTimeout(() => {
          waiting = undefined
          look()
        }, soon)
      }
      look()
      const timer = setInterval(look, every)
      document.addEventListener('visibilitychange', look)
      const ends = [
        onToken(look),
        onDownloadEvent(({ type, download }) => {
          if ((type === 'completed' || type === 'failed') && download.kind === kind) void reload()
        }),
        live.onLists((what) => {
          if (what === 'order') lookSoon()
        }),
      ]
      return () => {
        clearInterval(timer)
        clearTimeout(waiting)
        document.removeEventListener('visibilitychange', look)
        for (const end of ends) end()
      }
    }, [reload])
    return { ...now, reload }
  }
}
