/** How many connections a file deserves, found by trying. Rates in bytes per second, times in ms. */
export interface Growth {
  readonly target: number
  /** Never more than this, as the user wants it. */
  readonly limit: number
  /** Where the server refused; tried again, one more at a time, after a while. */
  readonly cap: number
  readonly phase: 'growing' | 'settled'
  /** When `target` last changed, and the total of bytes then. */
  readonly since: number
  readonly bytesThen: number
  /** Rate and number before the last step up. */
  readonly rateBefore: number
  readonly targetBefore: number
  /** Rate when it settled; a fall far below it starts a new search. */
  readonly settledRate: number
}

export interface Observation {
  readonly now: number
  /** Bytes of the file that have arrived in all. */
  readonly bytes: number
  readonly bytesLeft: number
  /** Connections whose body is flowing. */
  readonly flowing: number
  /** Milliseconds since any byte came over any connection. */
  readonly silence: number
  readonly roundTrip: number
  /** Share of the time that this thread had work, 0 to 1. */
  readonly busy: number
}

/** Without a word of the user; what aria2 allows at most, and servers are used to. */
export const mostConnections = 16

/**
 * Starts with one connection, or with what the host gave without complaint last time. `refusedAbove` is where it
 * refused more; that is tried again after a while.
 */
export function startGrowth(
  limit: number,
  remembered: number | undefined,
  now: number,
  refusedAbove: number = limit,
): Growth {
  const cap = Math.max(1, Math.min(limit, refusedAbove))
  const target = Math.max(1, Math.min(cap, remembered ?? 1))
  return {
    target,
    limit,
    cap,
    phase: 'growing',
    since: now,
    bytesThen: 0,
    rateBefore: 0,
    targetBefore: 1,
    settledRate: 0,
  }
}

/**
 * Doubles the connections while that makes the file come faster or all of them only wait for the server, steps back
 * when it does not, and looks again when the speed has fallen for good. Call it about ten times a second.
 */
export function grow(growth: Growth, seen: Observation): Growth {
  const elapsed = seen.now - growth.since
  const rate = elapsed > 0 ? ((seen.bytes - growth.bytesThen) / elapsed) * 1000 : 0
  const worth = seen.bytesLeft / Math.max(rate, 1)
  if (growth.phase === 'settled') {
    if (elapsed < 5000) return growth
    if (growth.cap < growth.limit && elapsed >= 10_000)
      return {
        ...growth,
        cap: growth.cap + 1,
        target: growth.cap + 1,
        since: seen.now,
        bytesThen: seen.bytes,
        settledRate: rate,
      }
    if (growth.cap < growth.limit) return growth
    const fallen = rate < 0.6 * growth.settledRate
    return fallen
      ? { ...step(growth, seen, rate), settledRate: rate }
      : { ...growth, since: seen.now, bytesThen: seen.bytes, settledRate: Math.max(rate, 0.9 * growth.settledRate) }
  }
  const starved = seen.silence > 40 + seen.roundTrip && seen.flowing >= growth.target
  if (starved && seen.bytesLeft > 1024 * 1024) return step(growth, seen, Math.max(rate, growth.rateBefore))
  const patience = growth.target === 1 ? Math.max(50, 2 * seen.roundTrip) : Math.max(100, 3 * seen.roundTrip)
  // This machine is the limit, not the server: more connections would only cost.
  if (elapsed >= patience && seen.busy > 0.85)
    return { ...growth, phase: 'settled', since: seen.now, bytesThen: seen.bytes, settledRate: rate }
  if (elapsed < patience || (seen.flowing < growth.target && elapsed < 4 * patience)) return growth
  const gained = growth.target === 1 || rate >= growth.rateBefore * 1.15
  if (gained && worth > 0.3) return step(growth, seen, rate)
  const target = rate < growth.rateBefore * 1.05 ? growth.targetBefore : growth.target
  return { ...growth, target, phase: 'settled', since: seen.now, bytesThen: seen.bytes, settledRate: rate }
}

function step(growth: Growth, seen: Observation, rate: number): Growth {
  const wanted = growth.target === 1 ? 4 : growth.target * 2
  const useful = Math.max(1, Math.floor(seen.bytesLeft / (512 * 1024)))
  const target = Math.max(growth.target, Math.min(wanted, growth.cap, useful))
  const marks = { since: seen.now, bytesThen: seen.bytes }
  if (target === growth.target) return { ...growth, ...marks, phase: 'settled', settledRate: rate }
  return { ...growth, ...marks, target, targetBefore: growth.target, rateBefore: rate, phase: 'growing' }
}

/** The server refused a further connection while `alive` were open: that is its limit. */
export function refuse(growth: Growth, alive: number, now: number): Growth {
  const cap = Math.max(1, Math.min(growth.cap, alive))
  return { ...growth, cap, target: Math.min(growth.target, cap), phase: 'settled', since: now }
}
