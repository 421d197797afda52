import { leftOut, wishesFor } from './backend-plan.ts'
import { SluiceError } from './errors.ts'
import type { BackendWish, HardwareFacts } from './hardware.ts'
import { parseAsset, variantOf, type LlamaAsset } from './llama-asset.ts'
import { fulfilling, isSpecial, isTie, named, runtimeOf, sortFiles } from './llama-candidates.ts'
import type { LlamaFile, Rejected, SortedFiles } from './llama-candidates.ts'
import { checkRunsOn, hasBrokenLinks } from './llama-era.ts'
import { missingAsset } from './llama-missing.ts'
import { showTarget } from './llama-target.ts'
import type { Release, ReleaseAsset, TargetPlatform } from './release.ts'

/** One build that may be fetched. */
export interface Candidate {
  readonly main: ReleaseAsset
  /** What its name says. */
  readonly asset: LlamaAsset
  /** The CUDA runtime that is to be unpacked beside it. */
  readonly companion: ReleaseAsset | null
  /** `cpu`, `metal`, `cuda-13.4`, `vulkan` ... */
  readonly variant: string
  /** Whether its links are to be mended (`mendLink`). */
  readonly mendLinks: boolean
}

export interface Choice extends Candidate {
  /** What to try when it cannot be loaded, in order. */
  readonly fallbacks: readonly Candidate[]
  /** Sentences for people, in order. */
  readonly why: readonly string[]
  /** All files of the release that are neither chosen nor a fallback. */
  readonly rejected: readonly Rejected[]
}

export interface ReleaseRequest {
  readonly release: Pick<Release, 'tag' | 'assets'>
  readonly target: TargetPlatform
  /** Counts only where it is a machine of the target platform; null where nothing is known. */
  readonly host: HardwareFacts | null
}

export interface ChoiceRequest extends ReleaseRequest {
  /** See `wishesFor`; for `all` there is `chooseAll`. */
  readonly variant: string
}

/** What the search in one release has come to. */
interface Search extends ReleaseRequest, SortedFiles {
  readonly found: Candidate[]
  readonly why: string[]
  /** Builds that need a CUDA runtime which the release lacks. */
  readonly incomplete: Set<string>
}

const cpu: BackendWish = { backend: 'cpu', atLeast: null, atMost: null, why: '' }

/**
 * The build of a release for a machine. Throws `unsupported-platform` where no build of that release runs there,
 * `asset-not-found` where it lacks the one asked for, `asset-ambiguous` where two are equally good.
 */
export function chooseLlamaAssets(request: ChoiceRequest): Choice {
  const { variant } = request
  const search = begin(request)
  const wishes = wishesFor(variant, search.host)
  if (variant === 'auto') search.why.push(...(search.host === null ? [unknownHost] : leftOut(search.host)))
  if (wishes === null) take(search, named(variant, search.builds), `The variant ${variant} was asked for.`)
  for (const wish of wishes ?? []) take(search, fulfilling(wish, search.builds, search.host), wish.why, wish)
  const [first, ...fallbacks] = search.found
  if (first === undefined) throw missing(search, variant)
  return { ...first, fallbacks, why: [...search.why, ...describe(search, first)], rejected: rejectedOf(search) }
}

const unknownHost = 'The hardware of the machine is not known, so no GPU is counted on.'

/**
 * The builds of a release for a platform, one for each variant, that for the CPU first. Those for special chips and of
 * unknown kinds are left out. Throws as `chooseLlamaAssets`.
 */
export function chooseAll(request: ReleaseRequest): Choice[] {
  const search = begin(request)
  const usual = search.builds.filter(({ asset }) => !isSpecial(asset))
  for (const build of usual.sort((a, b) => allOrder(a.asset, b.asset))) take(search, [build], '')
  if (search.found.length === 0) throw missing(search, 'all')
  const rejected = rejectedOf(search)
  return search.found.map((one) => ({ ...one, fallbacks: [], why: describe(search, one), rejected }))
}

/**
 * Whether a release has the build that every machine of a platform can use, and nothing for the platform is still being
 * uploaded. Channels walk back to an older release where it has not.
 */
export function isComplete(release: Pick<Release, 'tag' | 'assets'>, target: TargetPlatform): boolean {
  const { builds } = sortFiles(release.tag, release.assets, target)
  const isPending = release.assets.some(({ name, uploaded }) => {
    const asset = uploaded ? null : parseAsset(name)
    return asset !== null && asset.os === target.os && asset.arch === target.arch
  })
  return !isPending && fulfilling(cpu, builds, null).length > 0
}

function begin(request: ReleaseRequest): Search {
  const { release, target } = request
  const host = request.host !== null && isMachineOf(request.host, target) ? request.host : null
  checkRunsOn(release.tag, target, host)
  const sorted = sortFiles(release.tag, release.assets, target)
  return { release, target, host, ...sorted, found: [], why: [], incomplete: new Set() }
}

