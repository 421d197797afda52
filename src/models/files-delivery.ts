import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { artifactFiles } from '../core/artifact-files.ts'
import { blobFileName } from '../core/blob-digest.ts'
import { SluiceError } from '../core/errors.ts'
import { placeArtifactFiles, placedName } from '../deliver/artifact-writer.ts'
import { fileHasDigest } from '../deliver/file-digest.ts'
import type { ReadyBlob } from '../deliver/types.ts'
import type { ModelPlan } from '../sources/types.ts'
import type { Delivery } from './delivery.ts'
import { removeStaging } from './staging-folder.ts'
import type { PullRequest } from './types.ts'

export interface FilesOptions {
  readonly dir: string
  readonly staging: string
  readonly ifExists: NonNullable<PullRequest['ifExists']>
  readonly onWarning: (message: string) => void
}

/** The layers of a model or artifact as files under readable names. */
export function filesDelivery(plan: ModelPlan, { dir, staging, ifExists, onWarning }: FilesOptions): Delivery {
  const files = artifactFiles(plan.manifest)
  const wanted = new Set(files.map(({ digest }) => digest))
  const folder = join(staging, 'models', 'blobs')
  const ready = new Map<string, ReadyBlob>()

  return {
    blobs: plan.blobs.filter(({ digest }) => wanted.has(digest)),
    path: dir,
    dir,
    async prepare() {
      if (files.length === 0)
        throw new SluiceError('bad-manifest', 'The artifact has no layers that could become files.', {
          hint: 'Export it with --oci-layout DIR instead.',
        })
      await mkdir(folder, { recursive: true })
    },
    recover: async () => {},
    finished: async () => null,
    resting: (blob) => join(dir, files.filter(({ digest }) => digest === blob.digest).map(placedName)[0] ?? ''),
    async has(blob, signal) {
      const paths = files.filter(({ digest }) => digest === blob.digest).map((file) => join(dir, placedName(file)))
      for (const path of paths) if (!(await fileHasDigest(path, blob, signal))) return false
      return true
    },
    place: (blob) => ({ dir: folder, output: blobFileName(blob.digest) }),
    async arrived(blob) {
      ready.set(blob.digest, blob)
    },
    async finish(signal) {
      const placed = files.flatMap(({ digest, path, unpack }) => {
        const from = ready.get(digest)
        return from ? [{ path, from, unpack }] : []
      })
      const paths = await placeArtifactFiles({ dir, files: placed, ifExists, onWarning, ...(signal ? { signal } : {}) })
      await removeStaging(staging)
      const [only] = paths
      return { path: files.length === 1 ? (only ?? join(dir, files.map(placedName)[0] ?? '')) : dir }
    },
    discard: () => removeStaging(staging),
  }
}
