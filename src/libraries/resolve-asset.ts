import type { SluiceError } from '../core/errors.ts'
import { asSluiceError } from '../core/errors.ts'
import type { ReleaseReference } from '../core/release-reference.ts'
import type { Release, ReleaseAsset } from '../core/release.ts'
import type { GithubReleases } from '../sources/github/types.ts'
import { chooseAsset, digestOf, findRelease } from './find-asset.ts'
import type { AssetQuestion } from './find-asset.ts'

/** What a reference leads to, all of it: the file that is meant, or why none is. */
export type ResolvedAsset = { readonly release: Release } & (
  | {
      readonly asset: ReleaseAsset
      /** In hex, null where neither the API nor a list of the release tells it. */
      readonly sha256: string | null
      readonly why: readonly string[]
    }
  | {
      readonly asset: null
      /** `asset-ambiguous` with its candidates, or `asset-not-found`. */
      readonly error: SluiceError
      readonly candidates: readonly ReleaseAsset[]
    }
)

/**
 * Finds a release and the file of it that is meant, with its digest. Rejects where there is no such release, or nobody
 * could be asked; `digest-mismatch` where what is told of the digest contradicts itself.
 */
export async function resolveAsset(
  github: GithubReleases,
  reference: ReleaseReference,
  question: AssetQuestion,
  signal?: AbortSignal,
): Promise<ResolvedAsset> {
  const release = await findRelease(github, reference, signal)
  const chosen = choose(release, question)
  if ('error' in chosen) return { release, asset: null, ...chosen }
  const { sha256 } = await digestOf(github, release, chosen.asset, signal)
  return { release, ...chosen, sha256 }
}

function choose(release: Release, question: AssetQuestion): ReturnType<typeof chooseAsset> {
  try {
    return chooseAsset(release, question)
  } catch (thrown) {
    const error = asSluiceError(thrown)
    if (error.code === 'asset-not-found') return { error, candidates: [] }
    throw error
  }
}
