import type { TransferEvent } from '../transfer/types.ts'

type Listener = (event: TransferEvent) => void

/**
 * Listeners for the transfers of several files, one after the other, which tell of them as of one file: one `start`,
 * progress with the sums. How each ends is not passed on. `sizes` in bytes, 0 for an unknown one.
 */
export function joinTransfers(sizes: readonly number[], onEvent: Listener): readonly Listener[] {
  const total = sizes.includes(0) ? null : sizes.reduce((sum, size) => sum + size, 0)
  let started = false
  return sizes.map((_, index): Listener => {
    const before = sizes.slice(0, index).reduce((sum, size) => sum + size, 0)
    return (event) => {
      switch (event.type) {
        case 'start': {
          if (started) return
          started = true
          const bytesTotal = sizes.length === 1 ? (event.bytesTotal ?? total) : total
          return onEvent({ ...event, bytesTotal, resumedFrom: before + event.resumedFrom })
        }
        case 'progress': {
          const bytesTotal = sizes.length === 1 ? (event.bytesTotal ?? total) : total
          const bytesDone = before + event.bytesDone
          const eta = bytesTotal === null || event.speed < 1 ? null : (bytesTotal - bytesDone) / event.speed
          return onEvent({ ...event, bytesDone, bytesTotal, eta })
        }
        case 'warning':
        case 'retry':
          return onEvent(event)
        case 'completed':
        case 'error':
          return undefined
      }
    }
  })
}
