import { createHash } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ReadyBlob } from '../../src/deliver/types.ts'

/** A small model in the shape of ollama's: config, weights, template. */
export interface MadeModel {
  readonly place: { readonly host: string; readonly namespace: string; readonly model: string; readonly tag: string }
  readonly mediaType: string
  readonly manifest: Buffer
  readonly manifestDigest: string
  /** Config, weights, template. */
  readonly contents: readonly Buffer[]
  readonly digests: readonly string[]
}

/** What ollama's registry sends. */
export const dockerType = 'application/vnd.docker.distribution.manifest.v2+json'
export const ociType = 'application/vnd.oci.image.manifest.v1+json'

export function madeModel(
  weights: Buffer = Buffer.from('weights'),
  tag = 'latest',
  mediaType: string = dockerType,
): MadeModel {
  const contents = [Buffer.from('{"model_format":"gguf"}'), weights, Buffer.from('{{ .Prompt }}')]
  const digests = contents.map(digestOf)
  const types = ['docker.container.image.v1+json', 'ollama.image.model', 'ollama.image.template']
  const [config, ...layers] = contents.map((bytes, index) => ({
    mediaType: `application/vnd.${types[index]}`,
    digest: digests[index],
    size: bytes.length,
  }))
  const manifest = Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType, config, layers }))
  const place = { host: 'registry.ollama.ai', namespace: 'library', model: 'made', tag }
  return { place, mediaType, manifest, manifestDigest: digestOf(manifest), contents, digests }
}

/** The blobs of a model as ready files in a folder. */
export function readyBlobs(dir: string, { contents, digests }: MadeModel): ReadyBlob[] {
  return contents.map((bytes, index) => {
    const path = join(dir, `ready-${index}`)
    writeFileSync(path, bytes)
    return { digest: digests[index]!, size: bytes.length, path }
  })
}

export function digestOf(bytes: Uint8Array): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`
}
