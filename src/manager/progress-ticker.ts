import type { Desk } from './desk.ts'
import { progressOf } from './view.ts'

/**
 * Tells the numbers of active downloads once a second, with how their files are where that changed, and keeps them every
 * five seconds; rests while none is active.
 */
export interface ProgressTicker {
  wake(): void
  close(): void
}

const interval = 1000
const ticksBetweenSaves = 5

export function createProgressTicker(desk: Desk, speed: () => number): ProgressTicker {
  const { ledger, clock, events } = desk
  let timer: (() => void) | null = null
  let ticks = 0

  function tick(): void {
    timer = null
    const active = ledger.with('active')
    if (active.size === 0) return
    for (const entry of active) {
      if (entry.filesChanged) ledger.tell(entry)
      entry.filesChanged = false
    }
    events.progress(Array.from(active, progressOf), speed())
    if (++ticks % ticksBetweenSaves === 0) ledger.save()
    wake()
  }

  function wake(): void {
    timer ??= clock.after(interval, tick)
  }

  return { wake, close: () => timer?.() }
}
