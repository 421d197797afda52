/** What a connection is busy with; each phase has its own patience. */
export type Phase = 'connecting' | 'securing' | 'waiting' | 'receiving' | 'draining' | 'idle' | 'closed'

/** Milliseconds. */
export interface Timeouts {
  readonly connect: number
  readonly tls: number
  readonly headers: number
  readonly stall: number
}

/** An abandoned rest of a body may take this many milliseconds to arrive. */
const DRAIN_MS = 2000

/** How long a phase may last; for `receiving` without a byte, for `idle` as the answer allowed. */
export function patience(phase: Phase, timeouts: Timeouts, idleMs: number): number {
  switch (phase) {
    case 'connecting':
      return timeouts.connect
    case 'securing':
      return timeouts.tls
    case 'waiting':
      return timeouts.headers
    case 'receiving':
      return timeouts.stall
    case 'draining':
      return DRAIN_MS
    case 'idle':
      return idleMs
    case 'closed':
      return Number.POSITIVE_INFINITY
  }
}

/** Milliseconds between two looks at the deadlines: a quarter of the shortest, at most 250. */
export function tickInterval(timeouts: Timeouts): number {
  const shortest = Math.min(timeouts.connect, timeouts.tls, timeouts.headers, timeouts.stall)
  return Math.max(10, Math.min(250, shortest / 4))
}

/**
 * Milliseconds for which this thread was held up (a slow disk, a stopped process) since the last look. What came in
 * the meantime has not been read yet, so this time is nobody's silence.
 */
export function heldUp(sinceLastLook: number, interval: number): number {
  return sinceLastLook > 2 * interval ? sinceLastLook - interval : 0
}

/** One timer for all deadlines of a client, so that a request costs none. It does not keep the process alive. */
export interface Ticker {
  /** Goes on until `stop`; harmless when running. */
  start(): void
  stop(): void
}

/** Calls `look` every `interval` milliseconds with the monotonic time and the time to be forgiven. */
export function createTicker(interval: number, look: (now: number, forgiven: number) => void): Ticker {
  let timer: NodeJS.Timeout | undefined
  let last = 0
  return {
    start() {
      if (timer !== undefined) return
      last = performance.now()
      timer = setInterval(() => {
        const now = performance.now()
        const forgiven = heldUp(now - last, interval)
        last = now
        look(now, forgiven)
      }, interval).unref()
    },
    stop() {
      clearInterval(timer)
      timer = undefined
    },
  }
}
