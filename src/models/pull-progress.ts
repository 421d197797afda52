import { measure, startMeter, timeLeft } from '../core/speed.ts'
import type { Progress } from '../transfer/types.ts'

/** Sums of the blobs of one pull. Bytes; times in ms of a monotonic clock. */
export interface PullProgress {
  /** What one blob has so far, and by how many connections. */
  set(digest: string, bytesDone: number, connections: number): void
  /** The same of what was not fetched now, or is no longer here: no speed comes of it. */
  found(digest: string, bytesDone: number): void
  /** Those of now. */
  now(): Progress
  /** The same if the last one given is older than a tenth of a second. */
  due(): Progress | null
}

const interval = 100

export function createPullProgress(bytesTotal: number, clock: () => number): PullProgress {
  const done = new Map<string, { readonly bytes: number; readonly connections: number }>()
  let bytesDone = 0
  let connections = 0
  let meter = startMeter(clock(), 0)
  let toldAt = -Infinity

  function now(): Progress {
    meter = measure(meter, clock(), bytesDone)
    toldAt = clock()
    return {
      bytesDone,
      bytesTotal,
      speed: meter.speed,
      eta: timeLeft(bytesTotal - bytesDone, meter.speed),
      connections,
    }
  }

  function set(digest: string, bytes: number, lanes: number): number {
    const before = done.get(digest) ?? { bytes: 0, connections: 0 }
    done.set(digest, { bytes, connections: lanes })
    connections += lanes - before.connections
    bytesDone += bytes - before.bytes
    return bytes - before.bytes
  }

  return {
    set: (digest, bytes, lanes) => void set(digest, bytes, lanes),
    found(digest, bytes) {
      const more = set(digest, bytes, 0)
      meter = { ...meter, bytes: meter.bytes + more }
    },
    now,
    due: () => (clock() - toldAt < interval ? null : now()),
  }
}
