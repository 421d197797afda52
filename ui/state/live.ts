import { useCallback, useMemo, useSyncExternalStore } from 'react'
import type { Download, Settings } from '../../src/server/api-types.ts'
import { client, onToken } from './client.ts'
import type { Counts, Happening } from './live-reducer.ts'
import { createLiveStore } from './live-store.ts'
import { createSync } from './live-sync.ts'
import type { ConnectionState, HealthNow } from './live-sync.ts'
import { bySecond, createSpeedBook, withSample } from './speed-samples.ts'
import type { SpeedSample } from './speed-samples.ts'
import { createValue, useValue } from './value.ts'

export type { ConnectionState, HealthNow } from './live-sync.ts'
export type { Counts, Happening } from './live-reducer.ts'
export type { SpeedSample } from './speed-samples.ts'

const seconds = 60

export const live = createLiveStore((ms, callback) => void setTimeout(callback, ms))
export const sync = createSync({ client, store: live, wait })

const speeds = createSpeedBook()
const nothing: readonly number[] = []
const speedHistory = createValue<readonly number[]>(nothing)
const total = createValue<readonly SpeedSample[]>([])

/** Follows the daemon until the function it gives back is called. */
export function startLive(): () => void {
  const ending = new AbortController()
  const { signal } = ending
  void sync.run(signal)
  const second = setInterval(sample, 1000)
  signal.addEventListener('abort', () => clearInterval(second))
  // The first one as soon as there is something to tell.
  const endFirst = live.settings.subscribe(() => {
    if (total.get().length === 0) sample()
  })
  signal.addEventListener('abort', endFirst)
  signal.addEventListener('abort', onToken(sync.retry))
  addEventListener('online', sync.hurry, { signal })
  document.addEventListener(
    'visibilitychange',
    () => {
      if (!document.hidden && sync.connection.get() !== 'live') sync.hurry()
    },
    { signal },
  )
  return () => ending.abort()
}

function sample(): void {
  const at = Date.now()
  // Before the first answer nothing is known, which is not the same as standing still.
  if (live.settings.get() === undefined) return
  total.set(withSample(total.get(), { at, speed: live.speed.get() }))
  const shown = bySecond(total.get(), at, seconds)
  speedHistory.set(shown.some((speed) => speed > 0) ? shown : nothing)
  for (const { download } of live.state().rows.values())
    if (download.status === 'active') speeds.note(download.id, { at, speed: download.speed })
}

async function wait(ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return
  await new Promise<void>((done) => {
    const end = (): void => {
      clearTimeout(timer)
      signal.removeEventListener('abort', end)
      done()
    }
    const timer = setTimeout(end, ms)
    signal.addEventListener('abort', end)
  })
}

export function useConnection(): ConnectionState {
  return useValue(sync.connection)
}

/** Undefined while the row is not known, hidden by an action that can still be undone, or gone. */
export function useDownload(id: string): Download | undefined {
  const subscribe = useCallback((listener: () => void) => live.onDownload(id, listener), [id])
  return useSyncExternalStore(subscribe, () => live.download(id))
}

export function useCounts(): Counts {
  return useValue(live.counts)
}

/** Bytes per second of all downloads. */
export function useTotalSpeed(): number {
  return useValue(live.speed)
}

/** Of the last 60 seconds, at most since the page was opened, oldest first; none while nothing was fetched in them. */
export function useSpeedHistory(): readonly number[] {
  return useValue(speedHistory)
}

/** Of all downloads, up to five minutes, one a second; renders anew each second. */
export function useTotalSpeeds(): readonly SpeedSample[] {
  return useValue(total)
}

/** Up to five minutes, one a second while it is active; changes with the numbers of the download. */
export function useDownloadSpeeds(id: string): readonly SpeedSample[] {
  const subscribe = useCallback((listener: () => void) => live.onDownload(id, listener), [id])
  return useSyncExternalStore(subscribe, () => speeds.of(id))
}

/** Undefined until the daemon has told them; afterwards as it last told them. */
export function useSettings(): Settings | undefined {
  return useValue(live.settings)
}

/** Asked for every 15 seconds; undefined before the first answer. Only `status` is sure to be there. */
export function useHealth(): HealthNow | undefined {
  return useValue(sync.health)
}

/** Hears each start, end, failure and addition once, as they happen. */
export function onDownloadEvent(listener: (event: Happening) => void): () => void {
  return live.onHappening(listener)
}

/** Statuses of a tab summed up. */
export function useCountOf(statuses: ReadonlyArray<keyof Counts>): number {
  const counts = useCounts()
  return useMemo(() => statuses.reduce((sum, status) => sum + counts[status], 0), [counts, statuses])
}
