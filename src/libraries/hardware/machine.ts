import { access, constants, open, readdir } from 'node:fs/promises'
import { release } from 'node:os'
import { askChild } from '../load/ask-child.ts'
import { isInSystem, libraryFolders } from '../load/system-libraries.ts'
import { runProgram } from './run-program.ts'

/** A library of a driver that is asked in a process of its own. */
export type Native = 'nvml' | 'cuda' | 'vulkan'

/** All that detection asks of a machine. Nothing here fails: what cannot be had is null or empty. */
export interface Machine {
  readonly platform: string
  readonly arch: string
  readonly env: NodeJS.ProcessEnv
  /** `os.release()`, the version of the kernel. */
  readonly release: string
  /** The first 64 KiB of a file. */
  readonly readFile: (path: string) => Promise<string | null>
  /** Names in a folder, in order, at most 1024. */
  readonly readDir: (path: string) => Promise<readonly string[]>
  readonly exists: (path: string) => Promise<boolean>
  /** Whether this user may read and write it. */
  readonly usable: (path: string) => Promise<boolean>
  /** Whether the system has a library of that name. */
  readonly hasLibrary: (name: string) => Promise<boolean>
  /** What a program prints, null unless it ends well within 3 s. Never by a shell. */
  readonly run: (program: string, args: readonly string[]) => Promise<string | null>
  /** What a library of a driver says, or a sentence why it says nothing. */
  readonly ask: (native: Native) => Promise<{ readonly answer: unknown } | { readonly problem: string }>
  /** The report of Node about this process. */
  readonly report?: () => unknown
}

/** A fact and where it comes from. */
export interface Found<T> {
  readonly fact: T
  /** Sentences for people. */
  readonly notes: readonly string[]
}

const maxBytes = 64 * 1024
const maxNames = 1024
/** Milliseconds that one library may take. */
const nativePatience = 2500

/** The machine that this runs on, except for what is given. After `signal` nothing more is run or asked. */
export function thisMachine(given: Partial<Machine>, signal: AbortSignal): Machine {
  const { env = process.env, platform = process.platform, arch = process.arch } = given
  let folders: ReturnType<typeof libraryFolders> | null = null
  return {
    platform,
    arch,
    env,
    release: release(),
    readFile: readStart,
    readDir: async (path) => (await readdir(path).catch((): string[] => [])).sort().slice(0, maxNames),
    exists: (path) => mayAccess(path, constants.F_OK),
    usable: (path) => mayAccess(path, constants.R_OK | constants.W_OK),
    hasLibrary: async (name) => {
      const system = await (folders ??= libraryFolders(env, platform, arch))
      return system.folders.length > 0 && (await isInSystem(name, system))
    },
    run: (program, args) => runProgram(program, args, { env, signal }),
    ask: async (native) => {
      try {
        const entry = new URL('./native-child.ts', import.meta.url)
        const subject = `The library of ${subjects[native]}`
        return { answer: await askChild({ entry, question: native, env, deadlineMs: nativePatience, signal, subject }) }
      } catch (error) {
        if (signal.aborted) return { problem: 'The time for detection was over.' }
        return { problem: error instanceof Error ? error.message : String(error) }
      }
    },
    ...given,
  }
}

const subjects: Readonly<Record<Native, string>> = { nvml: 'the NVIDIA driver', cuda: 'CUDA', vulkan: 'Vulkan' }

/** Files of the kernel have no size that could be asked for first. */
async function readStart(path: string): Promise<string | null> {
  try {
    const file = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0))
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(maxBytes), 0, maxBytes, null)
      return buffer.toString('utf8', 0, bytesRead)
    } finally {
      await file.close()
    }
  } catch {
    // Not there, or not for this user: both mean that it tells nothing.
    return null
  }
}

async function mayAccess(path: string, mode: number): Promise<boolean> {
  return await access(path, mode).then(
    () => true,
    () => false,
  )
}
