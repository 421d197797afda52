import { showTarget } from './llama-target.ts'
import { readNamePattern } from './name-pattern.ts'
import { isSidecar, notABuild } from './release-kinds.ts'
import { readName, type NameFacets } from './release-names.ts'
import type { ReleaseAsset, TargetPlatform } from './release.ts'

export interface AssetRequest {
  readonly assets: readonly ReleaseAsset[]
  readonly target: TargetPlatform
  /** Without its owner. */
  readonly repositoryName: string
  /** Chooses by name first (`readNamePattern`); the platform counts only among several matches. */
  readonly pattern?: string
  /** C library of the machine, where it is known. */
  readonly libc?: 'glibc' | 'musl' | null
}

interface RejectedAsset {
  readonly name: string
  readonly reason: string
}

/** `many`: nothing tells those apart that one could choose by, so none is chosen. */
export type AssetChoice =
  | {
      readonly kind: 'one'
      readonly asset: ReleaseAsset
      /** Sentences for people. */
      readonly why: readonly string[]
      readonly rejected: readonly RejectedAsset[]
    }
  | { readonly kind: 'many'; readonly candidates: readonly ReleaseAsset[]; readonly rejected: readonly RejectedAsset[] }
  | { readonly kind: 'none'; readonly rejected: readonly RejectedAsset[] }

/** The reason of a file that may yet be one. */
export const stillUploading = 'is still being uploaded'

interface Named {
  readonly asset: ReleaseAsset
  readonly facets: NameFacets
}

/** Formats in the order in which they are preferred; '' is a program that is not packed. */
const formats: Readonly<Record<'unix' | 'windows', readonly string[]>> = {
  unix: 'tar.gz tgz tar zip tar.zst tzst tar.xz txz tar.bz2 tbz tbz2'.split(' ').concat('', 'gz', 'zst', 'xz', 'bz2'),
  windows: 'zip tar.gz tgz exe'.split(' ').concat('', 'tar.zst', 'tar.xz', '7z'),
}

/**
 * The file of a release for a platform, by the words of the names alone. Architecture, C library and the repository's name
 * decide first; then the plain build wins over its flavours, and among formats of the same build the one that suits the
 * platform. With a pattern the platform decides only between several files that match. `usage` for a pattern that is none.
 */
export function chooseReleaseAsset(request: AssetRequest): AssetChoice {
  return request.pattern === undefined ? byPlatform(request) : byPattern(request, request.pattern)
}

function byPlatform(request: AssetRequest): AssetChoice {
  const rejected: RejectedAsset[] = []
  const builds: Named[] = []
  for (const asset of request.assets) {
    const facets = readName(asset.name, request.repositoryName)
    const reason = asset.uploaded ? notABuild(asset.name, facets.tokens) : stillUploading
    if (reason === null) builds.push({ asset, facets })
    else rejected.push({ name: asset.name, reason })
  }
  const isSystemNamed = builds.some(({ facets }) => facets.os !== null)
  const fitting = builds.filter(({ asset, facets }) => {
    const reason = unfit(facets, request, isSystemNamed)
    if (reason !== null) rejected.push({ name: asset.name, reason })
    return reason === null
  })
  return best(fitting, rejected, request)
}

function byPattern(request: AssetRequest, pattern: string): AssetChoice {
  const { assets } = request
  const matches = readNamePattern(pattern)
  const isMeant = ({ name }: ReleaseAsset): boolean => name === pattern || matches(name)
  const rejected = assets
    .filter((asset) => !isMeant(asset) || !asset.uploaded)
    .map((asset) => ({
      name: asset.name,
      reason: isMeant(asset) ? stillUploading : 'does not match the pattern',
    }))
  const found = assets.filter((asset) => isMeant(asset) && asset.uploaded)
  const exact = found.filter(({ name }) => name === pattern)
  const files = found.filter(({ name }) => !isSidecar(name))
  const candidates = exact.length === 1 ? exact : files.length === 0 ? found : files
  for (const { name } of found.filter((asset) => !candidates.includes(asset)))
    rejected.push({ name, reason: 'goes with another file' })
  const [asset, next] = candidates
  if (asset === undefined) return { kind: 'none', rejected }
  if (next !== undefined) {
    const choice = byPlatform({ ...request, assets: candidates })
    if (choice.kind === 'none') return { kind: 'many', candidates, rejected }
    return { ...choice, rejected: [...rejected, ...choice.rejected] }
  }
  return { kind: 'one', asset, why: [`${asset.name} matches the pattern.`], rejected }
}

