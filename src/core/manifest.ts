import { SluiceError } from './errors.ts'
import { excerpt } from './excerpt.ts'
import { field, isRecord, refuseOtherCase, type JsonRecord } from './json-record.ts'
import { checkSizes, readAnnotations, readDescriptor, readMediaType, readPlatform } from './read-descriptor.ts'

/** What a manifest says of one blob. Checked: the digest is anchored, the size a whole number from 0 to 2^53 - 1. */
export interface Descriptor {
  readonly mediaType: string
  /** `sha256:` and 64 lower-case hex digits. */
  readonly digest: string
  /** Bytes. */
  readonly size: number
  /** What ollama calls the tensor or file in this blob. Of the registry's making, so no path as it is. */
  readonly name?: string
  readonly annotations: Readonly<Record<string, string>>
}

/** A manifest of one model or artifact (OCI image-spec `manifest.md`, Docker Image Manifest V2 Schema 2). */
export interface Manifest {
  readonly mediaType: string
  readonly artifactType: string | null
  readonly config: Descriptor
  readonly layers: readonly Descriptor[]
  readonly annotations: Readonly<Record<string, string>>
}

export interface Platform {
  readonly os: string
  readonly architecture: string
  readonly variant?: string
}

/** An index (OCI) or manifest list (Docker): one manifest for each platform. */
export interface ManifestIndex {
  readonly mediaType: string
  readonly manifests: ReadonlyArray<Descriptor & { readonly platform: Platform | null }>
}

export type ParsedManifest =
  | { readonly kind: 'manifest'; readonly manifest: Manifest }
  | { readonly kind: 'index'; readonly index: ManifestIndex }

const maxLayers = 10_000
const maxEntries = 1_000
const fields = new Set(['schemaVersion', 'mediaType', 'artifactType', 'config', 'layers', 'manifests', 'annotations'])
const nouns = { manifest: 'a manifest', index: 'an index' } as const
const usualTypes = {
  manifest: 'application/vnd.oci.image.manifest.v1+json',
  index: 'application/vnd.oci.image.index.v1+json',
} as const
const kinds: ReadonlyMap<string, ParsedManifest['kind']> = new Map([
  ['application/vnd.oci.image.manifest.v1+json', 'manifest'],
  ['application/vnd.oci.image.index.v1+json', 'index'],
  ['application/vnd.docker.distribution.manifest.v2+json', 'manifest'],
  ['application/vnd.docker.distribution.manifest.list.v2+json', 'index'],
])

/**
 * Reads what a registry sent as a manifest. Which of the two it is, its Content-Type says, else its own `mediaType`, else
 * its fields; where these contradict each other it is refused, so that nobody reads it otherwise than Sluice does
 * (CVE-2021-41190). Every digest and size is checked before anything is returned. Throws `bad-manifest`.
 */
export function parseManifest(text: string, contentType: string | null): ParsedManifest {
  const body = parseObject(text)
  if (field(body, 'schemaVersion') === 1)
    throw bad('The registry sent a manifest of the outdated schema version 1; Sluice reads version 2.')
  const sent = knownType(contentType?.split(';', 1)[0]?.trim().toLowerCase())
  const stated = knownType(field(body, 'mediaType'))
  const kind = kindOf(body, sent?.kind, stated?.kind)
  if (kind === null) throw noManifest(text)
  if (field(body, 'schemaVersion') !== 2) throw bad('The manifest is not of schema version 2.')
  refuseOtherCase(body, fields)
  const mediaType = stated?.mediaType ?? sent?.mediaType ?? usualTypes[kind]
  return kind === 'index'
    ? { kind, index: { mediaType, manifests: readEntries(body) } }
    : { kind, manifest: readManifest(body, mediaType) }
}

function knownType(value: unknown): { readonly mediaType: string; readonly kind: ParsedManifest['kind'] } | undefined {
  if (typeof value !== 'string') return undefined
  const kind = kinds.get(value)
  return kind === undefined ? undefined : { mediaType: value, kind }
}

function parseObject(text: string): JsonRecord {
  try {
    const body: unknown = JSON.parse(text)
    if (isRecord(body)) return body
  } catch (cause) {
    throw noManifest(text, cause)
  }
  throw noManifest(text)
}

function kindOf(
  body: JsonRecord,
  sent: ParsedManifest['kind'] | undefined,
  stated: ParsedManifest['kind'] | undefined,
): ParsedManifest['kind'] | null {
  const has = (key: string): boolean => (field(body, key) ?? null) !== null
  const isIndex = has('manifests')
  const isManifest = has('config') || has('layers')
  if (isIndex && isManifest) throw bad('What the registry sent is both a manifest and an index, so it is neither.')
  if (sent !== undefined && stated !== undefined && sent !== stated)
    throw bad(`The registry sent it as ${nouns[sent]}, but it calls itself ${nouns[stated]}.`)
  const said = sent ?? stated
  if (said === undefined) return isIndex ? 'index' : isManifest ? 'manifest' : null
  if (said === 'index' ? isManifest : isIndex)
    throw bad(`The registry sent ${nouns[said]} that has the fields of the other kind.`)
  return said
}

function readManifest(body: JsonRecord, mediaType: string): Manifest {
  const config = readDescriptor(field(body, 'config'), 'config')
  const layers = readList(field(body, 'layers'), 'layers', maxLayers).map((layer) => readDescriptor(layer, 'layer'))
  checkSizes([config, ...layers])
  const artifactType = field(body, 'artifactType') ?? null
  return {
    mediaType,
    artifactType: artifactType === null || artifactType === '' ? null : readMediaType(artifactType, 'artifact'),
    config,
    layers,
    annotations: readAnnotations(field(body, 'annotations')),
  }
}

function readEntries(body: JsonRecord): ManifestIndex['manifests'] {
  const entries = readList(field(body, 'manifests'), 'manifests', maxEntries).map((entry) => ({
    ...readDescriptor(entry, 'index entry'),
    platform: isRecord(entry) ? readPlatform(field(entry, 'platform')) : null,
  }))
  checkSizes(entries)
  return entries
}

/** Go writes an empty list as null. */
function readList(value: unknown, what: string, most: number): readonly unknown[] {
  if (value === null) return []
  if (!Array.isArray(value)) throw bad(`The ${what} of the manifest are missing or are no list.`)
  if (value.length > most) throw bad(`The manifest has ${value.length} ${what}; at most ${most} are allowed.`)
  return value
}

function noManifest(text: string, cause?: unknown): SluiceError {
  const start = text.trim() === '' ? 'nothing' : `"${excerpt(text.trim(), 100)}"`
  return new SluiceError('bad-manifest', `The registry sent no manifest but ${start}.`, { cause })
}

function bad(message: string): SluiceError {
  return new SluiceError('bad-manifest', message)
}
