import type { Desk } from './desk.ts'

/** Takes completed downloads off the list after the time that the settings give; history keeps them. */
export interface AutoClear {
  /** Goes through all, and plans the next time: call it when the settings changed. */
  plan(): void
  /** Another one is completed. */
  completed(): void
  close(): void
}

const hour = 3_600_000
/** Many that were completed shortly after each other go together. */
const shortestSleep = 60_000
/** Also after a change of the machine's clock it is looked at so often. */
const longestSleep = hour

export function createAutoClear(desk: Desk): AutoClear {
  const { ledger, clock, duplicates } = desk
  let timer: (() => void) | null = null

  function plan(): void {
    stop()
    const hours = desk.settings().clearCompleted
    if (hours === 0 || desk.closing()) return
    let next = Infinity
    for (const entry of ledger.with('completed')) {
      const { completedAt } = entry.row
      if (completedAt === null) continue
      const left = Date.parse(completedAt) + hours * hour - clock.now()
      if (left > 0) next = Math.min(next, left)
      else {
        duplicates.remove(entry)
        ledger.remove(entry)
      }
    }
    if (next < Infinity) timer = clock.after(Math.min(Math.max(next, shortestSleep), longestSleep), plan)
  }

  function stop(): void {
    timer?.()
    timer = null
  }

  return {
    plan,
    completed() {
      // What was completed before it is due before it.
      if (timer === null) plan()
    },
    close: stop,
  }
}
