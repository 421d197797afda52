import { createHash } from 'node:crypto'
import { makeContent } from '../faults/content.ts'
import type { Content } from '../faults/content.ts'

/** One blob of a fixture, with its bytes. */
export interface FixtureBlob {
  readonly mediaType: string
  /** `sha256:` and 64 hex digits. */
  readonly digest: string
  readonly size: number
  readonly content: Content
  readonly annotations?: Readonly<Record<string, string>>
}

/** A manifest, or an index of manifests, as a registry holds it. */
export interface FixtureModel {
  /** Between `/v2/` and `/manifests/`. */
  readonly repository: string
  /** Null: to be had by its digest alone. */
  readonly tag: string | null
  readonly mediaType: string
  readonly manifestBytes: Buffer
  /** `sha256:` and hex. */
  readonly manifestDigest: string
  /** Config first; for an index none of its own. */
  readonly blobs: readonly FixtureBlob[]
  /** The manifests of an index. */
  readonly children: readonly FixtureModel[]
}

export interface ModelOptions {
  /** `name`, which stands below `library/`, or `namespace/name`. Default `small`. */
  readonly name?: string
  readonly tag?: string | null
  /** Bytes of the model layer; default 300,000. */
  readonly size?: number
  readonly seed?: number
  /** The bytes of the model layer, in place of those that `seed` and `size` make. */
  readonly weights?: Content
}

export const DOCKER_MANIFEST = 'application/vnd.docker.distribution.manifest.v2+json'
const OCI_MANIFEST = 'application/vnd.oci.image.manifest.v1+json'
const OCI_INDEX = 'application/vnd.oci.image.index.v1+json'
const DOCKER_CONFIG = 'application/vnd.docker.container.image.v1+json'
const EMPTY_CONFIG = 'application/vnd.oci.empty.v1+json'

/**
 * A model as registry.ollama.ai has them: config, model, template, two licences, params and system. Its manifest has
 * unusual white space, so that one that was written anew differs.
 */
export function ollamaModel(options: ModelOptions = {}): FixtureModel {
  const { name = 'small', size = 300_000, seed = 1, weights = makeContent(seed, size) } = options
  const layer = (kind: string, text: string): FixtureBlob => textBlob(`application/vnd.ollama.image.${kind}`, text)
  const config = {
    model_format: 'gguf',
    model_family: 'llama',
    model_families: ['llama'],
    model_type: '1.2B',
    file_type: 'Q8_0',
    architecture: 'amd64',
    os: 'linux',
  }
  const blobs = [
    textBlob(DOCKER_CONFIG, JSON.stringify(config)),
    blobOf('application/vnd.ollama.image.model', weights),
    layer('template', `{{ .System }} {{ .Prompt }} of ${name}`),
    layer('license', `Licence one of ${name}\n`),
    layer('license', `Licence two of ${name}\n`),
    layer('params', '{"stop":["<|end|>"],"temperature":0.6}'),
    layer('system', `You are ${name}.`),
  ]
  const [first, ...layers] = blobs.map((blob) => JSON.stringify(descriptorOf(blob)))
  const bytes = Buffer.from(
    `{ "schemaVersion": 2,\n\t"mediaType": "${DOCKER_MANIFEST}",\n "config": ${first},\n "layers": [ ${layers.join(' ,\n  ')} ] }\n`,
  )
  return modelOf(options, DOCKER_MANIFEST, bytes, blobs)
}

/** An OCI manifest with the same blobs under another tag and the media types that every client of images knows. */
export function ociTwin(model: FixtureModel, tag: string): FixtureModel {
  const [config, ...layers] = model.blobs
  if (config === undefined) throw new Error('only a model with blobs has a twin')
  const twins = [
    { ...config, mediaType: 'application/vnd.oci.image.config.v1+json' },
    ...layers.map((blob) => ({ ...blob, mediaType: 'application/vnd.oci.image.layer.v1.tar' })),
  ]
  return { ...ociManifest({ name: model.repository, tag }, twins), repository: model.repository }
}

/** Two platforms and an attestation, which is no platform: linux/amd64 and linux/arm64 differ in every blob. */
export function modelIndex(options: ModelOptions = {}): FixtureModel {
  const { size = 300_000, seed = 1, name = 'small' } = options
  const amd64 = ollamaModel({ ...options, name, tag: null, seed })
  const arm64 = ollamaModel({ ...options, name, tag: null, seed: seed + 1, size: size + 1 })
  const attestation = ociManifest({ name, tag: null }, [
    textBlob('application/vnd.oci.image.config.v1+json', '{"architecture":"unknown","os":"unknown"}'),
    textBlob('application/vnd.in-toto+json', '{"_type":"https://in-toto.io/Statement/v0.1"}'),
  ])
  const marks = {
    'vnd.docker.reference.type': 'attestation-manifest',
    'vnd.docker.reference.digest': amd64.manifestDigest,
  }
  const manifests = [
    { ...childOf(attestation), annotations: marks, platform: { architecture: 'unknown', os: 'unknown' } },
    { ...childOf(amd64), platform: { architecture: 'amd64', os: 'linux' } },
    { ...childOf(arm64), platform: { architecture: 'arm64', os: 'linux', variant: 'v8' } },
  ]
  const bytes = Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType: OCI_INDEX, manifests }, undefined, 3))
  return modelOf(options, OCI_INDEX, bytes, [], [amd64, arm64, attestation])
}

