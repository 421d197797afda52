import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { BlobSpec } from '../sources/types.ts'
import type { Engine } from '../transfer/types.ts'
import type { Delivery } from './delivery.ts'
import { blobKey } from './fetch-blob.ts'
import type { PullFiles } from './pull-files.ts'

/** Blobs that still have to come, and how many bytes of them are here. */
export interface Missing {
  readonly blobs: readonly BlobSpec[]
  /** Bytes of all blobs that are here, those in parts included. */
  readonly bytesHere: number
}

/** Looks which blobs are here and good, and how much of the others. */
export async function whatIsHere(
  engine: Engine,
  delivery: Delivery,
  files: PullFiles,
  signal?: AbortSignal,
): Promise<Missing> {
  const blobs: BlobSpec[] = []
  let bytesHere = 0
  for (const blob of delivery.blobs) {
    signal?.throwIfAborted()
    if (await delivery.has(blob, signal)) {
      bytesHere += blob.size
      files.change(blob.digest, { status: 'completed', bytesDone: blob.size, verdict: 'verified', alreadyThere: true })
      continue
    }
    const stored = await engine.stored(delivery.place(blob).dir, blobKey(delivery, blob))
    const bytesDone = Math.min(stored?.bytesDone ?? 0, blob.size)
    bytesHere += bytesDone
    files.change(blob.digest, { bytesDone })
    blobs.push(blob)
  }
  return { blobs, bytesHere }
}

/** The same by sizes alone: reads no blob and changes nothing. */
export async function bytesThatSeemHere(engine: Engine, delivery: Delivery, files: PullFiles): Promise<number> {
  let sum = 0
  for (const blob of delivery.blobs) {
    const { dir, output } = delivery.place(blob)
    const whole = (await sizeOf(delivery.resting(blob))) === blob.size || (await sizeOf(join(dir, output))) !== null
    const stored = whole ? null : await engine.stored(dir, blobKey(delivery, blob))
    const bytesDone = whole ? blob.size : Math.min(stored?.bytesDone ?? 0, blob.size)
    files.change(blob.digest, whole ? { status: 'completed', bytesDone, alreadyThere: true } : { bytesDone })
    sum += bytesDone
  }
  return sum
}

async function sizeOf(path: string | null): Promise<number | null> {
  const found = path === null ? null : await stat(path).catch(() => null)
  return found?.isFile() === true ? found.size : null
}
