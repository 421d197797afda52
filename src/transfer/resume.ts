import { join } from 'node:path'
import { gaps, removeRange, totalBytes } from '../core/ranges.ts'
import { redactUrl } from '../core/url.ts'
import { startGrowing, startHash } from './accept.ts'
import { claimSpace, discardPart, inUse } from './open-part.ts'
import { openPartFile } from './part-file.ts'
import { takeLock } from './lock.ts'
import { makeSessionFolder, readSession, removeSession, sessionFolder } from './session.ts'
import type { Session } from './session.ts'
import { reserveOf } from './state.ts'
import type { Transfer } from './state.ts'

const { lstatSync } = process.getBuiltinModule('node:fs')

/**
 * Takes over what an earlier run left for the same reference, if it left something that can be trusted. Throws
 * `in-use` when another process works on it.
 */
export async function resumeTransfer(transfer: Transfer): Promise<void> {
  const folder = sessionFolder(transfer.dir, transfer.sessionId)
  if (!transfer.env.staging.hasSession(transfer.dir, transfer.sessionId, transfer.startedAt)) return
  makeSessionFolder(folder)
  transfer.lock = takeLock(folder, transfer.env.now())
  if (!transfer.lock) throw inUse(transfer)
  transfer.folder = folder
  const session = readSession(folder, transfer.sessionId)
  const own = session?.reference === redactUrl(transfer.locations[0]?.original ?? '')
  const path = session && own && join(transfer.dir, session.part)
  if (!session || !path || !lstatSync(path, { throwIfNoEntry: false })?.isFile()) return startAnew(transfer)
  transfer.file = openPartFile(path, 'resume', reserveOf(transfer))
  if (session.size === null || isAnother(transfer, session) || isHopeless(transfer, session)) return startAnew(transfer)
  takeOver(transfer, session, session.size)
}

/** The part is of a file with another size, or has its bytes in other places. */
function isAnother(transfer: Transfer, { size, reserve = 0 }: Session): boolean {
  return size !== (transfer.request.size ?? size) || reserve !== reserveOf(transfer)
}

/** The whole part was hashed before, and it is still not what is asked for. */
function isHopeless(transfer: Transfer, { found }: Session): boolean {
  if (found === undefined) return false
  const [algorithm, hex] = found.split(':')
  return !transfer.digests.some((digest) => digest.algorithm === algorithm && digest.hex === hex)
}

function takeOver(transfer: Transfer, session: Session, size: number): void {
  const { file } = transfer
  if (!file) return
  transfer.name = session.name
  transfer.type = session.type
  transfer.known = { size, validators: session.validators }
  transfer.sizeAnnounced = true
  transfer.ranges = true
  const length = file.facts().size
  transfer.done = removeRange(session.done, length, Math.max(size, length))
  if (length > size) file.truncate(size)
  transfer.free = gaps(transfer.done, size)
  const have = totalBytes(transfer.done)
  claimSpace(transfer, size - have)
  startGrowing(transfer)
  startHash(transfer)
  const [location] = transfer.locations
  transfer.emit({
    type: 'start',
    id: transfer.id,
    reference: transfer.request.reference,
    url: location ? redactUrl(location.original) : '',
    path: join(transfer.dir, transfer.name),
    bytesTotal: size,
    resumedFrom: have,
  })
}

async function startAnew(transfer: Transfer): Promise<void> {
  const { folder } = transfer
  await discardPart(transfer)
  if (folder !== null) removeSession(folder)
}
