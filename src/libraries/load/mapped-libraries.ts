import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'

/**
 * The files of llama.cpp in the memory of this process, absolute and without links, whoever loaded them. Empty on systems
 * that do not tell (other than Linux).
 */
export async function mappedLibraries(read: () => Promise<string> = readMaps): Promise<string[]> {
  const found = new Set<string>()
  for (const line of (await read()).split('\n')) {
    const path = /^\S+ \S+ \S+ \S+ \d+\s+(\/.*)$/.exec(line)?.[1]?.replace(/ \(deleted\)$/, '')
    if (path !== undefined && /^lib(?:llama|ggml)(?:[-.].*)?\.so(?:\.|$)/.test(basename(path))) found.add(path)
  }
  return [...found]
}

async function readMaps(): Promise<string> {
  return process.platform === 'linux' ? await readFile('/proc/self/maps', 'utf8') : ''
}
