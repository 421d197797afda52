import { lstat, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { isGone } from './walk-tree.ts'

/** Bytes of a file, or of all files in a folder, without holes; links are not followed, what is gone counts nothing. */
export async function measure(path: string): Promise<number> {
  return (await look(path)).bytes
}

/** When anything of it was written to last, ms since 1970; 0 for what is gone. */
export async function lastWritten(path: string): Promise<number> {
  return (await look(path)).modifiedMs
}

async function look(path: string): Promise<{ readonly bytes: number; readonly modifiedMs: number }> {
  try {
    const file = await lstat(path)
    if (file.isFile()) {
      // Systems that count no blocks tell 0.
      const bytes = file.blocks > 0 ? Math.min(file.size, file.blocks * 512) : file.size
      return { bytes, modifiedMs: file.mtimeMs }
    }
    if (!file.isDirectory()) return { bytes: 0, modifiedMs: file.mtimeMs }
    let bytes = 0
    let modifiedMs = file.mtimeMs
    for (const name of await readdir(path)) {
      const inner = await look(join(path, name))
      bytes += inner.bytes
      modifiedMs = Math.max(modifiedMs, inner.modifiedMs)
    }
    return { bytes, modifiedMs }
  } catch (error) {
    if (isGone(error)) return { bytes: 0, modifiedMs: 0 }
    throw error
  }
}
