import { createHash } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { openOllamaStore } from '../../src/deliver/ollama-store.ts'
import type { OpenStore } from '../../src/deliver/ollama-store.ts'
import type { ManifestPlace } from '../../src/deliver/types.ts'
import { temporaryFolder } from './temporary-folder.ts'

export interface StoreLab {
  readonly dir: string
  readonly store: OpenStore
  /** All that was told. */
  readonly warnings: string[]
  /** The store's time, ms since 1970; the real one to begin with. */
  now: number
}

export interface SmallModel {
  readonly place: ManifestPlace
  readonly bytes: Buffer
  readonly blobs: ReadonlyArray<{ readonly digest: string; readonly content: Buffer }>
}

/** A store in a new folder, prepared. */
export async function storeLab(t: TestContext, dir = join(temporaryFolder(t), 'models')): Promise<StoreLab> {
  const warnings: string[] = []
  const lab = { dir, warnings, now: Date.now() }
  const store = openOllamaStore(dir, { now: () => lab.now, onWarning: (message) => warnings.push(message) })
  await store.prepare()
  return Object.assign(lab, { store })
}

export function digestOf(content: Uint8Array): string {
  return `sha256:${createHash('sha256').update(content).digest('hex')}`
}

const details = { model_format: 'gguf', model_family: 'llama', model_type: '8.0B', file_type: 'Q4_0' }

/** A model whose layers are the texts; its manifest has white space of its own. Configs are one blob unless given. */
export function smallModel(
  place: Partial<ManifestPlace>,
  texts: readonly string[] = [`weights of ${place.model ?? 'small'}`],
  config: string = JSON.stringify(details),
): SmallModel {
  const contents = [config, ...texts].map((text) => Buffer.from(text))
  const blobs = contents.map((content) => ({ digest: digestOf(content), content }))
  const [first, ...layers] = blobs.map(({ digest, content }, index) => ({
    mediaType: index === 0 ? 'application/vnd.docker.container.image.v1+json' : 'application/vnd.ollama.image.model',
    digest,
    size: content.length,
  }))
  const mediaType = 'application/vnd.docker.distribution.manifest.v2+json'
  return {
    place: { host: 'registry.ollama.ai', namespace: 'library', model: 'small', tag: 'latest', ...place },
    bytes: Buffer.from(`${JSON.stringify({ schemaVersion: 2, mediaType, config: first, layers }, null, 1)} \n`),
    blobs,
  }
}

let numbers = 0

/** Brings the blobs of a model, and then its manifest unless it is to be left out; gives the path. */
export async function install(
  store: OpenStore,
  model: SmallModel,
  until: 'blobs' | 'manifest' = 'manifest',
): Promise<string> {
  for (const { digest, content } of model.blobs) {
    const path = join(store.partialDir, `arrived-${(numbers += 1)}`)
    writeFileSync(path, content)
    await store.addBlob({ digest, size: content.length, path })
  }
  return until === 'blobs' ? '' : store.addManifest(model.place, model.bytes)
}

export function blobFile(dir: string, digest: string): string {
  return join(dir, 'blobs', digest.replace(':', '-'))
}

/** Puts a file where manifests are, as another program would. */
export function strayManifest(dir: string, parts: readonly string[], content: string | Uint8Array): string {
  mkdirSync(join(dir, 'manifests', ...parts.slice(0, -1)), { recursive: true })
  const path = join(dir, 'manifests', ...parts)
  writeFileSync(path, content)
  return path
}
