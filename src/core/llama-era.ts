import { compareVersions } from './dotted-version.ts'
import { asSluiceError, SluiceError } from './errors.ts'
import type { HardwareFacts } from './hardware.ts'
import { showTarget } from './llama-target.ts'
import { buildNumber } from './llama-version.ts'
import type { TargetPlatform } from './release.ts'

/*
 * What is known of llama.cpp's builds by their number (history of its release workflow). A tag without a number is taken
 * as newer than all of this.
 */
const firstWithLibraries = 4545
const firstUnixLibraryTools = 4407
const brokenLinks = { from: 9165, to: 9172 }
const newerMacos = { from: 9416, to: 10_267 }
/** Since then the builds for Linux on arm64 are made on Ubuntu 24.04. */
const newerArmLibc = 8599

/** Why the archives of a build cannot be loaded on a platform; null where they can. */
export function withoutLibraries(tag: string, target: TargetPlatform): string | null {
  const build = buildNumber(tag) ?? firstWithLibraries
  if (target.os === 'windows' || build >= firstWithLibraries) return null
  const instead = `take b${firstWithLibraries} or newer`
  return build < firstUnixLibraryTools
    ? `the archives for Linux and macOS hold programs only until b${firstUnixLibraryTools - 1}, no library; ${instead}`
    : `the archives for Linux and macOS lack libllama from b${firstUnixLibraryTools} to b${firstWithLibraries - 1}; ${instead}`
}

/** Whether the links in the archives for Linux and macOS lead nowhere (b9165-b9172). */
export function hasBrokenLinks(tag: string): boolean {
  const build = buildNumber(tag) ?? 0
  return build >= brokenLinks.from && build <= brokenLinks.to
}

/**
 * Gives a function that tells where a link of such an archive was meant to lead: the first letter of each target was
 * replaced by the folder's name, so `llama-b9165ibllama.so.0` was `libllama.so.0`. Null where the target is none of those.
 */
export function mendLink(tag: string): (path: string, target: string) => string | null {
  const folder = `llama-${tag}`
  return (path, target) => {
    const name = path.slice(path.lastIndexOf('/') + 1)
    if (!target.startsWith(folder) || target.includes('/') || name === '') return null
    const mended = `${name.slice(0, 1)}${target.slice(folder.length)}`
    return stem(mended) === stem(name) && mended !== name ? mended : null
  }
}

function stem(name: string): string {
  return name.split('.', 1)[0] ?? name
}

/** Oldest glibc that a build runs with; null where that is no matter. */
export function glibcFloor(tag: string, target: TargetPlatform): string | null {
  if (target.os !== 'linux') return null
  return target.arch === 'arm64' && (buildNumber(tag) ?? newerArmLibc) >= newerArmLibc ? '2.38' : '2.34'
}

/** Oldest macOS that a build runs on; null for other systems. */
export function macosFloor(tag: string, target: TargetPlatform): string | null {
  if (target.os !== 'darwin') return null
  const build = buildNumber(tag) ?? 0
  return target.arch === 'arm64' && build >= newerMacos.from && build <= newerMacos.to ? '26' : '13.3'
}

/**
 * Throws `unsupported-platform` where a build holds no libraries for a platform, or a machine is too old for it. A machine
 * of which nothing is known, null, passes.
 */
export function checkRunsOn(tag: string, target: TargetPlatform, host: HardwareFacts | null): void {
  const refused = withoutLibraries(tag, target)
  if (refused !== null)
    throw new SluiceError('unsupported-platform', `${tag} cannot be loaded on ${showTarget(target)}: ${refused}.`, {
      hint: `Take b${firstWithLibraries} or newer.`,
    })
  if (host === null) return
  checkLibc(tag, target, host)
  checkMacos(tag, target, host)
}

/** Whether `checkRunsOn` has nothing against it. */
export function runsOn(tag: string, target: TargetPlatform, host: HardwareFacts | null): boolean {
  try {
    checkRunsOn(tag, target, host)
    return true
  } catch (error) {
    if (asSluiceError(error).code === 'unsupported-platform') return false
    throw error
  }
}

function checkLibc(tag: string, target: TargetPlatform, { libc }: HardwareFacts): void {
  const floor = glibcFloor(tag, target)
  if (floor === null || libc === null) return
  if (libc.family === 'musl')
    throw new SluiceError(
      'unsupported-platform',
      `llama.cpp has no build for musl: the one for ${showTarget(target)} needs glibc ${floor} or newer, and this system has musl.`,
      { hint: 'Use a system or container with glibc, such as Debian or Ubuntu.' },
    )
  if (libc.version === null || compareVersions(libc.version, floor) >= 0) return
  throw new SluiceError(
    'unsupported-platform',
    `${tag} for ${showTarget(target)} needs glibc ${floor} or newer; this system has ${libc.version}.`,
    {
      hint:
        target.arch === 'arm64'
          ? 'Use a newer system or container (Ubuntu 24.04), or the builds of hybridgroup/llama-cpp-builder for Debian 12.'
          : 'Use a newer system or a container with one (Ubuntu 22.04, Debian 12).',
    },
  )
}

function checkMacos(tag: string, target: TargetPlatform, { osVersion }: HardwareFacts): void {
  const floor = macosFloor(tag, target)
  if (floor === null || osVersion === null || compareVersions(osVersion, floor) >= 0) return
  throw new SluiceError(
    'unsupported-platform',
    `${tag} for ${showTarget(target)} needs macOS ${floor} or newer; this system has ${osVersion}.`,
    {
      hint:
        floor === '26'
          ? `Take b${newerMacos.from - 1} or b${newerMacos.to + 1}, which need macOS 13.3.`
          : 'Update the system.',
    },
  )
}
