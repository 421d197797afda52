import { asSluiceError } from '../core/errors.ts'
import { usualName } from '../core/llama-missing.ts'
import type { Release, ReleaseAsset, TargetPlatform } from '../core/release.ts'
import type { GithubReleases } from '../sources/github/types.ts'
import type { Engine } from '../transfer/types.ts'

export interface DirectRequest {
  readonly github: GithubReleases
  readonly engine: Engine
  readonly repository: string
  readonly tag: string
  readonly targets: readonly TargetPlatform[]
  readonly signal?: AbortSignal | undefined
}

/**
 * A release as it must be, without asking the API, whose limit is used up: with the build that every machine of a platform
 * can use, where there is one at its address. Nobody tells digests that way. Null where none is there.
 */
export async function directRelease(request: DirectRequest): Promise<Release | null> {
  const { github, engine, repository, tag, targets, signal } = request
  const assets: ReleaseAsset[] = []
  for (const name of new Set(targets.map((target) => usualName(tag, target)))) {
    const url = github.directUrl(repository, tag, name)
    const file = { reference: url, dir: '.', output: name, mirrors: [], digests: [] }
    try {
      const { size } = await engine.preview(file, signal === undefined ? {} : { signal })
      assets.push({ name, size: size ?? 0, sha256: null, url, uploaded: true })
    } catch (error) {
      if (asSluiceError(error).code !== 'http-not-found') throw error
    }
  }
  if (assets.length === 0) return null
  return { repository, tag, name: tag, prerelease: false, publishedAt: null, assets, fromCache: false }
}
