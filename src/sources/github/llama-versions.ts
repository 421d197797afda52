import { asSluiceError, SluiceError } from '../../core/errors.ts'
import { buildNumber, parsePointer } from '../../core/llama-version.ts'
import type { LlamaVersion } from '../../core/llama-version.ts'
import type { Release } from '../../core/release.ts'
import type { GithubReleases } from './types.ts'
import { completeBefore, newestComplete } from './walk-back.ts'

export const llamaRepository = 'ggml-org/llama.cpp'

export interface LlamaQuestion {
  /** owner/name; default `llamaRepository`. */
  readonly repository?: string
  readonly signal?: AbortSignal | undefined
  /** Is told which build a release `vX.Y.Z` points to; waited for. */
  readonly onPointer?: (tag: string, build: string) => Promise<void>
}

/** What a version of llama.cpp leads to. */
export interface ResolvedLlama {
  readonly requested: LlamaVersion
  /** The tag that has the libraries, `b11429`. */
  readonly tag: string
  /** Null where the API could not be asked: then assets are known by `directUrl` alone, without sizes and digests. */
  readonly release: Release | null
  /** Why it was not asked: the error for a direct address that leads to nothing. Null with a release. */
  readonly apiError: SluiceError | null
  /** How the version led to the tag, a sentence for each step; empty where they are the same. */
  readonly why: readonly string[]
}

type Complete = (release: Release) => boolean

const pointerName = 'nightly-tag.txt'
const maxPointerBytes = 1024

/**
 * Finds the release that a version means. `latest` and `vX.Y.Z` follow `nightly-tag.txt` to a build; the channels pass
 * over builds that lack what is wanted, by at most 30 releases, and where none has it they give the first one. An exact
 * version is given as it is. While the API's limit is used up, tags are found without it. Errors: those of
 * `GithubReleases`, and `not-the-file` for a pointer that is none.
 */
export async function resolveLlamaVersion(
  github: GithubReleases,
  version: LlamaVersion,
  hasWhatIsWanted: Complete,
  { repository = llamaRepository, signal, onPointer = async () => {} }: LlamaQuestion = {},
): Promise<ResolvedLlama> {
  const place = { github, repository, signal, onPointer, isComplete: hasWhatIsWanted }
  const why: string[] = []
  if (version.kind === 'nightly') {
    return found(version, await newestComplete(place, why), why)
  }
  if (version.kind === 'build') return byTag(place, version, version.tag, why)
  let first: Release
  try {
    first = await (version.kind === 'latest'
      ? github.latest(repository, signal)
      : github.byTag(repository, version.tag, signal))
  } catch (error) {
    return withoutApi(place, version, limitOrThrow(error), why)
  }
  return follow(place, version, first, why)
}

interface Place {
  readonly github: GithubReleases
  readonly repository: string
  readonly signal: AbortSignal | undefined
  readonly onPointer: NonNullable<LlamaQuestion['onPointer']>
  readonly isComplete: Complete
}

/** From the release that the version names to the one with the libraries. */
async function follow(place: Place, version: LlamaVersion, first: Release, why: string[]): Promise<ResolvedLlama> {
  const pointer = first.assets.find(({ name, uploaded }) => name === pointerName && uploaded)
  const isChannel = version.kind === 'latest'
  if (isChannel) why.push(`The latest release is ${first.tag}.`)
  if (place.isComplete(first)) return found(version, first, why)
  if (pointer === undefined) {
    const older = isChannel && buildNumber(first.tag) !== null ? await completeBefore(place, first.tag, why) : null
    return found(version, older ?? first, why)
  }
  const tag = parsePointer(await place.github.text(pointer, maxPointerBytes, place.signal))
  why.push(`${first.tag} points to ${tag}.`)
  await place.onPointer(first.tag, tag)
  const resolved = await byTag(place, version, tag, why)
  if (!isChannel || resolved.release === null || place.isComplete(resolved.release)) return resolved
  return found(version, (await completeBefore(place, tag, why)) ?? resolved.release, why)
}

async function byTag(place: Place, version: LlamaVersion, tag: string, why: string[]): Promise<ResolvedLlama> {
  try {
    return found(version, await place.github.byTag(place.repository, tag, place.signal), why)
  } catch (error) {
    return known(version, tag, limitOrThrow(error), why)
  }
}

/** By what the pages tell without the API: the pointer of the release, or the name of the latest one. */
async function withoutApi(
  place: Place,
  version: LlamaVersion,
  apiError: SluiceError,
  why: string[],
): Promise<ResolvedLlama> {
  const { github, repository, signal } = place
  const named = version.kind === 'semver' ? version.tag : null
  try {
    const text = await github.text(github.directUrl(repository, named, pointerName), maxPointerBytes, signal)
    const tag = parsePointer(text)
    why.push(`${named ?? 'The latest release'} points to ${tag}.`)
    if (named !== null) await place.onPointer(named, tag)
    return await byTag(place, version, tag, why)
  } catch (error) {
    if (named !== null || asSluiceError(error).code !== 'asset-not-found') throw orLimit(error, apiError)
  }
  const tag = await github.latestTagWithoutApi(repository, signal)
  if (buildNumber(tag) === null) throw apiError
  why.push(`The latest release is ${tag}.`)
  return known(version, tag, apiError, why)
}

function found(requested: LlamaVersion, release: Release, why: readonly string[]): ResolvedLlama {
  return { requested, tag: release.tag, release, apiError: null, why }
}

function known(requested: LlamaVersion, tag: string, apiError: SluiceError, why: readonly string[]): ResolvedLlama {
  return { requested, tag, release: null, apiError, why: [...why, apiError.message] }
}

/** Only a used-up limit is a reason to go on without the API, whose digests are lost with it. */
function limitOrThrow(error: unknown): SluiceError {
  if (error instanceof SluiceError && error.code === 'rate-limited') return error
  throw error
}

/** A release that is missing without the API may be there with it: the limit is what the user can do something about. */
function orLimit(error: unknown, apiError: SluiceError): unknown {
  return asSluiceError(error).code === 'asset-not-found' ? apiError : error
}
