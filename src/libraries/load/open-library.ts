import { readdir, realpath } from 'node:fs/promises'
import { basename, delimiter, dirname, join, sep } from 'node:path'
import { SluiceError } from '../../core/errors.ts'
import { excerpt } from '../../core/excerpt.ts'
import { buildNumber } from '../../core/llama-version.ts'
import { backendProblems } from './backend-problems.ts'
import { checkLibrary } from './check-library.ts'
import { hostLibc } from './host-libc.ts'
import { koffiModule } from './koffi.ts'
import type { Koffi, NativeFunction, NativeLibrary } from './koffi.ts'
import { devicesOf, needed, wordsOf } from './library-facts.ts'
import type { LoadedFacts, Lookup } from './library-facts.ts'
import { loadFailure, notLoadable } from './load-failure.ts'
import { mappedLibraries } from './mapped-libraries.ts'
import { silence } from './silence.ts'
import { isInSystem, libraryFolders } from './system-libraries.ts'

/** The first build whose libraries find each other by themselves. */
const firstWithRunpath = 5809

/** A library in this process. It stays in its memory until the process ends. */
export interface LoadedLibrary {
  readonly facts: LoadedFacts
  /** Types are koffi's. `not-loadable` where there is no such function. */
  call(name: string, result: string, args: readonly string[]): NativeFunction
}

export interface OpenOptions {
  /** Its version, such as `b11429`; default '', which is taken as a new one. */
  readonly tag?: string
  /** Whether the library's own log, on stderr, is suppressed while it is loaded; default true. */
  readonly quiet?: boolean
}

/**
 * Loads a library into this process, with the neighbours that it needs in the order of their need, then its backends, and
 * asks it what it is. All of that is `not-loadable` when it fails, also when no backend shows a device. It holds up the
 * thread while the system's loader works: some seconds with CUDA.
 */
export async function openLibrary(path: string, options: OpenOptions = {}): Promise<LoadedLibrary> {
  const { tag = '', quiet = true } = options
  const libc = hostLibc()
  const dependencies = await checkLibrary(path, { arch: process.arch, glibc: libc?.version ?? null })
  const koffi = await koffiModule()
  const folder = dirname(path)
  if (process.platform === 'win32') await prepareWindows(koffi, folder)
  const global = process.platform !== 'win32' && (buildNumber(tag) ?? firstWithRunpath) < firstWithRunpath
  const handles: NativeLibrary[] = []
  for (const file of dependencies.order) handles.unshift(await loadFile(koffi, file, global, dependencies.outside))
  await checkOrigin(folder)

  const look: Lookup = (name, result, args) => lookIn(handles, name, result, args)
  const restore = quiet ? silence(koffi, look) : () => {}
  try {
    needed(look, 'llama_backend_init', 'void', [])()
    look('ggml_backend_load_all_from_path', 'void', ['str'])?.(folder)
    const devices = devicesOf(look, tag)
    const problems = await backendProblems(koffi, folder, devices.length === 0)
    if (devices.length === 0) throw noBackend(problems)
    const facts: LoadedFacts = { tag, libraryPath: path, devices, ...wordsOf(look), problems: problems.map((one) => one.message) }
    return { facts, call: (name, result, args) => needed(look, name, result, args) }
  } finally {
    restore()
  }
}