/** Files under their titles, as oras pushes them. Default: two files, one of them in a folder. */
export function titledArtifact(
  options: ModelOptions = {},
  files: Readonly<Record<string, string>> = { 'notes.txt': 'Some notes.\n', 'weights/model.bin': 'w'.repeat(5000) },
): FixtureModel {
  const layers = Object.entries(files).map(([title, text]) => ({
    ...textBlob('application/octet-stream', text),
    annotations: { 'org.opencontainers.image.title': title },
  }))
  return ociManifest(options, [textBlob(EMPTY_CONFIG, '{}'), ...layers], 'application/vnd.example.notes.v1')
}

/** As `docker model package` pushes it. */
export function runnerModel(options: ModelOptions = {}): FixtureModel {
  const { size = 300_000, seed = 3 } = options
  const config = { config: { format: 'gguf', parameters: '1.2B', quantization: 'Q8_0' }, descriptor: {} }
  return ociManifest(options, [
    textBlob('application/vnd.docker.ai.model.config.v0.1+json', JSON.stringify(config)),
    {
      ...blobOf('application/vnd.docker.ai.gguf.v3', makeContent(seed, size)),
      annotations: { 'org.cncf.model.filepath': 'model.gguf' },
    },
    textBlob('application/vnd.docker.ai.license', 'A licence\n'),
    textBlob('application/vnd.docker.ai.chat.template.jinja', '{{ messages }}'),
  ])
}

/** As the CNCF ModelPack specification has it. */
export function modelPack(options: ModelOptions = {}): FixtureModel {
  const { size = 300_000, seed = 4 } = options
  const path = (file: string): Readonly<Record<string, string>> => ({ 'org.cncf.model.filepath': file })
  const config = { descriptor: { name: 'pack' }, modelfs: { type: 'layers', diffIds: [] }, config: {} }
  const layers = [
    {
      ...blobOf('application/vnd.cncf.model.weight.v1.raw', makeContent(seed, size)),
      annotations: path('w/model.gguf'),
    },
    {
      ...textBlob('application/vnd.cncf.model.weight.config.v1.raw', '{"n_ctx":2048}'),
      annotations: path('config.json'),
    },
    { ...textBlob('application/vnd.cncf.model.doc.v1.raw', '# A model\n'), annotations: path('README.md') },
  ]
  const first = textBlob('application/vnd.cncf.model.config.v1+json', JSON.stringify(config))
  return ociManifest(options, [first, ...layers], 'application/vnd.cncf.model.manifest.v1+json')
}

/** All blobs, those of an index's manifests included; equal digests once. */
export function allBlobs(model: FixtureModel): FixtureBlob[] {
  const blobs = [...model.blobs, ...model.children.flatMap(allBlobs)]
  return [...new Map(blobs.map((blob) => [blob.digest, blob])).values()]
}

/** The blob that takes the time. */
export function largestBlob(model: FixtureModel): FixtureBlob {
  const [largest] = allBlobs(model).toSorted((a, b) => b.size - a.size)
  if (largest === undefined) throw new Error('a fixture without blobs')
  return largest
}

/** Bytes of all blobs together. */
export function bytesOf(model: FixtureModel): number {
  return allBlobs(model).reduce((sum, { size }) => sum + size, 0)
}

function ociManifest(options: ModelOptions, blobs: readonly FixtureBlob[], artifactType?: string): FixtureModel {
  const [config, ...layers] = blobs.map(descriptorOf)
  const kind = artifactType === undefined ? {} : { artifactType }
  const manifest = { schemaVersion: 2, mediaType: OCI_MANIFEST, ...kind, config, layers }
  return modelOf(options, OCI_MANIFEST, Buffer.from(JSON.stringify(manifest, undefined, 2)), blobs)
}

function modelOf(
  { name = 'small', tag = 'latest' }: ModelOptions,
  mediaType: string,
  manifestBytes: Buffer,
  blobs: readonly FixtureBlob[],
  children: readonly FixtureModel[] = [],
): FixtureModel {
  const repository = name.includes('/') ? name : `library/${name}`
  const manifestDigest = digestOf(manifestBytes)
  return { repository, tag, mediaType, manifestBytes, manifestDigest, blobs, children }
}

function textBlob(mediaType: string, text: string): FixtureBlob {
  return blobOf(mediaType, contentOf(Buffer.from(text)))
}

function blobOf(mediaType: string, content: Content): FixtureBlob {
  return { mediaType, digest: `sha256:${content.sha256()}`, size: content.size, content }
}

/** Bytes that are given, as a content. */
export function contentOf(bytes: Buffer): Content {
  return {
    size: bytes.length,
    seed: bytes.length,
    read: (start, end) => bytes.subarray(start, end),
    sha256: () => digestOf(bytes).slice('sha256:'.length),
  }
}

function descriptorOf({ mediaType, digest, size, annotations }: FixtureBlob): object {
  return { mediaType, digest, size, ...(annotations === undefined ? {} : { annotations }) }
}

function childOf({ mediaType, manifestDigest, manifestBytes }: FixtureModel): object {
  return { mediaType, digest: manifestDigest, size: manifestBytes.length }
}

function digestOf(bytes: Buffer): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`
}