function unfit({ os, arch, abi }: NameFacets, { target, libc }: AssetRequest, isSystemNamed: boolean): string | null {
  if (os === null && isSystemNamed) return 'names no system, as others do'
  if (os !== null && os !== target.os) return 'is for another system'
  if (arch === 'other' || (arch !== null && arch !== 'universal' && arch !== target.arch))
    return 'is for another architecture'
  return libc === 'musl' && abi === 'glibc' ? 'needs glibc, and this system has musl' : null
}

function best(fitting: readonly Named[], rejected: RejectedAsset[], request: AssetRequest): AssetChoice {
  const highest = Math.max(...fitting.map(({ facets }) => score(facets, request)))
  const top = fitting.filter(({ facets }) => score(facets, request) === highest)
  const plain = plainest(top)
  const [first] = plain.sort((a, b) => compareFiles(a, b, request.target))
  if (first === undefined) {
    for (const { asset } of fitting.filter((one) => !top.includes(one))) rejected.push(fitsLess(asset))
    const candidates = top.map(({ asset }) => asset).sort((a, b) => (a.name < b.name ? -1 : 1))
    return candidates.length === 0 ? { kind: 'none', rejected } : { kind: 'many', candidates, rejected }
  }
  for (const { asset } of fitting.filter((one) => one !== first)) rejected.push(fitsLess(asset))
  return { kind: 'one', asset: first.asset, why: explain(first, request, plain.length > 1), rejected }
}

function fitsLess({ name }: ReleaseAsset): RejectedAsset {
  return { name, reason: 'fits less well' }
}

function score({ arch, abi, isNamedAfter }: NameFacets, { target, libc }: AssetRequest): number {
  const byArch = arch === null ? 10 : arch === 'universal' ? 30 : 50
  return byArch + abiScore(abi, target, libc ?? null) + (isNamedAfter ? 20 : 0)
}

function abiScore(abi: NameFacets['abi'], { os }: TargetPlatform, libc: 'glibc' | 'musl' | null): number {
  if (os === 'darwin') return 0
  const own = os === 'windows' ? 'msvc' : (libc ?? 'glibc')
  return abi === own ? 25 : abi === null ? 20 : 10
}

/** Those whose name says nothing that the names of all others do not say too; empty where each has words of its own. */
function plainest(files: readonly Named[]): Named[] {
  const all = files.map((file) => ({ file, words: new Set(file.facets.extras) }))
  const fewest = Math.min(...all.map(({ words }) => words.size))
  const shortest = all.filter(({ words }) => words.size === fewest)
  const shared = [...(shortest[0]?.words ?? [])]
  return all.every(({ words }) => shared.every((word) => words.has(word))) ? shortest.map(({ file }) => file) : []
}

function compareFiles(a: Named, b: Named, { os }: TargetPlatform): number {
  const order = formats[os === 'windows' ? 'windows' : 'unix']
  const place = ({ facets }: Named): number =>
    order.includes(facets.format) ? order.indexOf(facets.format) : order.length
  const byLength = a.asset.name.length - b.asset.name.length
  return place(a) - place(b) || byLength || (a.asset.name < b.asset.name ? -1 : 1)
}

function explain({ asset, facets }: Named, { target, libc }: AssetRequest, hasFormats: boolean): string[] {
  const why = [`${asset.name} is for ${showTarget(target)}.`]
  if (facets.os === null) why[0] = `${asset.name} names no system, and no other file does.`
  if (facets.arch === null) why.push('It names no architecture.')
  if (facets.arch === 'universal') why.push('It is for several architectures.')
  if (facets.abi === 'musl' && libc !== 'musl')
    why.push('It is made for musl; such programs mostly run with glibc too.')
  if (hasFormats)
    why.push(
      `Of the same build in several formats, ${facets.format === '' ? 'the plain file' : facets.format} suits best.`,
    )
  return why
}
