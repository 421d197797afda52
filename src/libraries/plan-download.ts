import { asSluiceError, SluiceError } from '../core/errors.ts'
import { chooseAll, chooseLlamaAssets, isComplete } from '../core/llama-choice.ts'
import { parseLlamaVersion } from '../core/llama-version.ts'
import type { LlamaVersion } from '../core/llama-version.ts'
import type { Release } from '../core/release.ts'
import { llamaRepository, resolveLlamaVersion } from '../sources/github/llama-versions.ts'
import type { ResolvedLlama } from '../sources/github/llama-versions.ts'
import { byRelease, findCached } from './choose-cached.ts'
import { directRelease } from './direct-release.ts'
import type { DownloadRequest, LibraryWorld } from './download-types.ts'
import type { BuildSource, DownloadPlan, PlannedBuild, WantedPlatform } from './plan-types.ts'
import { prepareAnswers } from './prepare-answers.ts'
import type { CachedTree } from './types.ts'
import { wantedPlatforms } from './wanted-platforms.ts'

export interface PlanOptions {
  /** Ask for the release even where the cache has all that is wanted. */
  readonly ask: boolean
  readonly signal?: AbortSignal | undefined
  readonly onWarning: (message: string) => void
}

/** How long an answer is waited for where the cache can stand in for it, in ms. */
const hastyPatience = 10_000

interface Planning extends PlanOptions {
  readonly world: LibraryWorld
  readonly request: DownloadRequest
  readonly repository: string
  readonly variant: string
  readonly version: LlamaVersion
  readonly trees: readonly CachedTree[]
}

/**
 * Decides what each platform gets, without fetching it. Where the version is exact and the cache has it, nobody is asked;
 * where nobody can be asked, the cache is used with a warning. Throws `usage` for what is no version or variant; what
 * goes wrong with a platform is in its build.
 */
export async function planDownload(
  world: LibraryWorld,
  request: DownloadRequest,
  options: PlanOptions,
): Promise<DownloadPlan> {
  const { repository = llamaRepository, variant = 'auto' } = request
  const version = parseLlamaVersion(request.version)
  const wanted = await wantedPlatforms(request.platforms, world.hardware)
  const good = wanted.filter((one) => 'target' in one)
  const trees = good.length === 0 ? [] : await world.cache.list()
  const planning: Planning = { ...options, world, request, repository, variant, version, trees }
  const found = await sourcesOf(planning, good)
  const builds = wanted.flatMap((one): PlannedBuild[] => {
    if ('error' in one)
      return [{ platform: one.platform, target: null, isHost: false, source: { kind: 'failed', error: one.error } }]
    const { platform, target, isHost } = one
    return (found.sources.get(one) ?? []).map((source) => ({ platform, target, isHost, source }))
  })
  return { repository, tag: found.tag, why: found.why, builds }
}

interface ResolvedRelease {
  readonly release: Release
  readonly why: readonly string[]
  /** Why the API was not asked, so that of the release only the usual builds are known; null where it was. */
  readonly limited: SluiceError | null
}

interface Sources {
  readonly tag: string | null
  readonly why: readonly string[]
  readonly sources: ReadonlyMap<WantedPlatform, readonly BuildSource[]>
}

async function sourcesOf(planning: Planning, wanted: readonly WantedPlatform[]): Promise<Sources> {
  if (wanted.length === 0) return { tag: null, why: [], sources: new Map() }
  const { request, version } = planning
  const exact = await exactTag(planning)
  const mayUseCache = !planning.ask && request.force !== true
  if (exact !== null && mayUseCache) {
    const here = await cachedSources(planning, wanted, exact, true)
    if (here.size === wanted.length) return { tag: exact, why: [], sources: here }
  }
  const isKnown = exact !== null || version.kind === 'latest' || version.kind === 'nightly'
  const standIns = mayUseCache && isKnown ? await cachedSources(planning, wanted, exact, false) : new Map()
  let resolved: ResolvedRelease
  try {
    resolved = await resolve(planning, wanted, standIns.size === wanted.length)
  } catch (thrown) {
    planning.signal?.throwIfAborted()
    return withoutRelease(planning, wanted, standIns, asSluiceError(thrown))
  }
  const { release, why } = resolved
  const sources = new Map(wanted.map((one) => [one, choose(planning, one, resolved)]))
  return { tag: release.tag, why, sources }
}

