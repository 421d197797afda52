import { basename, dirname, join } from 'node:path'
import { asSluiceError, SluiceError } from '../core/errors.ts'
import { startGrowth } from '../core/growth.ts'
import { addRange, removeRange, totalBytes } from '../core/ranges.ts'
import { measure, startMeter, timeLeft } from '../core/speed.ts'
import { parseHttpUrl } from '../core/url.ts'
import { checkpoint, checkpointIfDue } from './checkpoint.ts'
import { checkExisting } from './existing.ts'
import { finishTransfer } from './finish.ts'
import { stopLane } from './lane.ts'
import { makeLocation } from './location.ts'
import { discardPart } from './open-part.ts'
import type { PartFile } from './part-file.ts'
import { resumeTransfer } from './resume.ts'
import { pump, watchLanes } from './schedule.ts'
import { removeSession, sessionId } from './session.ts'
import { bytesDone, sizeOf } from './state.ts'
import type { Environment, Transfer } from './state.ts'
import type { FileRequest, Finished, TransferEvent } from './types.ts'

const progressMs = 100
const roomBytes = 64 * 1024

/** Fetches one file; see `Engine.get` for what it promises. `tick` is handed out to be called every 50 ms. */
export async function runTransfer(
  env: Environment,
  id: number,
  request: FileRequest,
  emit: (event: TransferEvent) => void,
  signal: AbortSignal,
  onTick: (tick: (() => void) | null) => void,
): Promise<Finished> {
  const { promise, resolve, reject } = Promise.withResolvers<Finished>()
  // It may be rejected while something else is awaited; the await below reports it all the same.
  promise.catch(() => {})
  const transfer = createTransfer(env, id, request, emit, { resolve, reject })
  const interrupt = (): void => transfer.fail(interruption(signal))
  if (signal.aborted) throw interruption(signal)
  signal.addEventListener('abort', interrupt, { once: true })
  try {
    if (env.staging.prepare(transfer.dir).inMemory) transfer.sync = false
    const there = await checkExisting(transfer)
    if (there && transfer.ending === null) return there
    if (transfer.ending === null) await resumeTransfer(transfer)
    if (transfer.ending === null) {
      onTick(() => tick(transfer))
      pump(transfer)
    }
    return await promise
  } catch (error) {
    transfer.claim?.release()
    await keepPart(transfer, asSluiceError(error))
    throw error
  } finally {
    onTick(null)
    signal.removeEventListener('abort', interrupt)
    transfer.lock?.release()
  }
}

function interruption(signal: AbortSignal): SluiceError {
  return signal.reason instanceof SluiceError
    ? signal.reason
    : new SluiceError('interrupted', 'The download was interrupted.', { cause: signal.reason })
}

function createTransfer(
  env: Environment,
  id: number,
  request: FileRequest,
  emit: (event: TransferEvent) => void,
  outcome: { resolve: (finished: Finished) => void; reject: (error: unknown) => void },
): Transfer {
  const first = parseHttpUrl(request.reference)
  const locations = [
    makeLocation(first, false),
    ...request.mirrors.map((mirror) => makeLocation(parseHttpUrl(mirror), true)),
  ]
  const target = request.output === undefined ? undefined : join(request.dir, request.output)
  const now = env.clock()
  const transfer: Transfer = {
    env,
    id,
    request,
    emit,
    locations,
    sessionId: sessionId(first.url, request.output),
    dir: target === undefined ? request.dir : dirname(target),
    chosenName: target === undefined ? undefined : basename(target),
    startedAt: now,
    name: '',
    type: null,
    known: null,
    sizeAnnounced: false,
    ranges: false,
    proven: false,
    noIfRange: false,
    sync: env.options.sync,
    file: null,
    folder: null,
    lock: null,
    claim: null,
    digests: request.digests,
    serverDigests: null,
    hash: null,
    done: [],
    free: [],
    lanes: new Set(),
    nextLane: 0,
    growth: startGrowth(env.options.connections ?? 1, undefined, now),
    meter: startMeter(now, 0),
    received: 0,
    oddAnswers: 0,
    progressAt: now,
    movedAt: now,
    roundTrip: 0,
    lastSpeed: 0,
    failures: 0,
    reachedAtFailure: 0,
    restarted: false,
    notBefore: 0,
    checkpointAt: now,
    checkpointBytes: 0,
    checkpointing: null,
    ending: null,
    fail(error) {
      if (!end('failed')) return
      outcome.reject(error)
    },
    complete() {
      if (!end('finishing')) return
      finishTransfer(transfer).then(outcome.resolve, outcome.reject)
    },
    alreadyThere(path) {
      if (!end('finishing')) return
      outcome.resolve({
        reference: request.reference,
        path,
        bytes: sizeOf(transfer) ?? 0,
        seconds: 0,
        verdict: 'length-only',
        digests: {},
        alreadyThere: true,
      })
    },
  }
  return transfer

  function end(how: 'finishing' | 'failed'): boolean {
    if (transfer.ending) return false
    transfer.ending = how
    for (const lane of [...transfer.lanes]) {
      transfer.done = addRange(transfer.done, lane.start, lane.position)
      stopLane(transfer, lane)
    }
    return true
  }
}

/** After a failure: what has arrived is put on the disk for the next run; without any, nothing is left behind. */
async function keepPart(transfer: Transfer, error: SluiceError): Promise<void> {
  const { file } = transfer
  try {
    if (!file) {
      if (transfer.folder !== null) removeSession(transfer.folder)
      return
    }
    await file.settled()
    const worthless =
      totalBytes(transfer.done) === 0 ||
      sizeOf(transfer) === null ||
      (transfer.folder === null && error.code === 'digest-mismatch')
    await transfer.checkpointing
    if (error.code === 'disk-full') makeRoom(transfer, file)
    if (worthless) await discardPart(transfer)
    else if (error.code !== 'digest-mismatch') await checkpoint(transfer)
  } catch (second) {
    transfer.emit({
      type: 'warning',
      id: transfer.id,
      reference: transfer.request.reference,
      code: 'disk',
      message: `The state could not be saved: ${asSluiceError(second).message}`,
    })
  } finally {
    transfer.file?.close()
  }
}

/** On a full disk even the session finds no place: the last bytes of the part make some. */
function makeRoom(transfer: Transfer, file: PartFile): void {
  const last = transfer.done.at(-1)
  if (!last) return
  const end = Math.max(last[0], last[1] - roomBytes)
  file.truncate(end)
  transfer.done = removeRange(transfer.done, end, last[1])
}

function tick(transfer: Transfer): void {
  if (transfer.ending) return
  const now = transfer.env.clock()
  watchLanes(transfer, now)
  pump(transfer)
  checkpointIfDue(transfer)
  transfer.lock?.refresh(transfer.env.now())
  transfer.meter = measure(transfer.meter, now, transfer.received)
  if (!transfer.file || now - transfer.progressAt < progressMs) return
  transfer.progressAt = now
  const size = sizeOf(transfer)
  const done = bytesDone(transfer)
  transfer.emit({
    type: 'progress',
    id: transfer.id,
    reference: transfer.request.reference,
    bytesDone: done,
    bytesTotal: size,
    speed: Math.round(transfer.meter.speed),
    eta: timeLeft(size === null ? null : size - done, transfer.meter.speed),
    connections: transfer.lanes.size,
  })
}
