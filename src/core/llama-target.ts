import { SluiceError } from './errors.ts'
import { excerpt } from './excerpt.ts'
import type { TargetPlatform } from './release.ts'

const systems: ReadonlyMap<string, TargetPlatform['os']> = new Map([
  ['linux', 'linux'],
  ['darwin', 'darwin'],
  ['macos', 'darwin'],
  ['mac', 'darwin'],
  ['osx', 'darwin'],
  ['windows', 'windows'],
  ['win32', 'windows'],
  ['win', 'windows'],
])
const architectures: ReadonlyMap<string, TargetPlatform['arch']> = new Map([
  ['amd64', 'amd64'],
  ['x64', 'amd64'],
  ['x86_64', 'amd64'],
  ['x86-64', 'amd64'],
  ['arm64', 'arm64'],
  ['aarch64', 'arm64'],
])

/** The platforms that there are libraries for. */
export const allTargets: readonly TargetPlatform[] = (['linux', 'darwin', 'windows'] as const).flatMap((os) => [
  { os, arch: 'amd64' as const },
  { os, arch: 'arm64' as const },
])

/**
 * Reads a platform in the words of Go, Node or uname, joined by `/`, `-` or `_`: `linux/amd64`, `win32-x64`,
 * `macos_aarch64`. `unsupported-platform` for all else.
 */
export function parseTarget(text: string): TargetPlatform {
  const words = text.length > 64 ? null : /^([a-z\d]+)[/_-]([a-z\d_-]+)$/i.exec(text.trim())
  const [, system = '', machine = ''] = words ?? []
  const os = systems.get(system.toLowerCase())
  const arch = architectures.get(machine.toLowerCase())
  if (os !== undefined && arch !== undefined) return { os, arch }
  if (words === null) throw unsupported(`"${excerpt(text, 64)}" is no platform`)
  if (os === undefined && arch === undefined) throw unsupported(`Nothing is built for ${system}/${machine}`)
  const part = os === undefined ? `the system ${system}` : `the architecture ${machine}`
  throw unsupported(`Nothing is built for ${system}/${machine}: ${part} is not supported`)
}

/** The same for files of any release, which may be for other platforms, too: those are chosen by name. */
export function parseAssetTarget(text: string): TargetPlatform {
  try {
    return parseTarget(text)
  } catch (cause) {
    const supported = allTargets.map(showTarget).join(', ')
    throw new SluiceError('unsupported-platform', `"${excerpt(text, 64)}" is none of ${supported}.`, {
      hint: 'For other platforms choose the file by its name, as asset (on the command line --asset).',
      cause,
    })
  }
}

/** `linux/amd64` */
export function showTarget({ os, arch }: TargetPlatform): string {
  return `${os}/${arch}`
}

/** The platform of a machine by `process.platform` and `process.arch`; `unsupported-platform` without libraries for it. */
export function hostTarget(nodePlatform: string, nodeArch: string): TargetPlatform {
  return parseTarget(`${nodePlatform}/${nodeArch}`)
}

function unsupported(what: string): SluiceError {
  return new SluiceError('unsupported-platform', `${what}.`, {
    hint: `Supported are ${allTargets.map(showTarget).join(', ')}.`,
  })
}
