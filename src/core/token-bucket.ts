/**
 * One budget of bytes for all connections. Tokens may go below zero: bytes that have arrived cannot be sent back, so
 * readers wait until the debt is paid. Times in ms, rate in bytes per second.
 */
export interface TokenBucket {
  readonly rate: number
  readonly tokens: number
  readonly at: number
}

/** How much may be saved up while nobody reads, in ms of the rate: enough to make up for a slow disk, not for a burst. */
const burstMs = 150

export function startBucket(rate: number, now: number): TokenBucket {
  return { rate, tokens: 0, at: now }
}

function refill(bucket: TokenBucket, now: number): TokenBucket {
  const earned = (Math.max(0, now - bucket.at) * bucket.rate) / 1000
  return {
    rate: bucket.rate,
    tokens: Math.min(bucket.tokens + earned, (burstMs * bucket.rate) / 1000),
    at: Math.max(now, bucket.at),
  }
}

export function spend(bucket: TokenBucket, bytes: number, now: number): TokenBucket {
  const filled = refill(bucket, now)
  return { ...filled, tokens: filled.tokens - bytes }
}

/** Keeps the debt in bytes, changes how fast it is paid. */
export function withRate(bucket: TokenBucket, rate: number, now: number): TokenBucket {
  return { ...refill(bucket, now), rate }
}

/** Milliseconds until reading may go on; 0 when it may now. */
export function waitFor(bucket: TokenBucket, now: number): number {
  const { tokens, rate } = refill(bucket, now)
  return tokens >= 0 ? 0 : Math.ceil((-tokens / rate) * 1000)
}

/** A read size in bytes that gives about 50 reads a second over all connections, within what makes sense. */
export function readSizeFor(rate: number): number {
  return Math.max(1024, Math.min(512 * 1024, Math.ceil(rate / 50)))
}
