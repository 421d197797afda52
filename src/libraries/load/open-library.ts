import { readdir } from 'node:fs/promises'
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
import { realFile } from './real-file.ts'
import { silence } from './silence.ts'
import { isInSystem, libraryFolders } from './system-libraries.ts'

/** The first build whose libraries find each other by themselves. */
export const firstWithRunpath = 5809

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
  const file = await realFile(path)
  const dependencies = await checkLibrary(file, {
    platform: process.platform,
    arch: process.arch,
    glibc: libc?.version ?? null,
  })
  const koffi = await koffiModule()
  const folder = dirname(file)
  if (process.platform === 'win32') await prepareWindows(koffi, folder)
  const global = process.platform !== 'win32' && (buildNumber(tag) ?? firstWithRunpath) < firstWithRunpath
  const handles: NativeLibrary[] = []
  for (const one of dependencies.order) handles.unshift(await loadFile(koffi, one, global, dependencies.outside))
  await checkOrigin(folder)

  const look: Lookup = (name, result, args) => lookIn(handles, name, result, args)
  const restore = quiet ? silence(koffi, look) : () => {}
  try {
    needed(look, 'llama_backend_init', 'void', [])()
    look('ggml_backend_load_all_from_path', 'void', ['str'])?.(folder)
    const devices = devicesOf(look, tag)
    const problems = await backendProblems(koffi, folder, devices.length === 0)
    if (devices.length === 0) throw noBackend(problems)
    const facts: LoadedFacts = {
      tag,
      libraryPath: path,
      devices,
      ...wordsOf(look),
      problems: problems.map((one) => one.message),
    }
    return { facts, call: (name, result, args) => look(name, result, args) ?? lacks(name) }
  } finally {
    restore()
  }
}

/** Loads one file; a failure is told apart, with the names of what is missing. */
async function loadFile(
  koffi: Koffi,
  path: string,
  global: boolean,
  outside: readonly string[],
): Promise<NativeLibrary> {
  try {
    return koffi.load(path, { global })
  } catch (error) {
    const system = await libraryFolders()
    const absent: string[] = []
    for (const name of outside) if (!(await isInSystem(name, system))) absent.push(name)
    throw notLoadable(loadFailure(error, path, absent), error)
  }
}

function lacks(name: string): never {
  throw new SluiceError('not-loadable', `The library has no function ${excerpt(name)}.`, {
    hint: 'Functions differ between versions: see llama.h of this one.',
  })
}

/** LD_LIBRARY_PATH goes before the library's own folder: what came from elsewhere is another version. */
async function checkOrigin(folder: string): Promise<void> {
  const own = `${folder}${sep}`
  const foreign = (await mappedLibraries()).find((path) => !path.startsWith(own))
  if (foreign === undefined) return
  throw new SluiceError(
    'not-loadable',
    `${basename(foreign)} came from ${excerpt(dirname(foreign), 300)}, not from the folder of the library that was asked for.`,
    { hint: 'Take that folder out of LD_LIBRARY_PATH, and load one version in one process.' },
  )
}

/** The loaders of Linux and macOS search what a library was linked to as well; that of Windows does not. */
function lookIn(
  handles: readonly NativeLibrary[],
  name: string,
  result: string,
  args: readonly string[],
): NativeFunction | null {
  for (const handle of handles) {
    try {
      handle.symbol(name)
    } catch {
      // Not in this one.
      continue
    }
    return handle.func(name, result, [...args])
  }
  return null
}

/** Backends are found, with all that they need, only by the search path; an OpenMP runtime of the system would go first. */
async function prepareWindows(koffi: Koffi, folder: string): Promise<void> {
  const path = process.env['PATH'] ?? ''
  if (!path.split(delimiter).includes(folder)) process.env['PATH'] = `${folder}${delimiter}${path}`
  for (const name of await readdir(folder)) {
    if (/^libomp140.*\.dll$/i.test(name)) await loadFile(koffi, join(folder, name), false, [])
  }
}

function noBackend(problems: ReadonlyArray<{ readonly message: string; readonly hint?: string }>): SluiceError {
  const [first] = problems
  const reason =
    first === undefined ? 'no file of a backend is beside it, or none fits to this processor.' : first.message
  return notLoadable(
    {
      message: `The library has no backend for this machine: ${reason}`,
      ...(first?.hint === undefined ? {} : { hint: first.hint }),
    },
    problems.map((one) => one.message).join('\n'),
  )
}
