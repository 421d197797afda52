import { SluiceError } from '../core/errors.ts'
import { buildNumber, newestFirst, parsePointer } from '../core/llama-version.ts'
import type { LlamaVersion } from '../core/llama-version.ts'
import type { Release } from '../core/release.ts'
import type { GithubReleases } from '../sources/github/types.ts'

/** Name of the file by which a release `vX.Y.Z` says which build it is. */
export const pointerName = 'nightly-tag.txt'
const pointerBytes = 1024
/** How far a channel goes back for a complete release. */
const releasesPerPage = 20
const pages = 3
const maxPointers = 5

export interface ResolveRequest {
  readonly github: GithubReleases
  readonly repository: string
  readonly version: LlamaVersion
  /** Whether a release has all that is wanted; channels go back to one that has. */
  readonly isComplete: (release: Release) => boolean
  readonly signal?: AbortSignal | undefined
}

export interface ResolvedRelease {
  /** One with builds. */
  readonly release: Release
  /** How it was found: sentences for people. */
  readonly why: readonly string[]
}

/**
 * The release that a version means. An exact one is that one or an error (`release-not-found`); a channel whose newest
 * release is incomplete goes back, and to the newest all the same where none is complete.
 */
export async function resolveRelease(request: ResolveRequest): Promise<ResolvedRelease> {
  const { github, repository, version, signal } = request
  switch (version.kind) {
    case 'build':
      return { release: await github.byTag(repository, version.tag, signal), why: [] }
    case 'semver':
      return follow(request, await github.byTag(repository, version.tag, signal))
    case 'latest': {
      const newest = await github.latest(repository, signal)
      const found = await follow(request, newest)
      return request.isComplete(found.release) ? found : goBack(request, found, newest.tag)
    }
    case 'nightly':
      return goBack(request, null, null)
  }
}

/** A release that only points to a build leads to that one. */
async function follow({ github, repository, signal }: ResolveRequest, release: Release): Promise<ResolvedRelease> {
  if (buildNumber(release.tag) !== null) return { release, why: [] }
  const pointer = release.assets.find(({ name, uploaded }) => name === pointerName && uploaded)
  if (pointer === undefined) {
    if (release.assets.some(({ name }) => name.includes('-bin-'))) return { release, why: [] }
    throw new SluiceError('asset-not-found', `${release.tag} has neither builds nor ${pointerName}.`, {
      hint: 'Name a build such as b6089, or use nightly.',
    })
  }
  const tag = parsePointer(await github.text(pointer, pointerBytes, signal))
  return { release: await github.byTag(repository, tag, signal), why: [`${release.tag} is ${tag}.`] }
}

/**
 * The newest complete one of a channel. `incomplete` is what `latest` led to, and `pointer` the release that did; older
 * pointers and older builds are tried in the order of the server.
 */
async function goBack(
  request: ResolveRequest,
  incomplete: ResolvedRelease | null,
  pointer: string | null,
): Promise<ResolvedRelease> {
  const { github, repository, isComplete, signal } = request
  const skipped = incomplete?.release ?? null
  const below = skipped === null ? Infinity : (buildNumber(skipped.tag) ?? Infinity)
  const isCandidate = ({ tag }: Release): boolean => (buildNumber(tag) ?? Infinity) < below
  const enough = (release: Release): boolean => isCandidate(release) && isComplete(release)
  const releases = await github.list(repository, { perPage: releasesPerPage, pages, enough, signal })
  if (pointer !== null) {
    const older = releases.filter(({ tag, prerelease }) => !prerelease && tag !== pointer && buildNumber(tag) === null)
    for (const release of older.slice(0, maxPointers)) {
      const found = await follow(request, release)
      if (isComplete(found.release)) return { release: found.release, why: [passedOver(skipped, found.release), ...found.why] }
    }
  }
  const tags = newestFirst(releases.filter(isCandidate).map(({ tag }) => tag))
  const builds = tags.flatMap((tag) => releases.filter((release) => release.tag === tag).slice(0, 1))
  const complete = builds.find(isComplete)
  const newest = skipped ?? builds[0]
  if (newest === undefined)
    throw new SluiceError('release-not-found', `${repository} has no release with builds among its newest.`)
  if (complete === undefined) return { release: newest, why: [`No complete release was found among the newest of ${repository}.`] }
  return { release: complete, why: complete === newest ? [] : [passedOver(newest, complete)] }
}

function passedOver(newer: Release | null, taken: Release): string {
  return `${newer?.tag ?? 'The newest'} is incomplete; ${taken.tag} is taken.`
}
