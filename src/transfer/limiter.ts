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
  /** Counts bytes that arrived; pauses all readers while the budget is spent. */
  spend(bytes: number): void
  /** Bytes per second, undefined for no limit; holds at once. */
  setRate(rate: number | undefined): void
}

/** `setReadSize` is told how many bytes one read should bring so that the rate is smooth. */
export function createLimiter(
  { setReadSize }: { setReadSize(bytes: number): void },
  rate: number | undefined,
  now: () => number,
): Limiter {
  const readers = new Set<Reader>()
  let bucket: TokenBucket | null = null
  let timer: NodeJS.Timeout | null = null

  function stop(): void {
    if (!bucket || timer) return
    const wait = waitFor(bucket, now())
    if (wait === 0) return
    for (const reader of readers) reader.pause()
    timer = setTimeout(go, wait)
  }

  function go(): void {
    if (timer) clearTimeout(timer)
    timer = null
    if (bucket && waitFor(bucket, now()) > 0) {
      timer = setTimeout(go, waitFor(bucket, now()))
      return
    }
    for (const reader of readers) reader.resume()
  }

  function setRate(next: number | undefined): void {
    bucket = next === undefined ? null : bucket ? withRate(bucket, next, now()) : startBucket(next, now())
    setReadSize(next === undefined ? 512 * 1024 : readSizeFor(next))
    if (timer) go()
  }

  setRate(rate)
  return {
    add(reader) {
      readers.add(reader)
      if (timer) reader.pause()
    },
    remove(reader) {
      readers.delete(reader)
    },
    spend(bytes) {
      if (!bucket) return
      bucket = spend(bucket, bytes, now())
      stop()
    },
    setRate,
  }
}
