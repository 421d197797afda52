import { SluiceError } from './errors.ts'
import { excerpt } from './excerpt.ts'
import type { ManifestIndex, Platform } from './manifest.ts'

type Entry = ManifestIndex['manifests'][number]

const maxChoices = 50
/** Names that Node and uname use, in those of Go, which registries use. */
const systems: ReadonlyMap<string, string> = new Map([
  ['win32', 'windows'],
  ['macos', 'darwin'],
])
const architectures: ReadonlyMap<string, string> = new Map([
  ['x64', 'amd64'],
  ['x86_64', 'amd64'],
  ['ia32', '386'],
  ['i386', '386'],
  ['aarch64', 'arm64'],
])
/** Names of 32-bit ARM that say the variant: those of uname and Debian. */
const armVariants: ReadonlyMap<string, string> = new Map([
  ['armv7', 'v7'],
  ['armv7l', 'v7'],
  ['armhf', 'v7'],
  ['armv6', 'v6'],
  ['armv6l', 'v6'],
  ['armel', 'v6'],
])

/** The variant that is meant where none is named, as containerd reads it. */
const usualVariants: ReadonlyMap<string, string> = new Map([
  ['amd64', 'v1'],
  ['arm', 'v7'],
  ['arm64', 'v8'],
])

/** Reads `os/arch` or `os/arch/variant` in the words of Go or Node; `usage` otherwise. */
export function parsePlatform(text: string): Platform {
  const match = /^([a-z\d]{1,32})\/([a-z\d_]{1,32})(?:\/([a-z\d.]{1,32}))?$/i.exec(text)
  if (match === null) {
    throw new SluiceError('usage', `"${excerpt(text)}" is no platform.`, {
      hint: 'Write it as os/arch or os/arch/variant: linux/amd64, linux/arm64/v8.',
    })
  }
  const [, os = '', machine = '', given] = match
  const own = armVariants.get(machine.toLowerCase())
  const platform = goNames(os, own === undefined ? machine : 'arm')
  const variant = given?.toLowerCase() ?? own
  return variant === undefined ? platform : { ...platform, variant }
}

/** Linux on the architecture that Node names so: images and models are made for Linux. */
export function hostPlatform(nodeArch: string): Platform {
  return goNames('linux', nodeArch)
}

/** `linux/arm64/v8` */
export function showPlatform(platform: Platform): string {
  const variant = platform.variant === undefined ? '' : `/${platform.variant}`
  return `${platform.os}/${platform.architecture}${variant}`
}

/**
 * The manifest of an index for a platform: operating system and architecture equal, the variant only if asked for,
 * otherwise the one without a variant, that of the usual one, or the first. Attestations are no choice. An index whose only manifest names no
 * platform gives that one. Throws `no-platform` with all choices.
 */
export function choosePlatform(index: ManifestIndex, wanted: Platform): Entry {
  const entries = index.manifests.filter((entry) => !isAttestation(entry))
  const fitting = entries.filter(({ platform }) => platform !== null && fits(platform, wanted))
  const chosen = fitting.find(({ platform }) => platform?.variant === undefined) ?? fitting.find(isUsual) ?? fitting[0]
  if (chosen !== undefined) return chosen
  const [only] = entries
  if (only !== undefined && entries.length === 1 && only.platform === null) return only
  throw new SluiceError('no-platform', `There is nothing for ${showPlatform(wanted)}; ${choices(entries)}.`)
}

function fits(platform: Platform, wanted: Platform): boolean {
  const has = goNames(platform.os, platform.architecture)
  const asked = goNames(wanted.os, wanted.architecture)
  if (has.os !== asked.os || has.architecture !== asked.architecture) return false
  if (wanted.variant === undefined) return true
  const usual = usualVariants.get(has.architecture)
  return (platform.variant ?? usual)?.toLowerCase() === wanted.variant.toLowerCase()
}

function isUsual({ platform }: Entry): boolean {
  if (platform?.variant === undefined) return false
  return usualVariants.get(goNames(platform.os, platform.architecture).architecture) === platform.variant.toLowerCase()
}

function isAttestation({ platform, annotations }: Entry): boolean {
  return (
    Object.hasOwn(annotations, 'vnd.docker.reference.type') ||
    (platform?.os === 'unknown' && platform.architecture === 'unknown')
  )
}

function choices(entries: readonly Entry[]): string {
  const names = new Set(entries.map(({ platform }) => (platform === null ? null : showPlatform(platform))))
  names.delete(null)
  if (names.size === 0) return 'the index names no platform'
  const more = names.size > maxChoices ? ` and ${names.size - maxChoices} more` : ''
  return `there is ${[...names].slice(0, maxChoices).join(', ')}${more}`
}

function goNames(os: string, architecture: string): Platform {
  const [system, machine] = [os.toLowerCase(), architecture.toLowerCase()]
  return { os: systems.get(system) ?? system, architecture: architectures.get(machine) ?? machine }
}
