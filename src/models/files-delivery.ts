import { lstat } from 'node:fs/promises'
import { join } from 'node:path'
import { artifactFiles } from '../core/artifact-files.ts'
import { blobFileName } from '../core/blob-digest.ts'
import { SluiceError } from '../core/errors.ts'
import { placeArtifactFiles, placedName } from '../deliver/artifact-writer.ts'
import { errorCode } from '../core/disk-error.ts'
import { fileHasDigest } from '../deliver/file-digest.ts'
import { targetExists } from '../deliver/place-file.ts'
import type { ReadyBlob } from '../deliver/types.ts'
import type { BlobSpec, ModelPlan } from '../sources/types.ts'
import type { Verdict } from '../transfer/types.ts'
import type { Delivery } from './delivery.ts'
import { makeStaging, removeStaging } from './staging-folder.ts'
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
  /** Where blobs were put in the end: their own name may have been taken. */
  const placedAt = new Map<string, string>()
  const pathsOf = (blob: BlobSpec): string[] =>
    files.flatMap((file) => (file.digest === blob.digest ? [join(dir, placedName(file))] : []))

  return {
    blobs: plan.blobs.filter(({ digest }) => wanted.has(digest)),
    path: dir,
    dir,
    extraBytes: 0,
    async prepare() {
      if (files.length === 0)
        throw new SluiceError('bad-manifest', 'The artifact has no layers that could become files.', {
          hint: 'Export it with --oci-layout DIR instead.',
        })
      await makeStaging(folder)
    },
    recover: async () => {},
    finished: async () => null,
    resting: (blob) => placedAt.get(blob.digest) ?? pathsOf(blob)[0] ?? null,
    async has(blob, signal) {
      let verdict: Verdict = 'verified'
      for (const path of pathsOf(blob)) {
        if (await fileHasDigest(path, blob, signal)) continue
        const stays = (ifExists === 'skip' || ifExists === 'fail') && (await isTaken(path))
        if (!stays) return null
        if (ifExists === 'fail') throw targetExists(path)
        verdict = 'unverified'
      }
      return verdict
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
      for (const [place, { from }] of placed.entries()) placedAt.set(from.digest, paths[place] ?? dir)
      await removeStaging(staging)
      const [only] = paths
      return { path: files.length === 1 ? (only ?? join(dir, files.map(placedName)[0] ?? '')) : dir }
    },
  }
}

/** Anything has the name, be it a link that leads nowhere. */
async function isTaken(path: string): Promise<boolean> {
  try {
    await lstat(path)
    return true
  } catch (error) {
    if (errorCode(error) === 'ENOENT' || errorCode(error) === 'ENOTDIR') return false
    throw error
  }
}
