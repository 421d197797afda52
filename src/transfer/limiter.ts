import { readSizeFor, spend, startBucket, waitFor, withRate } from '../core/token-bucket.ts'
import type { TokenBucket } from '../core/token-bucket.ts'

/** What can stop reading for a while. */
export interface Reader {
  pause(): void
  resume(): void
}

/** Holds readers together to one rate: all of an engine, or those of one file. */
export interface Limiter {
  add(reader: Reader): void
  remove(reader: Reader): void
  /**
   * Counts bytes that a reader received; pauses all while the budget is spent. Then those go first that had no turn since,
   * so that a fast connection never keeps a small file waiting.
   */
  spend(bytes: number, by: Reader): void
  /** Bytes per second, undefined for no limit; holds at once. */
  setRate(rate: number | undefined): void
}

/** How long those without a turn may read alone, in ms. One that has nothing to read has had its turn then. */
const turn = 2

/** `setReadSize` is told how many bytes one read should bring so that the rate is smooth. */
export function createLimiter(
  { setReadSize }: { setReadSize(bytes: number): void },
  rate: number | undefined,
  now: () => number,
): Limiter {
  const readers = new Set<Reader>()
  const paused = new Set<Reader>()
  /** They had a turn in this round. */
  const served = new Set<Reader>()
  let bucket: TokenBucket | null = null
  /** Set while the budget is spent. */
  let timer: NodeJS.Timeout | null = null
  /** Set while only those without a turn read. */
  let turnTimer: NodeJS.Timeout | null = null

  function pause(reader: Reader): void {
    if (paused.has(reader)) return
    paused.add(reader)
    reader.pause()
  }

  function resume(reader: Reader): void {
    if (paused.delete(reader)) reader.resume()
  }

  function stop(): void {
    if (!bucket || timer) return
    const wait = waitFor(bucket, now())
    if (wait === 0) return
    endTurn()
    for (const reader of readers) pause(reader)
    timer = setTimeout(go, wait)
  }

  function go(): void {
    if (timer) clearTimeout(timer)
    timer = null
    if (bucket && waitFor(bucket, now()) > 0) {
      timer = setTimeout(go, waitFor(bucket, now()))
      return
    }
    const hungry = bucket ? [...readers].filter((reader) => !served.has(reader)) : []
    if (hungry.length === 0 || hungry.length === readers.size) return resumeAll()
    for (const reader of hungry) resume(reader)
    turnTimer = setTimeout(() => {
      for (const reader of hungry) served.add(reader)
      resumeAll()
    }, turn)
  }

  function resumeAll(): void {
    endTurn()
    if (readers.values().every((reader) => served.has(reader))) served.clear()
    for (const reader of readers) resume(reader)
  }

  function endTurn(): void {
    if (turnTimer) clearTimeout(turnTimer)
    turnTimer = null
  }

  function setRate(next: number | undefined): void {
    bucket = next === undefined ? null : bucket ? withRate(bucket, next, now()) : startBucket(next, now())
    setReadSize(next === undefined ? 512 * 1024 : readSizeFor(next))
    if (timer || (turnTimer && !bucket)) go()
  }

  setRate(rate)
  return {
    add(reader) {
      readers.add(reader)
      if (timer) pause(reader)
    },
    remove(reader) {
      readers.delete(reader)
      paused.delete(reader)
      served.delete(reader)
    },
    spend(bytes, by) {
      if (!bucket) return
      served.add(by)
      bucket = spend(bucket, bytes, now())
      stop()
    },
    setRate,
  }
}
