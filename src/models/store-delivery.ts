import { join } from 'node:path'
import { blobFileName } from '../core/blob-digest.ts'
import { manifestPlace } from '../core/model-name.ts'
import type { OllamaStore } from '../deliver/types.ts'
import type { ModelPlan } from '../sources/types.ts'
import type { Delivery } from './delivery.ts'
import { keepStaging } from './keep-staging.ts'

/** Installs a model into an Ollama store: each blob as it comes, the manifest when all are there. */
export function storeDelivery(plan: ModelPlan, store: OllamaStore, staging: string | null): Delivery {
  const place = manifestPlace(plan.name)
  return {
    blobs: plan.blobs,
    path: join(store.dir, 'manifests', place.host, place.namespace, place.model, place.tag),
    dir: store.dir,
    prepare: () => store.prepare(),
    finished: async () => null,
    resting: (blob) => join(store.dir, 'blobs', blobFileName(blob.digest)),
    has: (blob, signal) => store.hasBlob(blob.digest, blob.size, signal),
    place: (blob) => ({ dir: store.partialDir, output: blobFileName(blob.digest) }),
    arrived: (blob) => store.addBlob(blob),
    async finish() {
      const path = await store.addManifest(place, plan.manifestBytes)
      if (staging === null) return { path }
      const blobs = plan.blobs.map(({ digest, size }) => ({
        digest,
        size,
        path: join(store.dir, 'blobs', blobFileName(digest)),
      }))
      await keepStaging(staging, blobs, place, plan.manifestBytes)
      return { path, stagingKept: staging }
    },
    discard: async () => {},
  }
}