function isMachineOf({ platform, arch }: HardwareFacts, target: TargetPlatform): boolean {
  const system = target.os === 'windows' ? 'win32' : target.os
  return platform === system && arch === (target.arch === 'amd64' ? 'x64' : 'arm64')
}

/** Adds those builds that are complete and not there yet; the first of all must not be a tie. */
function take(search: Search, builds: readonly LlamaFile[], why: string, wish: BackendWish | null = null): void {
  const { found, host } = search
  const isFirst = found.length === 0
  const usable = builds.filter((build) => !lacksRuntime(search, build))
  const [best, next] = usable
  if (best === undefined) {
    if (isFirst && wish !== null) note(search, without(search, wish))
    return
  }
  if (isFirst && next !== undefined && (wish === null || isTie(best, next, host))) throw ambiguous(search, usable)
  if (isFirst && why !== '') search.why.push(why)
  for (const build of usable) if (!found.some(({ main }) => main === build.file)) found.push(candidate(search, build))
}

function note({ why }: Search, sentence: string): void {
  if (!why.includes(sentence)) why.push(sentence)
}

function lacksRuntime(search: Search, build: LlamaFile): boolean {
  const lacks = build.asset.backend === 'cuda' && runtimeOf(build, search.runtimes) === null
  if (lacks) search.incomplete.add(build.file.name)
  return lacks
}

function candidate({ release, target, runtimes }: Search, build: LlamaFile): Candidate {
  return {
    main: build.file,
    asset: build.asset,
    companion: build.asset.backend === 'cuda' ? (runtimeOf(build, runtimes)?.file ?? null) : null,
    variant: variantOf(build.asset),
    mendLinks: target.os !== 'windows' && hasBrokenLinks(release.tag),
  }
}

function describe({ release, target }: Search, { main, companion, variant, mendLinks }: Candidate): string[] {
  const sentences = [`${main.name} is the ${variant} build of ${release.tag} for ${showTarget(target)}.`]
  if (companion !== null) sentences.push(`${companion.name} has the CUDA runtime that it needs.`)
  if (mendLinks) sentences.push(`The links in the archives of ${release.tag} are broken; they are mended.`)
  return sentences
}

function without({ release, target, builds }: Search, { backend, atLeast, atMost }: BackendWish): string {
  if (!builds.some(({ asset }) => asset.backend === backend))
    return `${release.tag} has no ${backend} build for ${showTarget(target)}.`
  const range =
    atLeast === null ? '' : ` ${atLeast}${atMost === atLeast || atMost === null ? '' : ` to ${upTo(atMost)}`}`
  return `${release.tag} has no complete ${backend}${range} build for ${showTarget(target)}.`
}

function upTo(atMost: string): string {
  return atMost.includes('.') ? atMost : `${atMost}.x`
}

function rejectedOf({ builds, runtimes, rejected, found, incomplete }: Search): Rejected[] {
  const chosen = new Set(found.flatMap(({ main, companion }) => [main, companion]))
  const left = [...builds, ...runtimes].filter(({ file }) => !chosen.has(file))
  return [...rejected, ...left.map(({ file, asset }) => ({ name: file.name, reason: reasonOf(asset, incomplete) }))]
}

function reasonOf(asset: LlamaAsset, incomplete: ReadonlySet<string>): string {
  if (incomplete.has(asset.name)) return 'needs a CUDA runtime that the release lacks'
  if (asset.role === 'companion') return 'is a CUDA runtime, which goes with its build only'
  if (asset.backend === 'unknown') return 'is of a kind that is not known; taken on request only'
  return isSpecial(asset)
    ? `is made for ${asset.extra ?? ''}; taken on request only`
    : 'does not suit the plan or the request'
}

/** CPU and Metal first, then by name, newer versions before older. */
function allOrder(a: LlamaAsset, b: LlamaAsset): number {
  const place = ({ backend, extra }: LlamaAsset): string =>
    `${backend === 'cpu' || backend === 'metal' ? 0 : 1}${backend}${extra ?? ''}`
  const [left, right] = [place(a), place(b)]
  if (left !== right) return left < right ? -1 : 1
  return variantOf(a) < variantOf(b) ? 1 : -1
}

function missing({ release, target, builds, incomplete }: Search, variant: string): SluiceError {
  const [needy] = variant === 'auto' || variant === 'all' ? [] : incomplete
  return missingAsset({ release, target, variant, builds: builds.map(({ asset }) => asset), needy: needy ?? null })
}

function ambiguous({ release, target }: Search, builds: readonly LlamaFile[]): SluiceError {
  const variants = builds.map(({ asset }) => variantOf(asset)).join(', ')
  return new SluiceError(
    'asset-ambiguous',
    `${release.tag} has several builds for ${showTarget(target)}: ${variants}.`,
    {
      hint: 'Name one of them as the variant.',
    },
  )
}
