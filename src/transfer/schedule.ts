import { asSluiceError, SluiceError } from '../core/errors.ts'
import type { ErrorCode } from '../core/errors.ts'
import { refuse } from '../core/growth.ts'
import { addRange, gaps, removeRange, totalBytes } from '../core/ranges.ts'
import { decideRetry, longestRetryAfter, withTime } from '../core/retry-policy.ts'
import { nextWork } from '../core/segments.ts'
import type { Work } from '../core/segments.ts'
import { chooseLocation, findOpening } from './choose-location.ts'
import { startLane, stopLane } from './lane.ts'
import { noteCap } from './notes.ts'
import type { LaneRange } from './lane.ts'
import type { Location } from './location.ts'
import { discardPart } from './open-part.ts'
import { viewOf } from './segment-view.ts'
import { sizeOf } from './state.ts'
import type { Lane, Transfer } from './state.ts'

/** Starts connections while there is work and the file deserves more of them. */
export function pump(transfer: Transfer): void {
  const { env } = transfer
  while (!transfer.ending && env.clock() >= transfer.notBefore) {
    const size = sizeOf(transfer)
    if (
      transfer.lanes.size === 0 &&
      size !== null &&
      transfer.free.length === 0 &&
      totalBytes(transfer.done) === size &&
      transfer.file
    )
      return transfer.complete()
    if (transfer.lanes.size === 0 && size !== null && transfer.free.length === 0)
      transfer.free = gaps(transfer.done, size)
    const target = transfer.ranges && size !== null && transfer.file ? transfer.growth.target : 1
    if (transfer.lanes.size >= target) return rest(transfer)
    const opening = findOpening(transfer)
    if (!opening) return
    const { location, room } = opening
    if (transfer.lanes.size === 0 && (!transfer.file || size === null || totalBytes(transfer.done) === 0)) {
      transfer.free = []
      launch(transfer, location, { start: 0, end: Infinity, whole: true }, null)
      return
    }
    const places = Math.min(target, transfer.lanes.size + room)
    if (!apply(transfer, location, nextWork(viewOf(transfer, places)))) return rest(transfer)
  }
}

/** It has all the connections that it wants. */
function rest(transfer: Transfer): void {
  transfer.held = false
  transfer.env.places.stopWaiting(transfer)
}

/** Ends so many connections, the newest first; what they were to fetch is up for others. */
export function dropLanes(transfer: Transfer, count: number, host?: string): void {
  const lanes = [...transfer.lanes].filter((lane) => host === undefined || lane.host === host)
  for (const lane of lanes.slice(Math.max(1, lanes.length - count))) {
    stopLane(transfer, lane)
    giveBack(transfer, lane)
  }
}

function apply(transfer: Transfer, location: Location, work: Work): boolean {
  const lane =
    work.kind === 'cut' || work.kind === 'hedge' ? [...transfer.lanes].find((one) => one.id === work.id) : undefined
  if (work.kind === 'claim') {
    transfer.free = removeRange(transfer.free, work.start, work.end)
    launch(transfer, location, { start: work.start, end: work.end, whole: false }, null)
    return true
  }
  if (work.kind === 'cut' && lane) {
    transfer.free = addRange(transfer.free, work.newEnd, lane.end)
    lane.end = work.newEnd
    return true
  }
  if (work.kind === 'hedge' && lane) {
    launch(transfer, location, { start: work.start, end: work.end, whole: false }, lane)
    return true
  }
  return false
}

function launch(transfer: Transfer, location: Location, range: LaneRange, hedgeOf: Lane | null): void {
  startLane(transfer, location, range, hedgeOf, {
    done: (lane) => laneDone(transfer, lane),
    failed: (lane, error) => laneFailed(transfer, lane, error),
  })
}

