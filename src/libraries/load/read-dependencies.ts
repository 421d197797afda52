import { readdir } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { compareVersions } from '../../core/dotted-version.ts'
import { binaryFacts } from './binary-facts.ts'
import type { BinaryFacts } from './binary-facts.ts'

/** Most files that one library may lead to in its folder. */
const maxFiles = 64

/** What a library needs, as the headers of it and of its neighbours say. */
export interface Dependencies {
  /** Absolute paths in its folder, each behind those that it needs itself; the library is the last. */
  readonly order: readonly string[]
  /** Of the library itself, as are the architectures. */
  readonly format: BinaryFacts['format']
  readonly archs: readonly string[]
  /** A neighbour that is not made for the architecture that was asked for, null without. */
  readonly stranger: { readonly file: string; readonly archs: readonly string[] } | null
  /** Names that are not in the folder: the system must have them. */
  readonly outside: readonly string[]
  /** Oldest glibc and macOS that all of them are made for, and which file asks for it. */
  readonly glibc: Floor | null
  readonly macos: Floor | null
}

export interface Floor {
  readonly version: string
  /** File name. */
  readonly file: string
}

/** Reads headers only; `not-loadable` where the library or a neighbour that it needs is no library. */
export async function readDependencies(path: string, arch: string = process.arch): Promise<Dependencies> {
  const folder = dirname(path)
  const neighbours = new Map((await readdir(folder)).map((name) => [fold(name), name]))
  const order: string[] = []
  const outside = new Set<string>()
  const seen = new Set<string>([fold(basename(path))])
  const floors: { glibc: Floor | null; macos: Floor | null } = { glibc: null, macos: null }
  let stranger: Dependencies['stranger'] = null

  async function visit(file: string): Promise<BinaryFacts> {
    const facts = await binaryFacts(file, arch)
    if (file !== path && !facts.archs.includes(arch)) stranger ??= { file: basename(file), archs: facts.archs }
    floors.glibc = higher(floors.glibc, facts.glibc, file)
    floors.macos = higher(floors.macos, facts.macos, file)
    for (const name of facts.needed) {
      const neighbour = neighbours.get(fold(neighbourName(name, facts)))
      if (neighbour === undefined) outside.add(name)
      else if (seen.size < maxFiles && !seen.has(fold(neighbour))) {
        seen.add(fold(neighbour))
        await visit(join(folder, neighbour))
      }
    }
    order.push(file)
    return facts
  }
  const { format, archs } = await visit(path)
  return { order, format, archs, stranger, outside: [...outside], ...floors }
}

/** The name that a file beside it would have; '' for one that is asked for by a path of the system. */
function neighbourName(name: string, { format }: BinaryFacts): string {
  if (!name.includes('/')) return name
  return format === 'mach-o' && name.startsWith('@') ? name.slice(name.lastIndexOf('/') + 1) : ''
}

/** Windows takes `GGML.dll` for `ggml.dll`; elsewhere two names of one folder never differ in case alone. */
function fold(name: string): string {
  return name.toLowerCase()
}

function higher(floor: Floor | null, version: string | null, path: string): Floor | null {
  if (version === null || (floor !== null && compareVersions(version, floor.version) <= 0)) return floor
  return { version, file: basename(path) }
}
