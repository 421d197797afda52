import type { SluiceError } from '../core/errors.ts'
import type { ErrorCode } from '../core/errors.ts'
import { grow, refuse } from '../core/growth.ts'
import { addRange, removeRange, totalBytes } from '../core/ranges.ts'
import { decideRetry } from '../core/retry-policy.ts'
import { nextWork } from '../core/segments.ts'
import type { SegmentView, Work } from '../core/segments.ts'
import { startLane, stopLane } from './lane.ts'
import type { LaneRange } from './lane.ts'
import type { Location } from './location.ts'
import { claimedRanges } from './open-part.ts'
import { bytesDone, sizeOf } from './state.ts'
import type { Lane, Transfer } from './state.ts'

/** Starts connections while there is work and the file deserves more of them. */
export function pump(transfer: Transfer): void {
  const { env } = transfer
  while (!transfer.ending && env.clock() >= transfer.notBefore) {
    const size = sizeOf(transfer)
    if (transfer.lanes.size === 0 && size !== null && transfer.free.length === 0 && totalBytes(transfer.done) === size && transfer.file) return transfer.complete()
    const target = transfer.ranges && size !== null && transfer.file ? transfer.growth.target : 1
    if (transfer.lanes.size >= target) return
    const location = chooseLocation(transfer)
    if (!location || isHeld(transfer, location)) return
    if (transfer.lanes.size === 0 && (!transfer.file || size === null || totalBytes(transfer.done) === 0)) {
      transfer.free = []
      start(transfer, location, { start: 0, end: Infinity, whole: true }, null)
      return
    }
    if (!apply(transfer, location, nextWork(viewOf(transfer, target)))) return
  }
}

function apply(transfer: Transfer, location: Location, work: Work): boolean {
  const lane = work.kind === 'cut' || work.kind === 'hedge' ? [...transfer.lanes].find(one => one.id === work.id) : undefined
  if (work.kind === 'claim') {
    transfer.free = removeRange(transfer.free, work.start, work.end)
    start(transfer, location, { start: work.start, end: work.end, whole: false }, null)
    return true
  }
  if (work.kind === 'cut' && lane) {
    transfer.free = addRange(transfer.free, work.newEnd, lane.end)
    lane.end = work.newEnd
    return true
  }
  if (work.kind === 'hedge' && lane) {
    start(transfer, location, { start: work.start, end: work.end, whole: false }, lane)
    return true
  }
  return false
}

function start(transfer: Transfer, location: Location, range: LaneRange, hedgeOf: Lane | null): void {
  startLane(transfer, location, range, hedgeOf, { done: lane => laneDone(transfer, lane), failed: (lane, error) => laneFailed(transfer, lane, error) })
}

function viewOf(transfer: Transfer, target: number): SegmentView {
  const now = transfer.env.clock()
  const lanes = [...transfer.lanes]
  const raced = new Set(lanes.map(lane => lane.hedgeOf))
  return {
    free: transfer.free,
    running: lanes.filter(lane => !lane.hedgeOf && Number.isFinite(lane.end)).map(lane => ({
      id: lane.id, position: lane.position, end: lane.end, speed: steadySpeed(lane, now), age: now - lane.sentAt, hedged: raced.has(lane),
    })),
    connections: target,
    idle: target - lanes.length,
    roundTrip: transfer.roundTrip,
  }
}

/** Servers that cap a connection send in bursts: the speed of late would promise too much after each. */
function steadySpeed(lane: Lane, now: number): number {
  return Math.min(lane.speed, ((lane.position - lane.start) / Math.max(now - lane.sentAt, 1)) * 1000)
}

/** The place with the fewest connections at work; earlier ones first. */
function chooseLocation(transfer: Transfer): Location | undefined {
  const load = (location: Location): number => [...transfer.lanes].filter(lane => lane.location === location).length
  return transfer.locations.filter(location => !location.banned).sort((a, b) => load(a) - load(b))[0]
}

/** A host that asked to wait (Retry-After) gets no request from any transfer. */
function isHeld(transfer: Transfer, location: Location): boolean {
  return transfer.env.hosts.heldUntil(location.original.host) > transfer.env.now()
}

function laneDone(transfer: Transfer, lane: Lane): void {
  transfer.done = addRange(transfer.done, lane.start, lane.position)
  if (sizeOf(transfer) === null && transfer.known) transfer.known = { ...transfer.known, size: lane.position }
  for (const other of [...transfer.lanes]) {
    const beaten = other.hedgeOf === lane || lane.hedgeOf === other
    if (beaten && (other.position >= other.end || lane.position >= other.end)) {
      transfer.done = addRange(transfer.done, other.start, other.position)
      stopLane(transfer, other)
    } else if (other.hedgeOf === lane) {
      other.hedgeOf = null
    }
  }
  pump(transfer)
}

