import { join } from 'node:path'
import { blobTitles } from '../core/artifact-files.ts'
import type { BlobSpec, ModelPlan } from '../sources/types.ts'
import type { Delivery } from './delivery.ts'
import type { PullFile } from './types.ts'

type ChangingField = 'path' | 'status' | 'bytesDone' | 'verdict' | 'alreadyThere'

/** The blobs of a pull as others see them. */
export interface PullFiles {
  list(): readonly PullFile[]
  /** The same when the pull is over: `path` is where each blob lies now, within `whole` where it is no file of its own. */
  atRest(whole: string): readonly PullFile[]
  change(digest: string, change: Partial<Pick<PullFile, ChangingField>>): void
}

export function createPullFiles(plan: ModelPlan, delivery: Delivery): PullFiles {
  const titles = blobTitles(plan.manifest)
  const files = new Map(delivery.blobs.map((blob) => [blob.digest, fileOf(blob, titles.get(blob.digest), delivery)]))
  return {
    list: () => [...files.values()],
    atRest: (whole) =>
      delivery.blobs.flatMap((blob) => {
        const file = files.get(blob.digest)
        return file ? [{ ...file, path: delivery.resting(blob) ?? whole }] : []
      }),
    change(digest, change) {
      const file = files.get(digest)
      if (file) files.set(digest, { ...file, ...change })
    },
  }
}

function fileOf(blob: BlobSpec, title: string | undefined, delivery: Delivery): PullFile {
  const { dir, output } = delivery.place(blob)
  return {
    title: title ?? blob.digest.slice(7, 19),
    path: join(dir, output),
    digest: blob.digest,
    mediaType: blob.mediaType,
    bytesDone: 0,
    bytesTotal: blob.size,
    status: 'queued',
    verdict: null,
    alreadyThere: false,
  }
}
