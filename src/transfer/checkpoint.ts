import { asSluiceError } from '../core/errors.ts'
import { diskError } from '../core/disk-error.ts'
import { claimedRanges, promotePart, sessionOf } from './open-part.ts'
import { replaceSession } from './session.ts'
import type { Transfer } from './state.ts'

/** Milliseconds between checkpoints, and bytes after which one comes sooner so that the last sync is short. */
const interval = 1000
const flushBytes = 96 * 1024 * 1024

/** Starts a checkpoint when one is due. Call it about ten times a second. */
export function checkpointIfDue(transfer: Transfer): void {
  if (!transfer.file || transfer.checkpointing || transfer.ending) return
  const fresh = transfer.received - transfer.checkpointBytes
  const due = transfer.env.clock() - transfer.checkpointAt >= interval && (fresh > 0 || transfer.folder === null)
  if (due || fresh >= flushBytes)
    void checkpoint(transfer).catch((error: unknown) => transfer.fail(asSluiceError(error)))
}

/**
 * Puts the bytes on the disk and then the session that claims them, in this order: a session never claims a byte that
 * a crash could take back. Joins a checkpoint that is under way. Rejects with disk errors.
 */
export function checkpoint(transfer: Transfer): Promise<void> {
  transfer.checkpointing ??= write(transfer).finally(() => {
    transfer.checkpointing = null
  })
  return transfer.checkpointing
}

async function write(transfer: Transfer): Promise<void> {
  const { env } = transfer
  transfer.checkpointAt = env.clock()
  transfer.checkpointBytes = transfer.received
  promotePart(transfer)
  const { file, folder } = transfer
  if (!file || folder === null) return
  const claimed = claimedRanges(transfer)
  // A closed one was synced before it was closed.
  if (transfer.sync && !file.closed) await file.sync()
  try {
    await replaceSession(folder, sessionOf(transfer, claimed), transfer.sync)
  } catch (error) {
    throw diskError(error, folder)
  }
}
