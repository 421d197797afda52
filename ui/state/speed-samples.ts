/** A speed in bytes per second at a time in ms since 1970. */
export interface SpeedSample {
  readonly at: number
  readonly speed: number
}

/** One sample a second, five minutes of them. */
export const keptSamples = 300
const none: readonly SpeedSample[] = []

/** What a speed was; samples closer than half a second to the one before replace it. A new array for each change. */
export function withSample(samples: readonly SpeedSample[], sample: SpeedSample): readonly SpeedSample[] {
  const last = samples.at(-1)
  // A clock that was set back begins anew.
  if (last !== undefined && sample.at < last.at) return [sample]
  const before = last !== undefined && sample.at - last.at < 500 ? samples.slice(0, -1) : samples
  const oldest = sample.at - keptSamples * 1000
  const from = Math.max(0, before.length - keptSamples + 1)
  return [...before.slice(from).filter(({ at }) => at > oldest), sample]
}

/** A sample counts for at most this long. */
const validFor = 3000

/**
 * The speed of each of the last seconds up to now, oldest first, beginning with the first sample; 0 where nothing was
 * told after that.
 */
export function bySecond(samples: readonly SpeedSample[], now: number, most: number): number[] {
  const [first] = samples
  if (first === undefined) return []
  const seconds = Math.min(most, Math.max(0, Math.floor((now - first.at) / 1000)) + 1)
  const speeds = Array.from({ length: seconds }, () => 0)
  let at = 0
  let found: SpeedSample | undefined
  for (let second = 0; second < seconds; second++) {
    const end = now - (seconds - 1 - second) * 1000
    for (let next = samples[at]; next !== undefined && next.at <= end; next = samples[++at]) found = next
    if (found !== undefined && end - found.at < validFor) speeds[second] = found.speed
  }
  return speeds
}

/** Samples by download; those of downloads that are no longer active are kept for a while, of a bounded number. */
export function createSpeedBook(most = 64) {
  const books = new Map<string, readonly SpeedSample[]>()
  return {
    of: (id: string): readonly SpeedSample[] => books.get(id) ?? none,
    note(id: string, sample: SpeedSample): void {
      const samples = withSample(books.get(id) ?? none, sample)
      // The one noted last is the last to go.
      books.delete(id)
      books.set(id, samples)
      const [oldest] = books.keys()
      if (books.size > most && oldest !== undefined) books.delete(oldest)
    },
    drop: (id: string): boolean => books.delete(id),
    get size(): number {
      return books.size
    },
  }
}
