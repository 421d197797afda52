import { createHash } from 'node:crypto'
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { TestContext } from 'node:test'
import type { TreeEntry } from '../../src/deliver/archive-types.ts'
import { openLibraryCache } from '../../src/libraries/cache/open-library-cache.ts'
import type { LibraryCache, NewTree, TreeKey } from '../../src/libraries/types.ts'
import { temporaryFolder } from './temporary-folder.ts'

export interface CacheLab {
  /** Of the cache, in a folder of its own. */
  readonly dir: string
  readonly cache: LibraryCache
  readonly warnings: string[]
  /** Milliseconds since 1970 that the cache believes. */
  clock: number
}

export function cacheLab(t: TestContext, dir = join(temporaryFolder(t), 'llama')): CacheLab {
  const warnings: string[] = []
  const lab = { dir, warnings, clock: Date.now(), cache: openLibraryCache(dir, options()) }
  function options() {
    return { onWarning: (message: string) => void warnings.push(message), now: () => lab.clock }
  }
  return lab
}

export function treeKey(tag = 'b11429', part: Partial<TreeKey> = {}): TreeKey {
  return { repository: 'ggml-org/llama.cpp', tag, platform: { os: 'linux', arch: 'amd64' }, variant: 'cpu', ...part }
}

/** What is in a usual tree: content by path, links as `-> target`. */
export const usualFiles: Readonly<Record<string, string>> = {
  'llama-b1/libllama.so': '-> libllama.so.0',
  'llama-b1/libllama.so.0': '-> libllama.so.0.5.0',
  'llama-b1/libllama.so.0.5.0': 'the library',
  'llama-b1/libggml-base.so': 'the base',
  'llama-b1/LICENSE': 'MIT',
}

/** Fills a folder as unpacking does. */
export function fill(folder: string, contents = usualFiles, part: Partial<NewTree> = {}): NewTree {
  const files = Object.entries(contents).map(([path, text]): TreeEntry => {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    const target = /^-> (.*)$/.exec(text)?.[1]
    if (target !== undefined) {
      symlinkSync(target, join(folder, path))
      return { path, kind: 'link', size: 0, sha256: '', mode: 0o755, target }
    }
    writeFileSync(join(folder, path), text)
    chmodSync(join(folder, path), 0o755)
    return { path, kind: 'file', size: Buffer.byteLength(text), sha256: hex(text), mode: 0o755 }
  })
  return {
    asset: 'llama-bin-ubuntu-x64.tar.gz',
    sha256: hex(JSON.stringify(contents)),
    verifiedBy: 'api',
    companions: [],
    files,
    library: Object.keys(contents)[0] ?? '',
    ...part,
  }
}

export function hex(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
