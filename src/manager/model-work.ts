import type { Desk } from './desk.ts'
import type { ModelWork } from './model-types.ts'

/** In ms. */
const interval = 500

/** Does work on a model and tells all listeners how far it is. What fails before its first byte is told to nobody. */
export async function withProgress<T>(
  { clock, events }: Pick<Desk, 'clock' | 'events'>,
  what: Pick<ModelWork, 'kind' | 'name'>,
  work: (onProgress: (done: number, total: number) => void) => Promise<T>,
): Promise<T> {
  let toldAt = -Infinity
  let last: ModelWork = { ...what, bytesDone: 0, bytesTotal: 0, over: false }
  try {
    return await work((bytesDone, bytesTotal) => {
      last = { ...last, bytesDone, bytesTotal }
      if (clock.elapsed() - toldAt < interval) return
      toldAt = clock.elapsed()
      events.work(last)
    })
  } finally {
    if (toldAt > -Infinity) events.work({ ...last, over: true })
  }
}
