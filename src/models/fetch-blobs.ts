import { asSluiceError, SluiceError } from '../core/errors.ts'
import { orAbort } from '../sources/or-abort.ts'
import type { BlobSpec } from '../sources/types.ts'
import type { TransferEvent } from '../transfer/types.ts'
import { blobKey, downloadBlob } from './fetch-blob.ts'
import type { BlobContext } from './fetch-blob.ts'
import type { PullFiles } from './pull-files.ts'
import { takeFromBothEnds } from './pull-order.ts'
import type { PullProgress } from './pull-progress.ts'
import type { PullEvent } from './types.ts'

export interface FetchingBlobs extends Omit<BlobContext, 'signal'> {
  readonly signal: AbortSignal | undefined
  readonly files: PullFiles
  readonly progress: PullProgress
  readonly tell: (event: PullEvent) => void
  /** Blobs that are fetched by this process right now, by their keys: a second pull waits for the first. */
  readonly underWay: Map<string, Promise<unknown>>
}

/**
 * Brings all blobs, several at once. The first that fails stops the others, whose parts stay; rejects when all have
 * ended.
 */
export async function fetchBlobs(work: FetchingBlobs, missing: readonly BlobSpec[]): Promise<void> {
  const workers = Math.max(1, Math.min(work.request.concurrency ?? 4, 32, missing.length))
  const take = takeFromBothEnds(missing, workers)
  const stop = new AbortController()
  const signal = work.signal ? AbortSignal.any([work.signal, stop.signal]) : stop.signal
  const failures: SluiceError[] = []

  async function workOff(worker: number): Promise<void> {
    for (let blob = take(worker); blob && !signal.aborted; blob = take(worker)) {
      try {
        await fetchOne(work, blob, signal)
      } catch (thrown) {
        work.files.change(blob.digest, { status: signal.aborted ? 'queued' : 'error' })
        failures.push(asSluiceError(thrown))
        stop.abort(new SluiceError('interrupted', 'Another blob of the model failed.'))
      }
    }
  }

  await Promise.all(Array.from({ length: workers }, (_, worker) => workOff(worker)))
  const [first] = failures
  if (first) throw first
  work.signal?.throwIfAborted()
}

async function fetchOne(work: FetchingBlobs, blob: BlobSpec, signal: AbortSignal): Promise<void> {
  const { delivery, underWay } = work
  const key = blobKey(delivery, blob)
  for (let other = underWay.get(key); other; other = underWay.get(key)) {
    await orAbort(other, signal)
    if (await delivery.has(blob, signal)) return done(work, blob, true)
  }
  const own = Promise.withResolvers<void>()
  underWay.set(key, own.promise)
  try {
    await fetchAlone(work, blob, signal)
  } finally {
    underWay.delete(key)
    own.resolve()
  }
}

async function fetchAlone(work: FetchingBlobs, blob: BlobSpec, signal: AbortSignal): Promise<void> {
  const { delivery, files, tell } = work
  files.change(blob.digest, { status: 'active' })
  tell({ type: 'files', files: files.list() })
  const finished = await downloadBlob({ ...work, signal }, blob, (event) => hear(work, blob, event))
  if (finished) await delivery.arrived({ digest: blob.digest, size: blob.size, path: finished.path })
  done(work, blob, finished?.alreadyThere ?? true)
}

function done({ files, progress, tell }: FetchingBlobs, blob: BlobSpec, alreadyThere: boolean): void {
  if (alreadyThere) progress.found(blob.digest, blob.size)
  else progress.set(blob.digest, blob.size, 0)
  files.change(blob.digest, { status: 'completed', bytesDone: blob.size, verdict: 'verified', alreadyThere })
  tell({ type: 'files', files: files.list() })
}

/** To others the whole is one file, so what is told of a blob bears the name of the model. */
function hear({ files, progress, request, tell }: FetchingBlobs, blob: BlobSpec, event: TransferEvent): void {
  const reference = request.model
  if (event.type === 'start') progress.found(blob.digest, event.resumedFrom)
  else if (event.type === 'progress') progress.set(blob.digest, event.bytesDone, event.connections)
  else if (event.type === 'retry' || event.type === 'warning') return tell({ ...event, reference })
  else return
  files.change(blob.digest, { bytesDone: event.type === 'start' ? event.resumedFrom : event.bytesDone })
  const due = progress.due()
  if (!due) return
  tell({ type: 'progress', id: 0, reference, ...due })
  tell({ type: 'files', files: files.list() })
}
