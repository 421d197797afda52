export interface RateLimit {
  /** Spends one; 0, or the seconds until there is one again. */
  take(key: string): number
  /** As `take`, but spends nothing. */
  wait(key: string): number
}

const mostKeys = 10_000

/** One bucket for each key: `burst` at once, then `perSecond`. Keys that have their whole burst again are forgotten. */
export function createRateLimit(perSecond: number, burst: number, now: () => number): RateLimit {
  const buckets = new Map<string, { tokens: number; at: number }>()

  function filled(key: string): { tokens: number; at: number } {
    const at = now()
    const bucket = buckets.get(key)
    if (bucket === undefined) return { tokens: burst, at }
    return { tokens: Math.min(burst, bucket.tokens + (Math.max(0, at - bucket.at) * perSecond) / 1000), at }
  }

  /** Where all are in use, the oldest goes: memory is bounded, whoever knocks. */
  function prune(): void {
    for (const key of buckets.keys()) if (filled(key).tokens >= burst) buckets.delete(key)
    for (const key of buckets.keys()) {
      if (buckets.size <= mostKeys / 2) break
      buckets.delete(key)
    }
  }

  const secondsFor = (tokens: number): number => (tokens >= 1 ? 0 : (1 - tokens) / perSecond)
  return {
    wait: (key) => secondsFor(filled(key).tokens),
    take(key) {
      const bucket = filled(key)
      const seconds = secondsFor(bucket.tokens)
      if (seconds > 0) return seconds
      if (buckets.size >= mostKeys && !buckets.has(key)) prune()
      buckets.set(key, { tokens: bucket.tokens - 1, at: bucket.at })
      return 0
    },
  }
}