function laneDone(transfer: Transfer, lane: Lane): void {
  lane.location.failures = 0
  const took = transfer.env.clock() - lane.sentAt
  // Shorter ones may be no more than the burst with which a server that caps connections begins.
  if (took > 1000 && !lane.hedgeOf) transfer.lastSpeed = ((lane.position - lane.start) / took) * 1000
  transfer.done = addRange(transfer.done, lane.start, lane.position)
  if (sizeOf(transfer) === null && transfer.known) transfer.known = { ...transfer.known, size: lane.position }
  for (const other of [...transfer.lanes]) {
    const rivals = other.hedgeOf === lane || lane.hedgeOf === other
    if (rivals && lane.position >= other.end) {
      transfer.done = addRange(transfer.done, other.start, other.position)
      stopLane(transfer, other)
    } else if (other.hedgeOf === lane) {
      other.hedgeOf = null
    }
  }
  pump(transfer)
}

/** Errors after which nothing else makes sense, whatever other connections do. */
const final = new Set<ErrorCode>([
  'disk-full',
  'disk-permission',
  'disk',
  'target-exists',
  'interrupted',
  'internal',
  'usage',
  'in-use',
  'overall-timeout',
  'bad-encoding',
])

/** What a server answers that wants fewer connections. */
const refusals = new Set<ErrorCode>([
  'range-refused',
  'range-mismatch',
  'http-busy',
  'http-forbidden',
  'connect-refused',
  'connect-failed',
  'connect-timeout',
  'connection-lost',
  'headers-timeout',
])

function laneFailed(transfer: Transfer, lane: Lane, error: SluiceError): void {
  giveBack(transfer, lane)
  if (transfer.ending) return
  if (final.has(error.code)) return transfer.fail(error)
  const { env, lanes } = transfer
  const { location } = lane
  location.failures++
  if (error.retryAfter !== undefined)
    env.hosts.holdUntil(location.original.host, env.now() + Math.min(error.retryAfter, longestRetryAfter) * 1000)
  const others = transfer.locations.some((other) => other !== location && !other.banned)
  if (others && (error.retry === 'never' || error.code === 'mirror-differs')) {
    ban(transfer, location)
    warn(transfer, error)
    return pump(transfer)
  }
  if (error.code === 'remote-changed')
    return transfer.options.ifChanged === 'restart' ? void startAgain(transfer, error) : transfer.fail(error)
  if (lanes.size === 0) {
    const reached = Math.max(totalBytes(transfer.done), lane.position - lane.start)
    if (!wasOneTooMany(lane, error)) return retryLater(transfer, error, reached)
    transfer.growth = refuse(transfer.growth, 1, env.clock())
    return retryLater(transfer, mayPass(error), reached, pauseAlone)
  }
  if (lane.flowing) return
  takeBack(transfer)
  const refused = refusals.has(error.code) || error.retry === 'never'
  if (!refused) warn(transfer, error)
  if (!refused && ++transfer.oddAnswers <= 3) return
  transfer.growth = refuse(transfer.growth, lanes.size, env.clock())
  noteCap(transfer, error)
  if (error.code === 'http-busy' || error.code === 'connect-refused')
    env.hosts.learnCap(location.original.host, transfer.growth.cap)
}

/** Before one connection asks alone: until then the server may count those that are over (seconds). */
const pauseAlone = 0.5

/** It was refused beside others, which have all ended since: that says nothing against one alone. */
function wasOneTooMany(lane: Lane, error: SluiceError): boolean {
  return lane.beside && !lane.flowing && refusals.has(error.code) && error.retry === 'never'
}

function mayPass(error: SluiceError): SluiceError {
  const { code, message, hint, status } = error
  return new SluiceError(code, message, {
    hint,
    cause: error,
    retry: 'backoff',
    ...(status === undefined ? {} : { status }),
  })
}

/** A place that has failed for good, or has another file, gets no more requests; its running ones end. */
function ban(transfer: Transfer, location: Location): void {
  location.banned = true
  for (const lane of [...transfer.lanes]) {
    if (lane.location !== location) continue
    stopLane(transfer, lane)
    giveBack(transfer, lane)
  }
}

