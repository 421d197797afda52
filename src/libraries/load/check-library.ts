import { basename } from 'node:path'
import { compareVersions } from '../../core/dotted-version.ts'
import { SluiceError } from '../../core/errors.ts'
import { excerpt } from '../../core/excerpt.ts'
import type { BinaryFacts } from './binary-facts.ts'
import { readDependencies } from './read-dependencies.ts'
import type { Dependencies } from './read-dependencies.ts'

/** What a library is to be loaded by: this process, unless a test says otherwise. */
export interface Host {
  readonly arch: string
  /** As `process.platform`; without it libraries of all systems pass. */
  readonly platform?: string
  /** Null where it is none, or not known. */
  readonly glibc: string | null
}

/**
 * Judges a library by its headers before anything of it is run: a wrong system or architecture, its own or that of a
 * neighbour that it needs, and a glibc that is too old are `not-loadable`, each in its own words. Gives what it needs.
 */
export async function checkLibrary(path: string, host: Host): Promise<Dependencies> {
  const dependencies = await readDependencies(path, host.arch)
  const { archs, format, glibc, stranger } = dependencies
  const systems = systemsOf[format]
  if (host.platform !== undefined && !systems.platforms.includes(host.platform))
    throw new SluiceError('not-loadable', `${excerpt(basename(path), 100)} is a library for ${systems.name}.`, {
      hint: 'Take the libraries for this system.',
    })
  if (!archs.includes(host.arch)) throw wrongArch(basename(path), archs, host)
  // The loader of Linux passes over it, and says that there is no such file.
  if (stranger !== null) throw wrongArch(stranger.file, stranger.archs, host)
  if (glibc !== null && host.glibc !== null && compareVersions(host.glibc, glibc.version) < 0)
    throw new SluiceError('not-loadable', tooOldLibc(excerpt(glibc.file, 100), glibc.version, host.glibc), {
      hint: libcHint,
    })
  return dependencies
}

const systemsOf: Readonly<
  Record<BinaryFacts['format'], { readonly name: string; readonly platforms: readonly string[] }>
> = {
  elf: { name: 'Linux', platforms: ['linux', 'android', 'freebsd', 'openbsd', 'netbsd', 'sunos'] },
  'mach-o': { name: 'macOS', platforms: ['darwin'] },
  pe: { name: 'Windows', platforms: ['win32'] },
}

function wrongArch(file: string, archs: readonly string[], { arch }: Host): SluiceError {
  return new SluiceError(
    'not-loadable',
    `${excerpt(file, 100)} is built for ${archs.join(' and ')}, and this process runs on ${arch}.`,
    { hint: `Take the libraries for ${arch}, or a Node for ${archs[0] ?? 'that architecture'}.` },
  )
}

export const libcHint = 'Use a newer system or a container with one (Ubuntu 24.04, Debian 13), or an older build.'

export function tooOldLibc(file: string, wanted: string, here: string | null): string {
  return `${file} needs GLIBC_${wanted}, and this machine has ${here === null ? 'an older one' : `glibc ${here}`}.`
}
