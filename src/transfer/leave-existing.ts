import { dirname } from 'node:path'
import { compareValidators } from '../core/validators.ts'
import type { Validators } from '../core/validators.ts'
import type { FinishedFile } from './finished-files.ts'
import { isTaken, targetExists } from './landing.ts'
import { reserveOf } from './state.ts'
import type { Transfer } from './state.ts'

/**
 * Whether the answer's body is not wanted: the same download has finished before and its file is still as it was, or
 * the policy is to skip. Then the transfer is told so. Throws `target-exists` when the policy is to fail.
 */
export function leaveExisting(transfer: Transfer, target: string): boolean {
  const { ifExists } = transfer.options
  const policy = ifExists === 'skip' || ifExists === 'fail'
  const record = recordOf(transfer, target)
  if (!record && !(policy && isTaken(target))) return false
  const same = record?.id === transfer.sessionId && isSame(transfer, record)
  if (same || (ifExists === 'skip' && isTaken(target))) {
    transfer.alreadyThere(same ? record.path : target)
    return true
  }
  if (ifExists === 'fail' && isTaken(target)) throw targetExists(target)
  return false
}

/** A key tells downloads of one URL apart: its file may have got another name, because that one was taken. */
function recordOf(transfer: Transfer, target: string): FinishedFile | undefined {
  const { finished } = transfer.env
  const record = finished.find(target)
  if (record?.id === transfer.sessionId || transfer.request.key === undefined) return record
  const renamed = transfer.options.nameTemplate || isTaken(target)
  return (renamed ? finished.findById(transfer.sessionId, dirname(target)) : undefined) ?? record
}

/** The server has the same file still, as far as it tells. A digest that is asked for was compared before (existing.ts). */
function isSame(transfer: Transfer, record: FinishedFile): boolean {
  const { known, request } = transfer
  if (request.digests.length > 0 || known === null || !isProven(known.validators)) return false
  const sizesEqual = known.size === null ? null : record.size - reserveOf(transfer) === known.size
  return compareValidators(record.validators, known.validators, sizesEqual) === 'same'
}

/** The server tells files apart by something. */
export function isProven({ etag, lastModified }: Validators): boolean {
  return etag !== null || lastModified !== null
}
