import { join } from 'node:path'
import { blobFileName, digestHex } from '../core/blob-digest.ts'
import { fileHasDigest } from '../deliver/file-digest.ts'
import { writeOciLayout } from '../deliver/oci-layout.ts'
import type { ReadyBlob } from '../deliver/types.ts'
import type { ModelPlan } from '../sources/types.ts'
import type { Delivery } from './delivery.ts'
import { makeStaging, removeStaging } from './staging-folder.ts'

/** An OCI image layout (image-spec, image-layout.md); one that is there gets the model added. */
export function layoutDelivery(plan: ModelPlan, { dir, staging }: { dir: string; staging: string }): Delivery {
  const folder = join(staging, 'models', 'blobs')
  const ready: ReadyBlob[] = []
  const { name } = plan
  const resting = ({ digest }: { readonly digest: string }): string => join(dir, 'blobs', 'sha256', digestHex(digest))
  return {
    blobs: plan.blobs,
    path: dir,
    dir,
    extraBytes: 0,
    prepare: () => makeStaging(folder),
    recover: async () => {},
    finished: async () => null,
    resting,
    has: async (blob, signal) => ((await fileHasDigest(resting(blob), blob, signal)) ? 'verified' : null),
    place: (blob) => ({ dir: folder, output: blobFileName(blob.digest) }),
    async arrived(blob) {
      ready.push(blob)
    },
    async finish(signal) {
      const { mediaType } = plan.manifest
      const manifest = { bytes: plan.manifestBytes, digest: plan.digest, mediaType }
      const { path } = await writeOciLayout({
        dir,
        blobs: ready,
        manifest,
        refName: name.tag ?? name.digest ?? 'latest',
        ...(signal ? { signal } : {}),
      })
      await removeStaging(staging)
      return { path }
    },
  }
}
