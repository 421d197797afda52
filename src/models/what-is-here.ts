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
    const verdict = await delivery.has(blob, signal)
    if (verdict !== null) {
      bytesHere += blob.size
      files.change(blob.digest, { status: 'completed', bytesDone: blob.size, verdict, alreadyThere: true })
      continue
    }
    const bytesDone = await bytesOnTheWay(engine, delivery, blob)
    bytesHere += bytesDone
    files.change(blob.digest, { bytesDone })
    blobs.push(blob)
  }
  return { blobs, bytesHere }
}

/** The same by sizes alone: reads no blob and changes nothing. */
export async function bytesThatSeemHere(engine: Engine, delivery: Delivery, files: PullFiles): Promise<number> {
  let sum = 0
  const finished = (await delivery.finished('sizes')) !== null
  for (const blob of delivery.blobs) {
    const rests = finished || (await sizeOf(delivery.resting(blob))) === blob.size
    const bytesDone = rests ? blob.size : await bytesOnTheWay(engine, delivery, blob)
    const whole = rests || bytesDone === blob.size
    files.change(blob.digest, {
      bytesDone,
      ...(whole ? { status: 'completed', alreadyThere: true } : {}),
      ...(rests ? { path: delivery.resting(blob) ?? delivery.path } : {}),
    })
    sum += bytesDone
  }
  return sum
}

/** Bytes of a blob that has not come to rest: it may be whole, with others of the model still missing. */
async function bytesOnTheWay(engine: Engine, delivery: Delivery, blob: BlobSpec): Promise<number> {
  const { dir, output, reserve = 0 } = delivery.place(blob)
  if ((await sizeOf(join(dir, output))) === reserve + blob.size) return blob.size
  const stored = await engine.stored(dir, blobKey(delivery, blob))
  return Math.min(stored?.bytesDone ?? 0, blob.size)
}

async function sizeOf(path: string | null): Promise<number | null> {
  const found = path === null ? null : await stat(path).catch(() => null)
  return found?.isFile() === true ? found.size : null
}