/** Errors after which nothing else makes sense, whatever other connections do. */
const final = new Set<ErrorCode>(['disk-full', 'disk-permission', 'disk', 'target-exists', 'interrupted', 'internal', 'usage', 'in-use', 'overall-timeout', 'bad-encoding'])

/** What a server answers that wants fewer connections. */
const refusals = new Set<ErrorCode>(['http-busy', 'http-forbidden', 'connect-refused', 'connect-failed', 'connect-timeout', 'connection-lost', 'headers-timeout'])

function laneFailed(transfer: Transfer, lane: Lane, error: SluiceError): void {
  giveBack(transfer, lane)
  if (transfer.ending) return
  if (final.has(error.code)) return transfer.fail(error)
  const { env, lanes } = transfer
  const host = lane.location.original.host
  if (error.retryAfter !== undefined) env.hosts.holdUntil(host, env.now() + Math.min(error.retryAfter, 3600) * 1000)
  const others = transfer.locations.some(location => location !== lane.location && !location.banned)
  if (others && error.retry === 'never') {
    lane.location.banned = true
    warn(transfer, error)
    return pump(transfer)
  }
  if (lanes.size > 0 && error.code !== 'remote-changed') {
    if (!lane.flowing) {
      if (refusals.has(error.code) || ++transfer.oddAnswers > 3) transfer.growth = refuse(transfer.growth, lanes.size, env.clock())
      if (error.code === 'http-busy' || error.code === 'connect-refused') env.hosts.learnCap(host, transfer.growth.cap)
      warn(transfer, error)
    }
    return
  }
  retryLater(transfer, error)
}

function retryLater(transfer: Transfer, error: SluiceError): void {
  const { env } = transfer
  if (transfer.received > transfer.receivedAtFailure) transfer.failures = 0
  transfer.receivedAtFailure = transfer.received
  transfer.failures++
  const decision = decideRetry(error, transfer.failures, env.options.retries, env.random())
  if (decision.kind === 'give-up') return transfer.fail(error)
  transfer.notBefore = env.clock() + decision.seconds * 1000
  transfer.emit({
    type: 'retry', id: transfer.id, reference: transfer.request.reference, code: error.code, message: error.message,
    delay: decision.seconds, attempt: transfer.failures,
  })
  if (decision.seconds === 0) pump(transfer)
}

/** What a failed lane has written stays, the rest is up for others. */
function giveBack(transfer: Transfer, lane: Lane): void {
  const racer = [...transfer.lanes].find(other => other.hedgeOf === lane)
  if (!Number.isFinite(lane.end)) return
  transfer.done = addRange(transfer.done, lane.start, lane.position)
  for (const [start, end] of transfer.file?.underWay() ?? []) transfer.done = removeRange(transfer.done, start, end)
  if (racer) racer.hedgeOf = null
  else if (!lane.hedgeOf) transfer.free = addRange(transfer.free, lane.position, lane.end)
}

function warn(transfer: Transfer, error: SluiceError): void {
  transfer.emit({ type: 'warning', id: transfer.id, reference: transfer.request.reference, code: error.code, message: error.message })
}

/** Takes the speeds of all connections and decides how many there should be. Call it about ten times a second. */
export function watchLanes(transfer: Transfer, now: number): void {
  for (const lane of transfer.lanes) {
    const elapsed = now - lane.markAt
    if (elapsed < 80) continue
    const fresh = ((lane.position - lane.markPosition) / elapsed) * 1000
    lane.speed = lane.markPosition === lane.start ? fresh : (lane.speed + fresh) / 2
    lane.markAt = now
    lane.markPosition = lane.position
  }
  const size = sizeOf(transfer)
  if (size === null || !transfer.file) return
  if (transfer.hash) transfer.hash.chase(prefix(transfer))
  if (!transfer.ranges) return
  const flowing = [...transfer.lanes].filter(lane => lane.flowing).length
  const before = transfer.growth
  transfer.growth = grow(before, {
    now, bytes: transfer.received, bytesLeft: size - bytesDone(transfer), flowing, silence: now - transfer.movedAt, roundTrip: transfer.roundTrip,
  })
  const host = transfer.locations[0]?.original.host ?? ''
  if (before.phase === 'growing' && transfer.growth.phase === 'settled') transfer.env.hosts.learnGood(host, transfer.growth.target)
}

/** Bytes from the front that are written without a gap: what may be hashed. */
function prefix(transfer: Transfer): number {
  const first = claimedRanges(transfer)[0]
  return first?.[0] === 0 ? first[1] : 0
}
