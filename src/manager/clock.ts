/** Time and timers; given from outside so that tests decide what time it is. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number
  /** Milliseconds that never jump, for durations. */
  elapsed(): number
  /** Calls once after some milliseconds and keeps no process alive; gives back what calls it off. */
  after(milliseconds: number, task: () => void): () => void
}

/** The clock of the machine. */
export const systemClock: Clock = {
  now: Date.now,
  elapsed: () => performance.now(),
  after: (milliseconds, task) => {
    const timer = setTimeout(task, milliseconds).unref()
    return () => clearTimeout(timer)
  },
}

/** ISO 8601 in UTC. */
export function isoTime(milliseconds: number): string {
  return new Date(milliseconds).toISOString()
}

/** YYYY-MM-DD where the daemon is. */
export function localDate(milliseconds: number): string {
  const date = new Date(milliseconds)
  const two = (part: number): string => String(part).padStart(2, '0')
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`
}
