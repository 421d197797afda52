import { asSluiceError, SluiceError } from '../core/errors.ts'
import type { DownloadEvent, DownloadHooks, DownloadRequest, LibraryWorld } from './download-types.ts'
import { planDownload } from './plan-download.ts'
import type { DownloadPlan, PlannedBuild } from './plan-types.ts'
import { runBuild } from './run-build.ts'
import type { BuildOutcome } from './run-build.ts'
import type { CachedTree, PlatformResult } from './types.ts'

const mostAtOnce = 32

/**
 * Gets the libraries of one release for several platforms into the cache, several at once. The results are in the order
 * of the request; one that fails does not stop the others, and has its error in its result. Throws only `usage`, for what
 * is no version and no number of platforms at once and for a pin for several builds, and `interrupted`.
 */
export async function downloadPlatforms(
  world: LibraryWorld,
  request: DownloadRequest,
  { signal, onEvent = () => {} }: DownloadHooks = {},
): Promise<readonly PlatformResult[]> {
  const onWarning = (message: string): void => onEvent({ type: 'warning', message })
  const workers = atOnce(request)
  const plan = await planDownload(world, request, { ask: false, signal, onWarning }).catch((error: unknown) => {
    throw signal?.aborted === true ? interrupted(signal) : error
  })
  checkPin(request, plan)
  if (plan.tag !== null) onEvent({ type: 'release', tag: plan.tag, why: plan.why })
  const results: PlatformResult[] = []
  const queue = plan.builds.entries()
  // All of them take from one queue.
  const worker = async (): Promise<void> => {
    for (const [index, build] of queue) {
      if (signal?.aborted === true) return
      results[index] = await runOne(world, request, plan, build, index, signal, onEvent)
    }
  }
  await Promise.all(Array.from({ length: workers }, worker))
  if (signal?.aborted === true) throw interrupted(signal)
  return results
}

function atOnce({ concurrency = 4 }: DownloadRequest): number {
  if (Number.isInteger(concurrency) && concurrency >= 1 && concurrency <= mostAtOnce) return concurrency
  throw new SluiceError('usage', `The number of platforms at once must be a whole number from 1 to ${mostAtOnce}.`)
}

function interrupted({ reason }: AbortSignal): SluiceError {
  return new SluiceError('interrupted', 'The download of libraries was interrupted.', { cause: reason })
}

async function runOne(
  world: LibraryWorld,
  request: DownloadRequest,
  plan: DownloadPlan,
  build: PlannedBuild,
  index: number,
  signal: AbortSignal | undefined,
  onEvent: (event: DownloadEvent) => void,
): Promise<PlatformResult> {
  const started = performance.now()
  const { platform, source } = build
  const variant =
    source.kind === 'release' ? source.choice.variant : source.kind === 'cached' ? source.trees[0].variant : null
  onEvent({ type: 'begin', index, platform, variant })
  const finish = (result: PlatformResult, bytes: number, verifiedBy: CachedTree['verifiedBy']): PlatformResult => {
    onEvent({ type: 'done', index, result, bytes, seconds: (performance.now() - started) / 1000, verifiedBy })
    return result
  }
  try {
    const outcome = await runBuild(world, {
      plan,
      build,
      request,
      signal,
      onEvent: (event) => onEvent({ type: 'transfer', index, event }),
      onPhase: (phase) => onEvent({ type: 'phase', index, phase }),
    })
    return finish(
      succeeded(platform, outcome),
      outcome.fromCache ? outcome.tree.bytes : outcome.bytes,
      outcome.tree.verifiedBy,
    )
  } catch (thrown) {
    const error = asSluiceError(thrown)
    return finish(failed(platform, error, plan.tag ?? '', variant ?? ''), 0, null)
  }
}

function succeeded(platform: string, { tree, fromCache, why }: BuildOutcome): PlatformResult {
  const { libraryPath, sha256, tag, variant, folder } = tree
  return { platform, success: true, libraryPath, sha256Sum: sha256, error: null, fromCache, tag, variant, folder, why }
}

function failed(platform: string, error: SluiceError, tag: string, variant: string): PlatformResult {
  const nothing = { libraryPath: '', sha256Sum: '', folder: '', fromCache: false, why: [] }
  return { platform, success: false, error, tag, variant, ...nothing }
}

function checkPin({ pin }: DownloadRequest, { builds }: DownloadPlan): void {
  if (pin !== undefined && builds.length > 1)
    throw new SluiceError('usage', 'A SHA-256 can be asked for of one platform and variant only.')
}
