import { displayModel } from '../core/model-name.ts'
import type { ModelSource } from '../sources/types.ts'
import type { Engine } from '../transfer/types.ts'
import { freeSpace } from './free-space.ts'
import { createPullFiles } from './pull-files.ts'
import { preparePull } from './pull-model.ts'
import type { PullPreview, PullRequest } from './types.ts'
import { bytesThatSeemHere } from './what-is-here.ts'

/** What a pull would do; see `Puller.preview`. */
export async function previewPull(
  engine: Engine,
  source: ModelSource,
  request: PullRequest,
  signal: AbortSignal | undefined,
): Promise<PullPreview> {
  const { plan, target, delivery } = await preparePull(source, request, () => {}, signal)
  const files = createPullFiles(plan, delivery)
  const bytesTotal = delivery.blobs.reduce((sum, blob) => sum + blob.size, 0)
  const bytesHere = await bytesThatSeemHere(engine, delivery, files)
  const urls = new Map(delivery.blobs.map((blob) => [blob.digest, blob.url]))
  return {
    name: displayModel(plan.name),
    manifestDigest: plan.digest,
    platform: plan.platform,
    target,
    bytesTotal,
    bytesHere,
    bytesMissing: bytesTotal - bytesHere,
    freeSpace: await freeSpace(delivery.dir),
    files: files.list().map((file) => ({ ...file, url: urls.get(file.digest) ?? '' })),
  }
}
