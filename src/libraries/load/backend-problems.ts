import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Koffi } from './koffi.ts'
import { loadFailure } from './load-failure.ts'
import type { Failure } from './load-failure.ts'
import { readDependencies } from './read-dependencies.ts'
import { isInSystem, libraryFolders } from './system-libraries.ts'

const maxBackends = 64

/**
 * Why backends in a folder cannot be loaded. llama.cpp passes over them in silence, so they are loaded once more, which
 * changes nothing for those that are loaded. Those for the CPU only if `withCpu`: of its many variants one is enough.
 */
export async function backendProblems(koffi: Koffi, folder: string, withCpu: boolean): Promise<Failure[]> {
  const names = (await readdir(folder)).filter((name) => /^(?:lib)?ggml-[a-z\d_-]+\.(?:so|dll|dylib)$/i.test(name))
  const wanted = names.filter((name) => !/ggml-base\b/.test(name) && (withCpu || !/ggml-cpu\b/.test(name)))
  const problems = new Map<string, Failure>()
  for (const name of wanted.sort().slice(0, maxBackends)) {
    const path = join(folder, name)
    try {
      koffi.load(path)
    } catch (error) {
      const failure = loadFailure(error, path, await absentFor(path))
      const reason = failure.message.replaceAll(name, '')
      if (!problems.has(reason)) problems.set(reason, failure)
    }
  }
  return [...problems.values()]
}

/** What the system lacks for one file. */
async function absentFor(path: string): Promise<string[]> {
  try {
    const { outside } = await readDependencies(path)
    const system = await libraryFolders()
    const absent: string[] = []
    for (const name of outside) if (!(await isInSystem(name, system))) absent.push(name)
    return absent
  } catch {
    // Its header cannot be read: what the loader said is then all that is known.
    return []
  }
}
