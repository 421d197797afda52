import { basename, dirname, join } from 'node:path'
import { SluiceError } from '../core/errors.ts'
import { partName } from '../core/file-name.ts'
import { startGrowth } from '../core/growth.ts'
import { addRange } from '../core/ranges.ts'
import { startMeter } from '../core/speed.ts'
import { parseHttpUrl } from '../core/url.ts'
import type { Authorize } from '../wire/types.ts'
import { createAuthorization } from './authorization.ts'
import { checkNumbers } from './expected-size.ts'
import { effectiveOptions } from './file-options.ts'
import { finishTransfer } from './finish.ts'
import { createRateCap, joinGroup } from './group.ts'
import { stopLane } from './lane.ts'
import { makeLocation } from './location.ts'
import { dropLanes, pump } from './schedule.ts'
import { checkKey, referenceId } from './session.ts'
import { sizeOf } from './state.ts'
import type { Environment, Transfer } from './state.ts'
import type { FileRequest, Finished, TransferEvent } from './types.ts'

/** Bytes of a name that file systems take, without what the part has behind it. */
const longestName = 255 - partName('').length

/** A transfer that has not begun, in its group already. Throws `bad-url`, and `usage` for options that cannot be. */
export function createTransfer(
  env: Environment,
  id: number,
  request: FileRequest,
  emit: (event: TransferEvent) => void,
  outcome: { resolve: (finished: Finished) => void; reject: (error: unknown) => void },
  authorize: Authorize | undefined,
): Transfer {
  const first = parseHttpUrl(request.reference)
  checkNumbers(request)
  const asking = authorize ? new AbortController() : null
  const locations = [
    makeLocation(first, false, authorize && asking ? createAuthorization(authorize, asking.signal) : null),
    ...request.mirrors.map((mirror) => makeLocation(parseHttpUrl(mirror), true)),
  ]
  const target = request.output === undefined ? undefined : join(request.dir, request.output)
  if (target !== undefined && Buffer.byteLength(basename(target)) > longestName)
    throw new SluiceError('usage', `The name for the file is longer than ${longestName} bytes.`, {
      hint: 'Give a shorter one.',
    })
  const now = env.clock()
  const options = effectiveOptions(env.options, request.options)
  const sessionId = referenceId(request, first.url)
  const fetching = env.contextFor(request)
  const group =
    request.group === undefined ? null : joinGroup(env.groups, checkKey(request.group), options.limitRate, env.clock)
  const { limiter, readSize } = group ?? createRateCap(options.limitRate, env.clock)
  const transfer: Transfer = {
    env,
    id,
    request,
    emit,
    locations,
    sessionId,
    options,
    fetching,
    limiter,
    readSize,
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
    growth: startGrowth(options.connections ?? 1, undefined, now),
    held: false,
    meter: startMeter(now, 0),
    received: 0,
    told: { caps: new Set(), hosts: new Set() },
    oddAnswers: 0,
    ignoredRanges: 0,
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
    wake: () => pump(transfer),
    spare: (host) => dropLanes(transfer, 1, host),
  }
  group?.members.add(transfer)
  return transfer

  function end(how: 'finishing' | 'failed'): boolean {
    if (transfer.ending) return false
    transfer.ending = how
    for (const lane of [...transfer.lanes]) {
      transfer.done = addRange(transfer.done, lane.start, lane.position)
      stopLane(transfer, lane)
    }
    env.places.stopWaiting(transfer)
    asking?.abort()
    if (!group) limiter.setRate(undefined)
    return true
  }
}
