import { createHash } from 'node:crypto'
import { SluiceError } from '../core/errors.ts'

const dockerManifest = 'application/vnd.docker.distribution.manifest.v2+json'
const ociManifest = 'application/vnd.oci.image.manifest.v1+json'

/** Types of Docker that have one of OCI for the same content (image-spec, media-types.md). Others stay as they are. */
const ociTypes: ReadonlyMap<unknown, string> = new Map([
  ['application/vnd.docker.container.image.v1+json', 'application/vnd.oci.image.config.v1+json'],
  ['application/vnd.docker.image.rootfs.diff.tar', 'application/vnd.oci.image.layer.v1.tar'],
  ['application/vnd.docker.image.rootfs.diff.tar.gzip', 'application/vnd.oci.image.layer.v1.tar+gzip'],
  ['application/vnd.docker.image.rootfs.diff.tar.zstd', 'application/vnd.oci.image.layer.v1.tar+zstd'],
])

export interface LayoutManifest {
  readonly bytes: Uint8Array
  readonly digest: string
  readonly mediaType: string
}

/**
 * The manifest as a layout has it: an OCI manifest byte for byte, one of Docker written anew as OCI, with the same blobs
 * and another digest. Readers of layouts look for OCI manifests only.
 */
export function toOciManifest(manifest: LayoutManifest): LayoutManifest {
  if (manifest.mediaType !== dockerManifest) return manifest
  const read: unknown = JSON.parse(Buffer.from(manifest.bytes).toString())
  if (!isObject(read) || !isObject(read['config']) || !Array.isArray(read['layers']))
    throw new SluiceError('internal', 'A manifest for an image layout was not checked.')
  const written = {
    ...read,
    schemaVersion: 2,
    mediaType: ociManifest,
    config: toOciType(read['config']),
    layers: read['layers'].map(toOciType),
  }
  const bytes = Buffer.from(JSON.stringify(written))
  const digest = `sha256:${createHash('sha256').update(bytes).digest('hex')}`
  return { bytes, digest, mediaType: ociManifest }
}

function toOciType(descriptor: unknown): unknown {
  if (!isObject(descriptor)) return descriptor
  const mediaType = ociTypes.get(descriptor['mediaType']) ?? descriptor['mediaType']
  return { ...descriptor, mediaType }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
