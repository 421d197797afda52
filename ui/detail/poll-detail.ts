import { asSluiceError } from '../../src/core/errors.ts'
import type { SluiceError } from '../../src/core/errors.ts'
import type { DownloadDetail } from '../../src/server/api-types.ts'

export interface DetailPoll {
  readonly get: () => Promise<DownloadDetail>
  /** Resolves after that time when someone can see the page, or at once when the signal is aborted. */
  readonly wait: (ms: number, signal: AbortSignal) => Promise<void>
  readonly onDetail: (detail: DownloadDetail) => void
  readonly onError: (error: SluiceError) => void
  readonly signal: AbortSignal
}

const betweenLooks = 1000
const afterFailure = 5000

/**
 * Asks for the details once, each second while the download is active, and after a failure now and then. Ends when nothing
 * moves any more, when the download is gone, or by the signal.
 */
export async function pollDetail({ get, wait, onDetail, onError, signal }: DetailPoll): Promise<void> {
  while (!signal.aborted) {
    let pause: number | null
    try {
      const detail = await get()
      if (signal.aborted) return
      onDetail(detail)
      pause = detail.status === 'active' ? betweenLooks : null
    } catch (error) {
      if (signal.aborted) return
      const known = asSluiceError(error)
      onError(known)
      pause = known.code === 'not-found' ? null : afterFailure
    }
    if (pause === null) return
    await wait(pause, signal)
  }
}

/** A timer that stands still while nobody can see the page. */
export async function waitVisible(ms: number, signal: AbortSignal): Promise<void> {
  await new Promise<void>((done) => {
    let timer: ReturnType<typeof setTimeout> | undefined
    const end = (): void => {
      clearTimeout(timer)
      signal.removeEventListener('abort', end)
      document.removeEventListener('visibilitychange', look)
      done()
    }
    const look = (): void => {
      clearTimeout(timer)
      if (!document.hidden) timer = setTimeout(end, ms)
    }
    signal.addEventListener('abort', end)
    document.addEventListener('visibilitychange', look)
    if (signal.aborted) end()
    else look()
  })
}
