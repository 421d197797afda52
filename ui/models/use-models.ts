import { useCallback, useEffect, useRef, useState } from 'react'
import { asSluiceError } from '../../src/core/errors.ts'
import type { SluiceError } from '../../src/core/errors.ts'
import type { ModelList } from '../../src/server/api-types.ts'
import { client, onToken } from '../state/client.ts'
import { live, onDownloadEvent } from '../state/live.ts'

/** What other programs do to the store is seen after this time, ms. */
const every = 30_000
/** A busy daemon moves many downloads in a second. */
const soon = 800

export interface ModelsNow {
  /** As last told; undefined before the first answer. */
  readonly list: ModelList | undefined
  /** Why the last question failed; undefined when it did not. */
  readonly error: SluiceError | undefined
  readonly reload: () => Promise<void>
}

/** Kept, so that a page that is opened anew has it at once. */
let known: ModelList | undefined

/** The installed models: asked for anew when a pull ends, when a download is removed, and now and then. */
export function useModels(): ModelsNow {
  const [now, setNow] = useState<Pick<ModelsNow, 'list' | 'error'>>({ list: known, error: undefined })
  const last = useRef(0)
  const reload = useCallback(async () => {
    const mine = ++last.current
    const tell = (next: Pick<ModelsNow, 'list' | 'error'>): void => {
      if (mine === last.current) setNow(next)
    }
    try {
      known = await client.models()
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
        if (type === 'completed' && download.kind === 'model') void reload()
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
