import { basename, join } from 'node:path'
import { SluiceError } from '../core/errors.ts'
import { numberedName, partName } from '../core/file-name.ts'
import { removeRange } from '../core/ranges.ts'
import type { RangeSet } from '../core/ranges.ts'
import { noValidators } from '../core/validators.ts'
import { redactUrl } from '../core/url.ts'
import { diskError } from '../core/disk-error.ts'
import { moveWithoutReplacing } from './landing.ts'
import { takeLock } from './lock.ts'
import { openPartFile } from './part-file.ts'
import type { PartFile } from './part-file.ts'
import { makeSessionFolder, removeSession, sessionFolder, writeSessionNow } from './session.ts'
import type { Session } from './session.ts'
import { reserveOf, sizeOf, takenRanges } from './state.ts'
import type { Transfer } from './state.ts'

const { rmSync } = process.getBuiltinModule('node:fs')

/** Files up to this size stay in the staging folder of the process unless they turn out to be slow. */
const stagedSize = 1024 * 1024
const mostParts = 999

/** Claims room on the disk for so many bytes that are still to come. Throws `disk-full`. */
export function claimSpace(transfer: Transfer, bytes: number): void {
  const needed = bytes + reserveOf(transfer)
  transfer.claim ??= transfer.env.space.claim(transfer.dir, needed, () => Math.max(0, needed - transfer.received))
}

/** Opens the file that the bytes go to: `name.part` with a session, or for a small file a staged one without. */
export function openPart(transfer: Transfer): void {
  const { env, dir } = transfer
  const size = sizeOf(transfer)
  try {
    if (size !== null && size <= stagedSize) {
      transfer.file = openPartFile(env.staging.take(dir), 'create', reserveOf(transfer))
      return
    }
    beginSession(transfer)
    transfer.file = freePart(transfer, (path) => createIfFree(path, reserveOf(transfer)))
    writeSessionNow(sessionFolder(dir, transfer.sessionId), sessionOf(transfer, []))
  } catch (error) {
    throw diskError(error, dir)
  }
}

/** A staged file that takes longer than expected becomes `name.part` with a session, so that a crash costs little. */
export function promotePart(transfer: Transfer): void {
  const { file, dir, env } = transfer
  if (!file || transfer.folder !== null) return
  try {
    beginSession(transfer)
    file.moved(freePart(transfer, (path) => (moveWithoutReplacing(file.path, path) ? path : null)))
    env.staging.done(dir)
    writeSessionNow(sessionFolder(dir, transfer.sessionId), sessionOf(transfer, []))
  } catch (error) {
    throw diskError(error, dir)
  }
}

function beginSession(transfer: Transfer): void {
  if (transfer.folder !== null) return
  const folder = sessionFolder(transfer.dir, transfer.sessionId)
  makeSessionFolder(folder)
  transfer.env.staging.sessionBegun(transfer.dir)
  transfer.lock = takeLock(folder, transfer.env.now())
  if (!transfer.lock) throw inUse(transfer)
  transfer.folder = folder
}

export function inUse(transfer: Transfer): SluiceError {
  return new SluiceError('in-use', `This file is being fetched into ${transfer.dir} by another Sluice.`)
}

/** What `take` gives for the first of `name.part`, `name (1).part` ... that it does not turn down with null. */
function freePart<T>(transfer: Transfer, take: (path: string) => T | null): T {
  for (let n = 0; n <= mostParts; n++) {
    const taken = take(join(transfer.dir, partName(n === 0 ? transfer.name : numberedName(transfer.name, n))))
    if (taken !== null) return taken
  }
  throw new SluiceError('target-exists', `There are ${mostParts} files named like ${partName(transfer.name)} already.`)
}

function createIfFree(path: string, reserve: number): PartFile | null {
  try {
    return openPartFile(path, 'create', reserve)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return null
    throw error
  }
}

/** What is written and may be claimed: finished ranges and running ones, less what another thread is still writing. */
export function claimedRanges(transfer: Transfer): RangeSet {
  for (const lane of transfer.lanes) lane.behind?.flush()
  let ranges = takenRanges(transfer)
  for (const [start, end] of transfer.file?.underWay() ?? []) ranges = removeRange(ranges, start, end)
  return ranges
}

export function sessionOf(transfer: Transfer, done: RangeSet, found?: string): Session {
  const size = sizeOf(transfer)
  const reserve = reserveOf(transfer)
  return {
    version: reserve > 0 ? 2 : 1,
    id: transfer.sessionId,
    reference: redactUrl(transfer.locations[0]?.original ?? ''),
    part: basename(transfer.file?.path ?? ''),
    name: transfer.name,
    size,
    type: transfer.type,
    validators: transfer.known?.validators ?? noValidators,
    done: size === null ? [] : done,
    ...(reserve > 0 ? { reserve } : {}),
    ...(found === undefined ? {} : { found }),
  }
}

/** Removes the part and all that belongs to it. */
export async function discardPart(transfer: Transfer): Promise<void> {
  const { file, folder, env, dir } = transfer
  transfer.file = null
  transfer.folder = null
  if (file) {
    await file.settled()
    file.close()
    rmSync(file.path, { force: true })
    if (folder === null) env.staging.done(dir)
  }
  transfer.lock = null
  if (folder !== null) removeSession(folder)
}
