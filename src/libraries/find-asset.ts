import { checksumAsset, parseChecksums } from '../core/checksum-list.ts'
import { asSluiceError, SluiceError } from '../core/errors.ts'
import { excerpt } from '../core/excerpt.ts'
import { assetSha256 } from '../core/github-digest.ts'
import { nearestTags } from '../core/github-tags.ts'
import { showTarget } from '../core/llama-target.ts'
import { chooseReleaseAsset, stillUploading } from '../core/release-choice.ts'
import type { ReleaseReference } from '../core/release-reference.ts'
import type { Release, ReleaseAsset, TargetPlatform } from '../core/release.ts'
import { llamaRepository } from '../sources/github/llama-versions.ts'
import type { GithubReleases } from '../sources/github/types.ts'
import { hostLibc } from './load/host-libc.ts'
import { matchInTime } from './match-in-time.ts'
import { ownTarget } from './wanted-platforms.ts'

/** `release-not-found` says which there are instead. */
export async function findRelease(
  github: GithubReleases,
  reference: ReleaseReference,
  signal?: AbortSignal,
): Promise<Release> {
  const { repository, tag } = reference
  try {
    return await (tag === null ? github.latest(repository, signal) : github.byTag(repository, tag, signal))
  } catch (thrown) {
    const error = asSluiceError(thrown)
    throw error.code === 'release-not-found' ? await withOthers(github, reference, error, signal) : error
  }
}

async function withOthers(
  github: GithubReleases,
  { repository, tag }: ReleaseReference,
  error: SluiceError,
  signal: AbortSignal | undefined,
): Promise<SluiceError> {
  let tags: readonly string[]
  try {
    tags = (await github.list(repository, { signal })).map((release) => release.tag)
  } catch (thrown) {
    const other = asSluiceError(thrown)
    return other.code === 'release-not-found' || other.code === 'interrupted' ? other : error
  }
  const [newest] = tags
  if (newest === undefined) return hinted(error, `${repository} has no releases.`)
  if (tag === null) return hinted(error, `There are only prereleases: ${repository}@${newest} is the newest.`)
  const near = nearestTags(tag, tags)
  return hinted(error, `There is ${(near.length === 0 ? tags.slice(0, mostTags) : near).join(', ')}.`)
}

function hinted({ code, message, status, cause }: SluiceError, hint: string): SluiceError {
  return new SluiceError(code, message, { hint, cause, ...(status === undefined ? {} : { status }) })
}

export interface AssetQuestion {
  /** Default: this machine's. */
  readonly target?: TargetPlatform | undefined
  /** Chooses by name: see `readNamePattern`. */
  readonly pattern?: string | undefined
}

/** Several files that nothing tells apart. */
export interface Undecided {
  readonly candidates: readonly ReleaseAsset[]
  readonly error: SluiceError
}

export interface ChosenAsset {
  readonly asset: ReleaseAsset
  readonly why: readonly string[]
}

/**
 * The file of a release for a platform, or by its name. `asset-not-found` where there is none; where several are equally
 * good they are given with the error that says so.
 */
export function chooseAsset(release: Release, { target, pattern }: AssetQuestion): ChosenAsset | Undecided {
  const own = ownTarget()
  const wanted = target ?? own
  if (wanted === null)
    throw new SluiceError(
      'unsupported-platform',
      'The platform of this machine is none that files of releases are chosen for.',
      {
        hint: 'Give --platform or --asset.',
      },
    )
  const isOwn = own !== null && showTarget(own) === showTarget(wanted)
  const libc = isOwn ? (hostLibc()?.family ?? null) : null
  const choice = matchInTime(pattern, () =>
    chooseReleaseAsset({
      assets: release.assets,
      target: wanted,
      repositoryName: release.repository.slice(release.repository.indexOf('/') + 1),
      ...(pattern === undefined ? {} : { pattern }),
      libc,
    }),
  )
  const what = pattern === undefined ? `for ${showTarget(wanted)}` : `with a name like ${excerpt(pattern)}`
  switch (choice.kind) {
    case 'one':
      return { asset: choice.asset, why: choice.why }
    case 'many': {
      const message = `${release.tag} of ${release.repository} has ${choice.candidates.length} files ${what}: ${names(choice.candidates)}.`
      return { candidates: choice.candidates, error: new SluiceError('asset-ambiguous', message) }
    }
    case 'none':
      throw new SluiceError('asset-not-found', `${release.tag} of ${release.repository} has no file ${what}.`, {
        hint: hintOf(release, choice.rejected),
      })
  }
}

function hintOf({ repository }: Release, rejected: ReadonlyArray<{ readonly reason: string }>): string {
  if (repository.toLowerCase() === llamaRepository) return 'sluice llama download knows the builds of llama.cpp.'
  const uploading = rejected.filter(({ reason }) => reason === stillUploading).length
  if (uploading > 0) return `${countOf(uploading)} still being uploaded: try again in some minutes.`
  return 'See what there is with --list, or choose with --asset.'
}

const countOf = (files: number): string => (files === 1 ? '1 file is' : `${files} files are`)

const mostTags = 3
const maxNames = 8

function names(assets: readonly ReleaseAsset[]): string {
  const more = assets.length > maxNames ? ` and ${assets.length - maxNames} more` : ''
  return `${assets
    .slice(0, maxNames)
    .map(({ name }) => excerpt(name))
    .join(', ')}${more}`
}

/** Most bytes of a list of checksums. */
const maxListBytes = 1024 * 1024

/** What is known of an asset's SHA-256: by the API and by a file of the release that lists it, which must agree. */
export interface KnownDigest {
  readonly sha256: string | null
  /** Name of the file that told it, null for the API. */
  readonly toldBy: string | null
}

/** `digest-mismatch` where the API tells something that is none, a list tells two, or both do not agree. */
export async function digestOf(
  github: GithubReleases,
  release: Release,
  asset: ReleaseAsset,
  signal?: AbortSignal,
): Promise<KnownDigest> {
  const told = assetSha256(asset)
  const list = checksumAsset(release.assets, asset.name)
  if (list === null) return { sha256: told, toldBy: null }
  const listed = parseChecksums(await github.text(list, maxListBytes, signal), asset.name)
  if (told !== null && listed !== null && told !== listed)
    throw new SluiceError(
      'digest-mismatch',
      `The API says that ${excerpt(asset.name)} has the SHA-256 ${told}, and ${excerpt(list.name)} says ${listed}.`,
      { hint: 'The file was replaced, or the list is wrong: the makers of the release can tell. Nothing was fetched.' },
    )
  return { sha256: told ?? listed, toldBy: told !== null || listed === null ? null : list.name }
}
