import type { Range } from './ranges.ts'

/** A range that a connection is fetching: bytes `position` to `end` are still to come. */
export interface Running {
  readonly id: number
  readonly position: number
  readonly end: number
  /** Bytes per second of late; 0 when nothing came. */
  readonly speed: number
  /** Milliseconds since its request was sent. */
  readonly age: number
  /** Another connection races for the same bytes. */
  readonly hedged: boolean
}

export interface SegmentView {
  /** Ranges that nobody fetches, in order. */
  readonly free: readonly Range[]
  readonly running: readonly Running[]
  /** Connections in use after this decision. */
  readonly connections: number
  /** The most that there may be, as the user wants it. */
  readonly limit: number
  /** Connections without work, the asking one included. */
  readonly idle: number
  /** Bytes per second that the connections before managed; 0 when there were none. */
  readonly lastSpeed: number
  /** The server has answered a range with that range: before that the first connection keeps half of what it has. */
  readonly proven: boolean
  /** No block is larger than this many bytes. */
  readonly largestBlock: number
  /** Round trip in ms; what a new request costs before its first byte. */
  readonly roundTrip: number
}

/** What a connection without work does next. */
export type Work =
  | { readonly kind: 'claim'; readonly start: number; readonly end: number }
  /** Shorten a running range to `newEnd`; the bytes behind it become free, then ask again. */
  | { readonly kind: 'cut'; readonly id: number; readonly newEnd: number }
  /** Fetch the same bytes as `id` does; the first to arrive win. */
  | { readonly kind: 'hedge'; readonly id: number; readonly start: number; readonly end: number }
  | { readonly kind: 'none' }

/** A block takes a connection at least this long (seconds, round trips), so that asking costs little. */
const blockSeconds = 0.4
const blockRoundTrips = 8
const smallestBlock = 256 * 1024
const usualBlock = 1024 * 1024
const fewConnections = 8
const smallestCut = 64 * 1024

/**
 * Gives out work so that all connections finish together: blocks near the front of the file that shrink with what is
 * left (guided self-scheduling), then parts of the connection that needs the most time, then races for its last bytes.
 * Blocks from the front keep the hash of the file close behind the writers.
 */
export function nextWork(view: SegmentView): Work {
  const [first] = view.free
  if (first) return { kind: 'claim', start: first[0], end: Math.min(first[1], first[0] + blockSize(first, view)) }
  const victim = slowest(view.running)
  if (!victim) return { kind: 'none' }
  const left = victim.end - victim.position
  const usual = usualSpeed(view)
  const fresh = requestSeconds(view) + left / Math.max(usual, 1)
  if (!victim.hedged && left >= 2 * smallestCut && timeFor(victim) > 2 * requestSeconds(view)) {
    const share = victim.speed / (victim.speed + Math.max(usual, 1) * view.idle)
    const keep = Math.max(smallestCut, Math.floor(left * (view.proven ? Math.min(share, 0.5) : 0.5)))
    if (left - keep >= smallestCut) return { kind: 'cut', id: victim.id, newEnd: victim.position + keep }
  }
  if (!victim.hedged && timeFor(victim) > 2 * fresh + 0.05 && victim.age > 4 * view.roundTrip + 50) {
    return { kind: 'hedge', id: victim.id, start: victim.position, end: victim.end }
  }
  return { kind: 'none' }
}

function blockSize(range: Range, view: SegmentView): number {
  const length = range[1] - range[0]
  if (view.connections <= 1) return length
  const free = view.free.reduce((sum, [start, end]) => sum + end - start, 0)
  const left = view.running.reduce((sum, { position, end }) => sum + Math.max(0, end - position), free)
  // A few connections get along with fewer, larger requests; many need small ones to end together.
  const guided = Math.ceil((view.limit <= fewConnections ? left : free) / (2 * view.connections))
  const speed = medianSpeed(view.running)
  const least =
    speed > 0
      ? Math.min(4 * usualBlock, speed * Math.max(blockSeconds, (blockRoundTrips * view.roundTrip) / 1000))
      : usualBlock
  const block = Math.min(view.largestBlock, Math.max(smallestBlock, Math.ceil(least), guided))
  return length - block < smallestBlock / 2 ? length : block
}

/** Seconds a running range still needs. */
function timeFor({ position, end, speed, age }: Running): number {
  if (end <= position) return 0
  if (speed > 0) return (end - position) / speed
  return age > 100 ? Infinity : 0
}

function slowest(running: readonly Running[]): Running | undefined {
  let worst: Running | undefined
  for (const one of running) if (timeFor(one) > (worst ? timeFor(worst) : 0)) worst = one
  return worst
}

/** The speed that a further connection may expect: that of the others, or what one managed that ended. */
function usualSpeed({ running, lastSpeed }: SegmentView): number {
  return Math.max(medianSpeed(running), lastSpeed)
}

function medianSpeed(running: readonly Running[]): number {
  const speeds = running
    .map((one) => one.speed)
    .filter((speed) => speed > 0)
    .sort((a, b) => a - b)
  return speeds[Math.floor(speeds.length / 2)] ?? 0
}

const requestSeconds = ({ roundTrip }: SegmentView): number => (2 * roundTrip + 20) / 1000
