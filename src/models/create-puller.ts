import { asSluiceError, SluiceError } from '../core/errors.ts'
import type { ModelSource } from '../sources/types.ts'
import type { Engine } from '../transfer/types.ts'
import { discardPull } from './discard-pull.ts'
import { previewPull } from './preview-pull.ts'
import { pullModel } from './pull-model.ts'
import type { Puller } from './types.ts'

export interface PullerOptions {
  /** Asked for at each pull: it may be another one later. */
  readonly engine: () => Promise<Engine>
  readonly source: ModelSource
  readonly now?: () => number
  readonly clock?: () => number
}

/** Pulls models with an engine and a registry source; see the contract of `Puller`. */
export function createPuller({
  engine,
  source,
  now = Date.now,
  clock = () => performance.now(),
}: PullerOptions): Puller {
  const underWay = new Map<string, Promise<unknown>>()
  const wanted = new Set<ReadonlySet<string>>()
  return {
    async pull(request, { signal, onEvent = () => {}, limitRate = () => request.limitRate } = {}) {
      try {
        const world = { engine: await engine(), source, now, clock, underWay, wanted, limitRate }
        const pulled = await pullModel(world, request, onEvent, signal)
        onEvent({ type: 'completed', id: 0, ...pulled })
        return pulled
      } catch (thrown) {
        const error = signal?.aborted ? interruption(signal.reason) : asSluiceError(thrown)
        onEvent({ type: 'error', id: 0, reference: request.model, error })
        throw error
      }
    },
    preview: async (request, { signal } = {}) => previewPull(await engine(), source, request, signal),
    async discard(request, files = []) {
      const isWanted = (path: string): boolean => [...wanted].some((paths) => paths.has(path))
      await discardPull(await engine(), request, files, isWanted)
    },
  }
}

function interruption(reason: unknown): SluiceError {
  if (reason instanceof SluiceError) return reason
  return new SluiceError('interrupted', 'The pull was interrupted.', { cause: reason })
}
