import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { fillLibraryFolder, realTag } from './llama-library.ts'
import { tarBytes } from './tar-bytes.ts'
import type { TarPart } from './tar-bytes.ts'
import { zipBytes } from './zip-bytes.ts'

/** An archive as of a release for Linux or macOS: content by path below `llama-<tag>/`, links as `-> target`. */
export function tarOf(tag: string, files: Readonly<Record<string, string>>): Buffer {
  const parts = Object.entries(files).map(([path, text]): TarPart => {
    const target = /^-> (.*)$/.exec(text)?.[1]
    const name = `llama-${tag}/${path}`
    return target === undefined ? { name, data: text, mode: 0o755 } : { name, type: '2', target }
  })
  return gzipSync(tarBytes(parts))
}

/** The same for Windows: flat. */
export function zipOf(files: Readonly<Record<string, string>>): Buffer {
  return zipBytes(Object.entries(files).map(([name, data]) => ({ name, data, deflate: true })))
}

/** What a build for Linux has at least; `what` tells builds apart. */
export function linuxFiles(what: string): Record<string, string> {
  return {
    'libllama.so': '-> libllama.so.0',
    'libllama.so.0': `llama ${what}`,
    'libggml.so': `ggml ${what}`,
    LICENSE: 'MIT',
  }
}

/** The real libraries as the archive of a release, with two of their backends for the CPU. */
export async function realArchive(): Promise<Buffer> {
  const stage = mkdtempSync(join(tmpdir(), 'sluice-stage-'))
  try {
    await fillLibraryFolder(stage, { backends: /-(x64|haswell)\.so$/ })
    const archive = join(stage, '..', `${stage.slice(stage.lastIndexOf('/') + 1)}.tar.gz`)
    try {
      execFileSync('tar', ['-C', stage, '-czf', archive, '--transform', `s,^\\.,llama-${realTag},S`, '.'])
      return readFileSync(archive)
    } finally {
      rmSync(archive, { force: true })
    }
  } finally {
    rmSync(stage, { recursive: true, force: true })
  }
}
