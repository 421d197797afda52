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
  const finished = finishedBefore(transfer, target)
  if (finished !== undefined || (ifExists === 'skip' && isTaken(target))) {
    transfer.alreadyThere(finished?.path ?? target)
    return true
  }
  if (ifExists === 'fail' && isTaken(target)) throw targetExists(target)
  return false
}

/** It may have got another name, because that one was taken, or from a template. */
function finishedBefore(transfer: Transfer, target: string): FinishedFile | undefined {
  const { env, sessionId } = transfer
  const record = env.finished.find(target)
  if (record?.id === sessionId && isSame(transfer, record)) return record
  if (!mayBeRenamed(transfer, target)) return undefined
  return env.finished.findById(sessionId, dirname(target), (one) => isSame(transfer, one))
}

/** With a key it is this very download that got the other name, whatever is to be done about names now. */
export function mayBeRenamed({ options, request }: Transfer, target: string): boolean {
  if (request.key === undefined && options.ifExists !== 'rename') return false
  return Boolean(options.nameTemplate) || isTaken(target)
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