/** Where the cache can stand in for everything nobody has to wait for long. */
async function resolve(
  planning: Planning,
  wanted: readonly WantedPlatform[],
  isHasty: boolean,
): Promise<ResolvedRelease> {
  const { world, repository, version, onWarning } = planning
  const { pointers } = world
  await prepareAnswers(world.cache)
  const hasAll = (release: Release): boolean => wanted.every((one) => hasBuild(planning, one, release))
  const onPointer = (from: string, build: string): Promise<void> => pointers.remember(repository, from, build)
  const github = isHasty ? world.hastyGithub() : world.github
  const ask = (signal: AbortSignal | undefined): Promise<ResolvedLlama> =>
    resolveLlamaVersion(github, version, hasAll, { repository, signal, onPointer })
  const { signal } = planning
  const { release, tag, apiError, why } = await (isHasty ? within(hastyPatience, ask, signal) : ask(signal))
  if (release !== null) return { release, why, limited: null }
  const targets = wanted.map(({ target }) => target)
  const limited = apiError ?? new SluiceError('rate-limited', 'The API could not be asked.')
  const direct = await directRelease({ github, engine: await world.engine(), repository, tag, targets, signal })
  if (direct === null) throw limited
  const { message, hint } = limited
  onWarning(`${message} ${hint} The usual builds of ${tag} are taken by their addresses, without digests.`)
  return { release: direct, why, limited }
}

/** Whether a release has what a platform wants; a channel goes back to one that has. */
function hasBuild({ variant }: Planning, { target, host }: WantedPlatform, release: Release): boolean {
  if (!isComplete(release, target)) return false
  if (variant === 'auto' || variant === 'all') return true
  try {
    return chooseLlamaAssets({ release, target, host, variant }).main.uploaded
  } catch (error) {
    const { code } = asSluiceError(error)
    if (code === 'asset-not-found') return false
    if (code === 'unsupported-platform' || code === 'asset-ambiguous') return true
    throw error
  }
}

function choose(
  { variant }: Planning,
  { target, host }: WantedPlatform,
  { release, limited }: ResolvedRelease,
): BuildSource[] {
  if (variant === 'all' && limited !== null) return [{ kind: 'failed', error: limited }]
  try {
    const request = { release, target, host }
    const choices = variant === 'all' ? chooseAll(request) : [chooseLlamaAssets({ ...request, variant })]
    return choices.map((choice) => ({ kind: 'release', tag: release.tag, choice }))
  } catch (thrown) {
    const error = asSluiceError(thrown)
    // The release may well have it: nobody could be asked.
    return [{ kind: 'failed', error: error.code === 'asset-not-found' ? (limited ?? error) : error }]
  }
}

/** The cache helps out where nobody could be asked; else all platforms have the same error. */
function withoutRelease(
  { onWarning }: Planning,
  wanted: readonly WantedPlatform[],
  standIns: Sources['sources'],
  error: SluiceError,
): Sources {
  const isOffline = error.exitCode === 3 || ['rate-limited', 'http-server-error', 'http-busy'].includes(error.code)
  const failed: BuildSource = { kind: 'failed', error }
  const sources = new Map(wanted.map((one) => [one, (isOffline ? standIns.get(one) : undefined) ?? [failed]]))
  const tags = new Set(
    [...sources.values()].flat().flatMap((source) => (source.kind === 'cached' ? [source.trees[0].tag] : [])),
  )
  const [tag = null] = tags
  if (tag !== null) onWarning(`${error.message} ${[...tags].join(', ')} of the cache is used.`)
  return { tag, why: [], sources }
}

/** The build that an exact version means, as far as that is known without asking; null for channels too. */
async function exactTag({ world, repository, version }: Planning): Promise<string | null> {
  if (version.kind === 'build') return version.tag
  return version.kind === 'semver' ? world.pointers.recall(repository, version.tag) : null
}

/**
 * What the cache has for platforms, whole: of one release, or of the newest that it has. A build that cannot run here fails
 * with the reason; platforms that it has nothing for are left out.
 */
async function cachedSources(
  planning: Planning,
  wanted: readonly WantedPlatform[],
  tag: string | null,
  onlyBest: boolean,
): Promise<Sources['sources']> {
  const { world, request, repository, variant, trees } = planning
  const usable = trees.filter(
    ({ sha256, verifiedBy }) =>
      (request.pin === undefined || request.pin === sha256) && (request.strict !== true || verifiedBy !== null),
  )
  const sources = new Map<WantedPlatform, readonly BuildSource[]>()
  for (const one of wanted) {
    const { target, host } = one
    const releases = byRelease(usable, repository, target).filter(([first]) => tag === null || first?.tag === tag)
    const found = await findCached(world.cache, releases, { target, variant, host }, onlyBest)
    if (found.trees !== null) {
      const why = [`${found.trees[0].tag} is in the cache.`]
      sources.set(one, [{ kind: 'cached', trees: found.trees, why }])
    } else if (found.refused !== null && tag !== null) sources.set(one, [{ kind: 'failed', error: found.refused }])
  }
  return sources
}

/** Does something that may take so long at most, in ms. */
async function within<T>(
  ms: number,
  work: (signal: AbortSignal) => Promise<T>,
  signal: AbortSignal | undefined,
): Promise<T> {
  const late = new AbortController()
  const timer = setTimeout(() => {
    late.abort(new SluiceError('overall-timeout', `GitHub did not answer within ${ms / 1000} s.`))
  }, ms)
  try {
    return await work(signal === undefined ? late.signal : AbortSignal.any([signal, late.signal]))
  } catch (error) {
    throw late.signal.aborted ? late.signal.reason : error
  } finally {
    clearTimeout(timer)
  }
}
