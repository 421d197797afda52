import { SluiceError } from './errors.ts'
import { excerpt } from './excerpt.ts'
import { variantOf, type LlamaAsset } from './llama-asset.ts'
import { showTarget } from './llama-target.ts'
import { buildNumber } from './llama-version.ts'
import type { Release, TargetPlatform } from './release.ts'

const maxNames = 12
/** First build whose archives for Linux and macOS are tar.gz. */
const firstTar = 7224
/** First build whose archive for Windows is named after the CPU. */
const firstWinCpu = 5276

export interface Missing {
  readonly release: Pick<Release, 'tag' | 'assets'>
  readonly target: TargetPlatform
  readonly variant: string
  /** All builds that the release has for the platform. */
  readonly builds: readonly LlamaAsset[]
  /** A build that would do if its CUDA runtime were there. */
  readonly needy: string | null
}

/** The error for a release that lacks what is asked for: which file, and what there is instead. */
export function missingAsset(missing: Missing): SluiceError {
  const { release, target, variant, builds, needy } = missing
  const place = `for ${showTarget(target)}`
  if (needy !== null)
    return new SluiceError(
      'asset-not-found',
      `${needy} needs the CUDA runtime, and ${release.tag} lacks cudart-llama for that version ${place}.`,
    )
  if (variant !== 'auto' && variant !== 'all' && builds.length > 0)
    return new SluiceError(
      'asset-not-found',
      `${release.tag} has no build of the variant ${excerpt(variant)} ${place}; it has ${list(builds.map(variantOf))}.`,
      { hint: 'Give one of those as the variant, or another version.' },
    )
  const usual = usualName(release.tag, target)
  const [what, hint] = release.assets.some(({ name, uploaded }) => name === usual && !uploaded)
    ? ['is still being uploaded', 'Try again in a few minutes, or take an older build.']
    : [nearest(missing, usual), 'The release is incomplete; take an older build.']
  return new SluiceError('asset-not-found', `${release.tag} has no build ${place}: ${usual} ${what}.`, { hint })
}

/** Name of the file that every machine of a platform can use. */
export function usualName(tag: string, { os, arch }: TargetPlatform): string {
  const build = buildNumber(tag) ?? firstTar
  const machine = arch === 'amd64' ? 'x64' : 'arm64'
  if (os === 'windows') {
    const kind = build >= firstWinCpu ? 'cpu' : machine === 'x64' ? 'avx2' : 'llvm'
    return `llama-${tag}-bin-win-${kind}-${machine}.zip`
  }
  return `llama-${tag}-bin-${os === 'linux' ? 'ubuntu' : 'macos'}-${machine}.${build >= firstTar ? 'tar.gz' : 'zip'}`
}

function nearest({ release }: Missing, usual: string): string {
  if (release.assets.length === 0) return 'is missing, as are all others'
  const names = release.assets.map(({ name }) => name)
  return `is missing; there is ${list(names.sort((a, b) => common(b, usual) - common(a, usual) || (a < b ? -1 : 1)))}`
}

function common(name: string, usual: string): number {
  let length = 0
  while (length < usual.length && name[length] === usual[length]) length++
  return length
}

function list(names: readonly string[]): string {
  const more = names.length > maxNames ? ` and ${names.length - maxNames} more` : ''
  return `${names
    .slice(0, maxNames)
    .map((name) => excerpt(name))
    .join(', ')}${more}`
}
