import { join } from 'node:path'
import { blobFileName } from '../core/blob-digest.ts'
import { manifestPlace } from '../core/model-name.ts'
import { inTurns } from '../deliver/in-turns.ts'
import { checkPlace } from '../deliver/ollama-place.ts'
import type { OpenStore } from '../deliver/ollama-store.ts'
import type { ReadyBlob } from '../deliver/types.ts'
import type { ModelPlan } from '../sources/types.ts'
import { removeAbandoned } from './abandoned.ts'
import type { Delivery } from './delivery.ts'
import { keepStaging } from './keep-staging.ts'

/** Models of tensors have hundreds of small ones, and each waits for the disk. */
const blobsAtOnce = 8

/**
 * Installs a model into an Ollama store when all of its blobs are here: an ollama that starts meanwhile removes blobs that
 * no manifest names and that are older than an hour.
 */
export function storeDelivery(
  plan: ModelPlan,
  store: OpenStore,
  staging: string | null,
  onWarning: (message: string) => void,
): Delivery {
  const place = manifestPlace(plan.name)
  checkPlace(place)
  const ready: ReadyBlob[] = []
  /** Another pull may have put the same file there in this very moment. */
  async function add(blob: ReadyBlob, signal?: AbortSignal): Promise<void> {
    try {
      await store.addBlob(blob)
    } catch (error) {
      if (!(await store.hasBlob(blob.digest, blob.size, signal))) throw error
    }
  }

  return {
    blobs: plan.blobs,
    path: join(store.dir, 'manifests', place.host, place.namespace, place.model, place.tag),
    dir: store.dir,
    extraBytes: 0,
    async prepare() {
      await store.prepare()
      await removeAbandoned(store, onWarning)
    },
    recover: async () => {},
    finished: async () => null,
    resting: (blob) => join(store.dir, 'blobs', blobFileName(blob.digest)),
    has: async (blob, signal) => ((await store.hasBlob(blob.digest, blob.size, signal)) ? 'verified' : null),
    place: (blob) => ({ dir: store.partialDir, output: blobFileName(blob.digest) }),
    async arrived(blob) {
      ready.push(blob)
    },
    async finish(signal) {
      await inTurns(ready, blobsAtOnce, (blob) => add(blob, signal))
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
  }
}
