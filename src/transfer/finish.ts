import { SluiceError } from '../core/errors.ts'
import type { DigestAlgorithm } from '../core/digest.ts'
import { followHash } from './hash-follower.ts'
import { land, landingPlace, syncFolder } from './landing.ts'
import { sessionOf } from './open-part.ts'
import { removeSession, replaceSession } from './session.ts'
import { reserveOf, sizeOf } from './state.ts'
import type { Transfer } from './state.ts'
import type { Finished, Verdict } from './types.ts'
import type { PartFile } from './part-file.ts'

/**
 * Checks a complete part and gives it its final name, in the order that survives any crash: bytes written, hashed,
 * compared, synced, renamed, folder synced, side files removed.
 */
export async function finishTransfer(transfer: Transfer): Promise<Finished> {
  const { env, file, dir } = transfer
  if (!file) throw new SluiceError('internal', 'A download ended without a file.')
  if (transfer.serverDigests) await transfer.serverDigests
  const problem = await file.settled()
  if (problem) throw problem
  const facts = file.facts()
  const size = sizeOf(transfer) ?? facts.size
  if (facts.size !== size)
    throw new SluiceError(
      'size-mismatch',
      `The part has ${facts.size} bytes where ${size} were written; something else changed it.`,
    )
  await transfer.checkpointing
  const digests = transfer.digests.length > 0 ? await verify(transfer, file, size) : {}
  if (transfer.sync) await file.sync()
  file.close()
  const { ifExists } = transfer.options
  const remember = (place: string): void => {
    const { known, sessionId: id } = transfer
    const bytes = reserveOf(transfer) + size
    if (known) env.finished.add({ path: place, id, size: bytes, mtimeMs: facts.mtimeMs, validators: known.validators })
  }
  // Told before it is so: a record of a file that is not there does no harm, a file without its record is fetched again.
  const expected = env.options.rememberAtOnce ? landingPlace(dir, transfer.name, ifExists) : null
  if (expected !== null) remember(expected)
  const path = land(file.path, dir, transfer.name, ifExists)
  if (transfer.folder === null) {
    env.staging.done(dir)
    if (transfer.sync) env.syncFolderSoon(dir)
  } else {
    if (transfer.sync) await syncFolder(dir)
    transfer.lock = null
    removeSession(transfer.folder)
  }
  transfer.file = null
  if (path !== expected) remember(path)
  const seconds = (env.clock() - transfer.startedAt) / 1000
  const verdict: Verdict =
    transfer.digests.length > 0 ? 'verified' : transfer.sizeAnnounced ? 'length-only' : 'unverified'
  return { reference: transfer.request.reference, path, bytes: size, seconds, verdict, digests, alreadyThere: false }
}

async function verify(
  transfer: Transfer,
  file: PartFile,
  size: number,
): Promise<Partial<Record<DigestAlgorithm, string>>> {
  const algorithms = [...new Set(transfer.digests.map((digest) => digest.algorithm))]
  const digests = (await transfer.hash?.finish(size)) ?? {}
  const missing = algorithms.filter((algorithm) => digests[algorithm] === undefined)
  if (missing.length > 0) Object.assign(digests, await followHash(missing, file).finish(size))
  for (const { algorithm, hex } of transfer.digests) {
    const found = digests[algorithm] ?? ''
    if (found === hex) continue
    if (transfer.folder !== null)
      await replaceSession(transfer.folder, sessionOf(transfer, [[0, size]], `${algorithm}:${found}`), transfer.sync)
    throw new SluiceError('digest-mismatch', `The file has ${algorithm} ${found}, expected was ${hex}.`)
  }
  return digests
}
