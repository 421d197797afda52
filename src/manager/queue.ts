import { longestAutoRetry } from '../core/auto-retry.ts'
import { nextToStart, surplusOf } from '../core/queue-order.ts'
import type { Waiting } from '../core/queue-order.ts'
import { isoTime } from './clock.ts'
import type { Desk } from './desk.ts'
import type { Entry } from './entry.ts'
import type { Runs } from './runs.ts'

/** Starts what may start, sends back what must not run, and tries again what is due. */
export interface Queue {
  /** Something changed that may let a download start. Costs little; many calls in a row become one look. */
  pump(): void
  close(): void
}

/** Start times are looked at this often at most, so that a changed clock of the machine does no harm. */
const longestSleep = 60_000
/** The clock of the machine counts as put back when it lost more than this against the one that never jumps (ms). */
const clockSlack = 1000

export function createQueue(desk: Desk, runs: Runs): Queue {
  const { ledger, clock, disk } = desk
  let planned = false
  let retriedByItself: boolean | null = null
  let clockLead = -Infinity
  let wake: (() => void) | null = null

  function pump(): void {
    if (planned || desk.closing()) return
    planned = true
    desk.background(lookAndStart(), 'the queue could not go on')
  }

  async function lookAndStart(): Promise<void> {
    try {
      // One turn at least: many changes in a row are one look.
      await (ledger.with('queued').size > 0 ? disk.look() : undefined)
    } finally {
      planned = false
    }
    if (desk.closing()) return
    lookAtTimes()
    sendBack()
    startNext()
    if (runs.size > 0 || disk.low()) disk.keepLooking()
    sleep()
  }

  /**
   * Tries again what is due. Goes through all only when a time has come, or the clock was put back: there may be many, and
   * this runs often.
   */
  function lookAtTimes(): void {
    const now = clock.now()
    const { autoRetry } = desk.settings()
    if (!wasPutBack(now) && now < ledger.nextTime && autoRetry === retriedByItself) return
    retriedByItself = autoRetry
    let next = Infinity
    for (const entry of autoRetry ? ledger.with('error') : []) {
      const time = Date.parse(entry.row.retryAt ?? '')
      if (time <= now) {
        entry.wanted = true
        ledger.move(entry, 'retry', { retryAt: null, error: null }, 'by itself')
      } else if (time > now) {
        // A time further away was meant by a clock that ran ahead.
        const latest = now + longestAutoRetry
        if (time > latest) ledger.change(entry, { retryAt: isoTime(latest) })
        next = Math.min(next, time, latest)
      }
    }
    for (const { row } of ledger.with('queued')) {
      const time = Date.parse(row.startAt ?? '')
      if (time > now) next = Math.min(next, time)
    }
    ledger.nextTime = next
  }

  function wasPutBack(now: number): boolean {
    const lead = now - clock.elapsed()
    const putBack = lead < clockLead - clockSlack
    clockLead = lead
    return putBack
  }

  function sendBack(): void {
    const active = Array.from(ledger.with('active'), (entry) => ({ entry, ...place(entry) }))
    const surplus = disk.low() ? active : surplusOf(active, desk.settings().maxConcurrent)
    const why = disk.low() ? 'the disk is nearly full' : 'fewer downloads at once'
    for (const { entry } of surplus) runs.leave(entry, 'requeue', {}, why)
  }

  function startNext(): void {
    const { maxConcurrent, autoStart } = desk.settings()
    const rules = { running: runs.size, maxConcurrent, autoStart, lowDisk: disk.low(), now: clock.now() }
    if (rules.running >= maxConcurrent) return
    for (const id of nextToStart(waiting(), rules)) {
      const entry = ledger.get(id)
      // Of two for one place the second is held from now on, so another one may start.
      if (desk.places.isFree(entry.row)) runs.start(entry)
      else pump()
    }
  }

  function* waiting(): Generator<Waiting> {
    const free = desk.settings().pauseOnLowDisk ? (disk.free() ?? Infinity) : Infinity
    for (const entry of ledger.queuedInOrder()) {
      const { id, row, wanted, run, cleaning } = entry
      if (free >= entry.needsSpace) entry.needsSpace = 0
      const held = run !== null || cleaning !== null || entry.needsSpace > 0 || !desk.places.isFree(row)
      yield { id, ...place(entry), notBefore: row.startAt === null ? null : Date.parse(row.startAt), wanted, held }
    }
  }

  /** Until the next start time or automatic retry. */
  function sleep(): void {
    wake?.()
    wake = null
    const left = ledger.nextTime - clock.now()
    if (left < Infinity) wake = clock.after(Math.min(Math.max(0, left), longestSleep), pump)
  }

  return {
    pump,
    close: () => wake?.(),
  }
}

function place({ row }: Entry): { priority: number; position: number } {
  return { priority: row.priority, position: row.position }
}
