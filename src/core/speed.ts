/** A speed that follows the traffic smoothly; times in ms of a monotonic clock, speeds in bytes per second. */
export interface SpeedMeter {
  readonly speed: number
  readonly at: number
  readonly bytes: number
  /** When the total last grew. */
  readonly movedAt: number
  /** False until a first speed is known. */
  readonly begun: boolean
}

/** Traffic older than this counts for nothing. */
const windowMs = 10_000

export function startMeter(now: number, bytes: number): SpeedMeter {
  return { speed: 0, at: now, bytes, movedAt: now, begun: false }
}

/**
 * Takes a new total of bytes; call it at least once a second. Over one second the speed becomes 30 % new and 70 % old,
 * over other times in proportion, and 0 when nothing came for 10 seconds (contract.md, "HTTP API"). Calls less than
 * 200 ms apart change nothing.
 */
export function measure(meter: SpeedMeter, now: number, bytes: number): SpeedMeter {
  const elapsed = now - meter.at
  if (elapsed < 200) return meter
  const fresh = (Math.max(0, bytes - meter.bytes) / elapsed) * 1000
  const movedAt = bytes > meter.bytes ? now : meter.movedAt
  if (!meter.begun) return { speed: fresh, at: now, bytes, movedAt, begun: fresh > 0 }
  const old = 0.7 ** (elapsed / 1000)
  const speed = now - movedAt >= windowMs ? 0 : old * meter.speed + (1 - old) * fresh
  return { speed, at: now, bytes, movedAt, begun: true }
}

/** Seconds until the rest is here, null when that cannot be known. */
export function timeLeft(bytesLeft: number | null, speed: number): number | null {
  if (bytesLeft === 0) return 0
  return bytesLeft === null || speed < 1 ? null : bytesLeft / speed
}
