import { asSluiceError, SluiceError } from '../core/errors.ts'
import { removeRange, totalBytes } from '../core/ranges.ts'
import { measure, timeLeft } from '../core/speed.ts'
import type { Authorize } from '../wire/types.ts'
import { checkpoint, checkpointIfDue } from './checkpoint.ts'
import { createTransfer } from './create-transfer.ts'
import { checkExisting } from './existing.ts'
import { leaveGroup } from './group.ts'
import { claimSpace, discardPart, inUse } from './open-part.ts'
import type { PartFile } from './part-file.ts'
import { resumeTransfer } from './resume.ts'
import { pump } from './schedule.ts'
import { removeSession } from './session.ts'
import { bytesDone, sizeOf } from './state.ts'
import type { Environment, Transfer } from './state.ts'
import type { FileRequest, Finished, TransferEvent } from './types.ts'
import { watchLanes } from './watch-lanes.ts'

/** Milliseconds between numbers, unless the engine is told otherwise. */
const progressMs = 100
const roomBytes = 64 * 1024

/** What a run is given besides its request. */
export interface Run {
  readonly id: number
  readonly emit: (event: TransferEvent) => void
  readonly signal: AbortSignal
  readonly authorize: Authorize | undefined
  /** Is handed what is to be called every 50 ms, null at the end. */
  readonly onTick: (tick: (() => void) | null) => void
}

/** Fetches one file; see `Engine.get` for what it promises. */
export async function runTransfer(
  env: Environment,
  request: FileRequest,
  { id, emit, signal, authorize, onTick }: Run,
): Promise<Finished> {
  const { promise, resolve, reject } = Promise.withResolvers<Finished>()
  // It may be rejected while something else is awaited; the await below reports it all the same.
  promise.catch(() => {})
  const transfer = createTransfer(env, id, request, emit, { resolve, reject }, authorize)
  const interrupt = (): void => transfer.fail(interruption(signal))
  const { active } = env
  const { sessionId } = transfer
  try {
    if (signal.aborted) throw interruption(signal)
    if (request.key !== undefined && active.has(sessionId)) throw inUse(transfer)
    if (!active.has(sessionId)) active.set(sessionId, transfer)
    signal.addEventListener('abort', interrupt, { once: true })
    if (env.staging.prepare(transfer.dir).inMemory) transfer.sync = false
    const there = await checkExisting(transfer)
    if (there && transfer.ending === null) return there
    if (transfer.ending === null) await resumeTransfer(transfer)
    if (transfer.ending === null) {
      if (request.size !== undefined) claimSpace(transfer, request.size)
      onTick(() => tick(transfer))
      pump(transfer)
    }
    return await promise
  } catch (error) {
    await keepPart(transfer, asSluiceError(error))
    throw error
  } finally {
    onTick(null)
    signal.removeEventListener('abort', interrupt)
    transfer.lock?.release()
    transfer.claim?.release()
    if (request.group !== undefined) leaveGroup(env.groups, request.group, transfer)
    if (active.get(sessionId) === transfer) active.delete(sessionId)
  }
}

function interruption(signal: AbortSignal): SluiceError {
  return signal.reason instanceof SluiceError
    ? signal.reason
    : new SluiceError('interrupted', 'The download was interrupted.', { cause: signal.reason })
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
  if (!transfer.file || now - transfer.progressAt < (transfer.env.options.progressInterval ?? progressMs)) return
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
