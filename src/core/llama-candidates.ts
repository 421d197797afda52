import { compareVersions, isWithin } from './dotted-version.ts'
import type { BackendWish, HardwareFacts } from './hardware.ts'
import { parseAsset, variantOf, type LlamaAsset } from './llama-asset.ts'
import type { ReleaseAsset, TargetPlatform } from './release.ts'

/** A file of a release with what its name says. */
export interface LlamaFile {
  readonly file: ReleaseAsset
  readonly asset: LlamaAsset
}

export interface Rejected {
  readonly name: string
  readonly reason: string
}

export interface SortedFiles {
  /** Builds for the platform, uploaded, of any kind. */
  readonly builds: readonly LlamaFile[]
  /** CUDA runtimes for the platform, uploaded. */
  readonly runtimes: readonly LlamaFile[]
  readonly rejected: readonly Rejected[]
}

/** CPU builds by what they need, the one for most machines first. Those not named here are taken on request only. */
const cpuRanks: ReadonlyMap<string, number> = new Map([
  ['avx2', 1],
  ['llvm', 1],
  ['avx', 2],
  ['msvc', 2],
  ['noavx', 3],
])

/** Sorts the files of a release by what they are to a platform. Of the same build in both formats the better one stays. */
export function sortFiles(tag: string, files: readonly ReleaseAsset[], target: TargetPlatform): SortedFiles {
  const builds: LlamaFile[] = []
  const runtimes: LlamaFile[] = []
  const rejected: Rejected[] = []
  for (const file of files) {
    const asset = parseAsset(file.name)
    const reason = unfit(tag, file, asset, target)
    if (asset === null || reason !== null) rejected.push({ name: file.name, reason: reason ?? 'is no build' })
    else (asset.role === 'main' ? builds : runtimes).push({ file, asset })
  }
  const best = target.os === 'windows' ? 'zip' : 'tar.gz'
  const kept = builds.filter((build) => build.asset.format === best || !builds.some((other) => isTwin(build, other)))
  for (const { file } of builds.filter((build) => !kept.includes(build)))
    rejected.push({ name: file.name, reason: `is the same build as the ${best}` })
  return { builds: kept, runtimes, rejected }
}

function isTwin(build: LlamaFile, other: LlamaFile): boolean {
  return variantOf(build.asset) === variantOf(other.asset) && build.asset.format !== other.asset.format
}

function unfit(tag: string, file: ReleaseAsset, asset: LlamaAsset | null, target: TargetPlatform): string | null {
  if (asset === null) return 'is no build of the libraries'
  if (asset.os !== target.os || asset.role === 'other') return 'is for another system'
  if (asset.arch !== target.arch) return 'is for another architecture'
  if (asset.tag !== null && asset.tag !== tag) return `belongs to ${asset.tag}`
  return file.uploaded ? null : 'is still being uploaded'
}

/** The builds that fulfil a wish, best first. `chips`: those of AMD in the machine. */
export function fulfilling(wish: BackendWish, builds: readonly LlamaFile[], host: HardwareFacts | null): LlamaFile[] {
  return builds.filter(({ asset }) => fits(asset, wish) && rank(asset, host) !== null).sort((a, b) => order(a, b, host))
}

/** Whether nothing tells two builds apart that one could choose by. */
export function isTie(a: LlamaFile, b: LlamaFile, host: HardwareFacts | null): boolean {
  return order(a, b, host) === 0
}

/** The builds that a name of a variant means: as `variantOf` gives it, as the file has it, or by what narrows it. */
export function named(variant: string, builds: readonly LlamaFile[]): LlamaFile[] {
  const name = variant.toLowerCase()
  return builds.filter(({ asset }) => [variantOf(asset), asset.label, asset.extra].includes(name))
}

/** Whether a build is made for special chips or of a kind that is not known: taken on request only. */
export function isSpecial({ backend, extra }: LlamaAsset): boolean {
  if (backend === 'unknown') return true
  return extra !== null && !(backend === 'cpu' && (cpuRanks.has(extra) || extra === 'avx512')) && !isChip(extra)
}

function fits(asset: LlamaAsset, { backend, atLeast, atMost }: BackendWish): boolean {
  // The build for Macs with Apple chips is both.
  const isBackend = asset.backend === backend || (backend === 'cpu' && asset.backend === 'metal')
  if (!isBackend) return false
  return asset.backendVersion === null
    ? atLeast === null && atMost === null
    : isWithin(asset.backendVersion, atLeast, atMost)
}

/** Place of a build among those of its backend and version; null for one that is taken on request only. */
function rank({ backend, extra }: LlamaAsset, host: HardwareFacts | null): number | null {
  if (extra === null) return 0
  if (backend === 'cpu') return cpuRanks.get(extra) ?? null
  if (backend === 'opencl') return 1
  return isChip(extra) && host?.amd?.gpus.some(({ gfx }) => gfx === extra) === true ? 1 : null
}

function isChip(extra: string): boolean {
  return /^gfx[\da-f]{3,5}$/.test(extra)
}

function order(a: LlamaFile, b: LlamaFile, host: HardwareFacts | null): number {
  const byVersion = compareVersions(b.asset.backendVersion ?? '', a.asset.backendVersion ?? '')
  return byVersion || (rank(a.asset, host) ?? 0) - (rank(b.asset, host) ?? 0)
}

/** The CUDA runtime that must lie beside a CUDA build. */
export function runtimeOf({ asset }: LlamaFile, runtimes: readonly LlamaFile[]): LlamaFile | null {
  const version = asset.backendVersion ?? ''
  return runtimes.find((other) => compareVersions(other.asset.backendVersion ?? '', version) === 0) ?? null
}
