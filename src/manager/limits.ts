import { capNow } from '../core/speed-windows.ts'
import type { Desk } from './desk.ts'

/** Keeps the engine at the caps of the settings: at once after a change, and as the windows of the day begin and end. */
export interface Limits {
  apply(): void
  /** Bytes per second of now; undefined is no cap. */
  cap(): number | undefined
  close(): void
}

const minute = 60_000

export function createLimits(desk: Desk): Limits {
  const { clock } = desk
  let next: (() => void) | null = null

  function cap(): number | undefined {
    const { speedLimit, speedWindows } = desk.settings()
    const now = new Date(clock.now())
    return capNow(speedLimit, speedWindows, { day: now.getDay(), minutes: now.getHours() * 60 + now.getMinutes() })
  }

  function apply(): void {
    next?.()
    next = null
    const { speedWindows, connectionsPerHost } = desk.settings()
    if (speedWindows.length > 0) {
      const untilMinute = minute - (clock.now() % minute)
      next = clock.after(untilMinute, apply)
    }
    const applied = desk.engine().then((engine) => {
      engine.setLimitRate(cap())
      engine.setHostConnections(connectionsPerHost)
    })
    desk.background(applied, 'the limits could not be applied')
  }

  return { apply, cap, close: () => next?.() }
}