/** Ranges that nobody else may fetch go back to connections whose answers still hold them. */
function takeBack(transfer: Transfer): void {
  for (const lane of transfer.lanes) {
    const next = transfer.free.find(([start]) => start === lane.end)
    if (!next || lane.hedgeOf || lane.answerEnd <= lane.end) continue
    const end = Math.min(next[1], lane.answerEnd)
    transfer.free = removeRange(transfer.free, lane.end, end)
    lane.end = end
  }
}

/** The file changed and the user wants the new one, or its rest cannot be had alone: everything begins anew, once. */
async function startAgain(transfer: Transfer, error: SluiceError): Promise<void> {
  if (transfer.restarted) return transfer.fail(error)
  transfer.restarted = true
  transfer.notBefore = Infinity
  for (const lane of [...transfer.lanes]) stopLane(transfer, lane)
  warn(transfer, error)
  try {
    await transfer.checkpointing
    await discardPart(transfer)
  } catch (problem) {
    return transfer.fail(asSluiceError(problem))
  }
  transfer.claim?.release()
  for (const location of transfer.locations) location.known = null
  Object.assign(transfer, {
    known: null,
    done: [],
    free: [],
    hash: null,
    ranges: false,
    proven: false,
    noIfRange: false,
    serverDigests: null,
    digests: transfer.request.digests,
    type: null,
    claim: null,
    notBefore: 0,
    failures: 0,
    reachedAtFailure: 0,
  })
  pump(transfer)
}

/** `reached`: how many bytes of the file were here, at most; `least`: seconds to wait in any case. */
function retryLater(transfer: Transfer, error: SluiceError, reached: number, least = 0): void {
  const { env } = transfer
  const progress = reached > transfer.reachedAtFailure
  if (progress) transfer.failures = 0
  transfer.reachedAtFailure = Math.max(reached, transfer.reachedAtFailure)
  transfer.failures++
  const decision = decideRetry(error, transfer.failures, transfer.options.retries, env.random())
  if (decision.kind === 'give-up') {
    if (mustBeginAnew(transfer, error)) return void startAgain(transfer, error)
    return transfer.fail(withTime(error))
  }
  const elsewhere = chooseLocation(transfer)?.failures === 0
  const soon = error.retryAfter === undefined && (progress || elsewhere)
  const seconds = Math.max(least, soon ? 0 : decision.seconds)
  transfer.notBefore = env.clock() + seconds * 1000
  transfer.emit({
    type: 'retry',
    id: transfer.id,
    reference: transfer.request.reference,
    code: error.code,
    message: error.message,
    delay: seconds,
    attempt: transfer.failures,
  })
  // Not at once: a server that fails at once would be asked again from within its own answer, without end.
  if (seconds === 0) setImmediate(pump, transfer)
}

/** The rest is not to be had alone, so going on from what is here would fail for ever: for those who may lose that. */
function mustBeginAnew({ done, options, restarted }: Transfer, { code }: SluiceError): boolean {
  const isOfRanges = code === 'range-mismatch' || code === 'range-refused'
  return isOfRanges && done.length > 0 && options.ifChanged === 'restart' && !restarted
}

/** What a failed lane has written stays, the rest is up for others. */
function giveBack(transfer: Transfer, lane: Lane): void {
  const racer = [...transfer.lanes].find((other) => other.hedgeOf === lane)
  if (!Number.isFinite(lane.end)) return
  transfer.done = addRange(transfer.done, lane.start, lane.position)
  if (racer) {
    racer.hedgeOf = null
    transfer.free = addRange(transfer.free, racer.end, lane.end)
  } else if (!lane.hedgeOf) transfer.free = addRange(transfer.free, lane.position, lane.end)
  // An answer that began anew goes over what was here behind it.
  for (const [start, end] of transfer.done) transfer.free = removeRange(transfer.free, start, end)
}

function warn(transfer: Transfer, error: SluiceError): void {
  transfer.emit({
    type: 'warning',
    id: transfer.id,
    reference: transfer.request.reference,
    code: error.code,
    message: error.message,
  })
}
