import { asSluiceError } from '../../core/errors.ts'
import { chooseAll, isComplete } from '../../core/llama-choice.ts'
import { allTargets, showTarget } from '../../core/llama-target.ts'
import { buildNumber } from '../../core/llama-version.ts'
import type { Release, TargetPlatform } from '../../core/release.ts'
import { inRange } from '../check-fields.ts'
import type { Libraries } from './libraries.ts'
import type { LlamaRelease, LlamaReleases } from './types.ts'

/**
 * The newest builds, and what the channels mean for the machine (`own`; null where there is nothing for it). Fails as
 * GitHub does, whose limit of requests may be used up while no answer is kept.
 */
export async function listReleases(
  { world, plan }: Libraries,
  own: string | null,
  limit: number,
  signal: AbortSignal,
): Promise<LlamaReleases> {
  const warnings: string[] = []
  const request = { version: 'latest', platforms: [own ?? 'linux/amd64'] }
  const onWarning = (message: string): void => void warnings.push(message)
  const perPage = inRange('limit', limit, 1, 30)
  const latest = await plan(world, request, { ask: true, signal, onWarning })
  const { repository, tag, why, builds } = latest
  if (tag === null) for (const { source } of builds) if (source.kind === 'failed') warnings.push(source.error.message)
  const found = await world.github.list(repository, { perPage, signal })
  const releases = found.filter((release) => buildNumber(release.tag) !== null).map(releaseOf)
  const nightly = releases.find(({ platforms }) => platforms.some(({ platform }) => platform === own))?.tag ?? null
  return { repository, latest: tag === null ? null : { tag, why }, nightly, releases, warnings: [...new Set(warnings)] }
}

function releaseOf(release: Release): LlamaRelease {
  const { tag, publishedAt } = release
  const platforms = allTargets
    .filter((target) => isComplete(release, target))
    .map((target) => ({ platform: showTarget(target), variants: variantsOf(release, target) }))
  return { tag, publishedAt, platforms: platforms.filter(({ variants }) => variants.length > 0) }
}

function variantsOf(release: Release, target: TargetPlatform): LlamaRelease['platforms'][number]['variants'] {
  try {
    const choices = chooseAll({ release, target, host: null })
    return choices.map(({ variant, main, companion }) => ({ name: variant, bytes: main.size + (companion?.size ?? 0) }))
  } catch (error) {
    const { code } = asSluiceError(error)
    if (code === 'asset-not-found' || code === 'unsupported-platform') return []
    throw error
  }
}
