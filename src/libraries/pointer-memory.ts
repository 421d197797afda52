import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { field, isRecord } from '../core/json-record.ts'
import { buildNumber } from '../core/llama-version.ts'
import { makeFolder } from '../transfer/make-folder.ts'
import { folders } from './cache/cache-context.ts'

/** Which builds the releases `vX.Y.Z` have led to, so that they are known without network. Only advice. */
export interface PointerMemory {
  /** Null where it is not known. */
  recall(repository: string, tag: string): Promise<string | null>
  remember(repository: string, tag: string, build: string): Promise<void>
}

const maxPointers = 200

/** Keeps them in a file below the folder of a cache. A damaged one is empty, one that cannot be written costs nothing. */
export function openPointerMemory(cacheDir: string): PointerMemory {
  const folder = join(cacheDir, folders.api)
  const path = join(folder, 'pointers.json')
  async function read(): Promise<Record<string, unknown>> {
    try {
      const json: unknown = JSON.parse(await readFile(path, 'utf8'))
      return isRecord(json) ? json : {}
    } catch {
      return {}
    }
  }
  return {
    async recall(repository, tag) {
      const build = field(await read(), keyOf(repository, tag))
      return typeof build === 'string' && buildNumber(build) !== null ? build : null
    },
    async remember(repository, tag, build) {
      const known = await read()
      if (field(known, keyOf(repository, tag)) === build) return
      const entries = [...Object.entries(known), [keyOf(repository, tag), build]].slice(-maxPointers)
      try {
        makeFolder(folder)
        await writeFile(path, JSON.stringify(Object.fromEntries(entries)))
      } catch {
        // A folder that cannot be written to is told by whoever needs it.
      }
    },
  }
}

function keyOf(repository: string, tag: string): string {
  return `${repository.toLowerCase()}@${tag}`
}
