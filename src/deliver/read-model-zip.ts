import { createHash } from 'node:crypto'
import { crc32 } from 'node:zlib'
import { SluiceError } from '../core/errors.ts'
import { parseManifest } from '../core/manifest.ts'
import type { Manifest } from '../core/manifest.ts'
import { parsePlace } from '../core/model-name.ts'
import { badArchive, showEntry } from './bad-archive.ts'
import { openZip } from './read-zip.ts'
import type { OpenZip, ZipEntry } from './read-zip.ts'
import type { ManifestPlace } from './types.ts'

/** As much as registries may send; all manifests of one zip together may have this many times as much. */
const maxManifestBytes = 4 * 1024 * 1024
const maxManifestsAtOnce = 16

export interface ModelInZip {
  readonly place: ManifestPlace
  /** As they stand in the zip. */
  readonly bytes: Uint8Array
  readonly manifest: Manifest
}

export interface ModelZip {
  /** At least one. */
  readonly models: readonly ModelInZip[]
  /** By digest. Their contents were not read. */
  readonly blobs: ReadonlyMap<string, ZipEntry>
}

/**
 * Reads what a zip of models holds: `blobs/sha256-<hex>`, `manifests/<host>/<namespace>/<model>/<tag>`, their folders, and
 * nothing else.
 * @throws SluiceError `bad-archive` for any other entry, a manifest that is none, or a blob of another size than it says
 */
export async function readModelZip(zip: OpenZip, signal?: AbortSignal): Promise<ModelZip> {
  const blobs = new Map<string, ZipEntry>()
  const found: Array<readonly [ManifestPlace, ZipEntry]> = []
  for (const entry of zip.entries) {
    const hex = /^blobs\/sha256-([0-9a-f]{64})$/.exec(entry.name)?.[1]
    if (entry.folder) {
      if (!/^(?:blobs|manifests(?:\/[^/]+){0,3})$/.test(entry.name)) throw foreign(entry)
    } else if (hex !== undefined) blobs.set(`sha256:${hex}`, entry)
    else found.push([placeOf(entry), entry])
  }
  if (found.length === 0) throw badArchive('The zip file holds no manifest of a model.')
  const bytes = found.reduce((sum, [, { size }]) => sum + size, 0)
  if (bytes > maxManifestBytes * maxManifestsAtOnce) throw badArchive('The manifests of the zip file are too large.')

  const models: ModelInZip[] = []
  for (const [place, entry] of found) models.push(await readModel(place, entry, signal))
  checkSizes(models, blobs)
  return { models, blobs }
}

/** All blobs of a model, in the order of its manifest. */
export function blobsOf({ manifest }: ModelInZip): ReadonlyArray<{ readonly digest: string; readonly size: number }> {
  return [manifest.config, ...manifest.layers]
}

/** Whether each blob of a zip of models is what its name says. Reads all of them. */
export async function isModelZipGood(path: string, signal?: AbortSignal): Promise<boolean> {
  const zip = await openZip(path, signal)
  try {
    const { blobs } = await readModelZip(zip, signal)
    for (const [digest, entry] of blobs) {
      const hash = createHash('sha256')
      for await (const piece of entry.pieces(signal)) hash.update(piece)
      if (`sha256:${hash.digest('hex')}` !== digest) return false
    }
    return true
  } catch (error) {
    if (error instanceof SluiceError && error.code === 'bad-archive') return false
    throw error
  } finally {
    zip.close()
  }
}

function foreign({ name }: ZipEntry): SluiceError {
  return badArchive(`The entry ${showEntry(name)} does not belong into a zip file of models.`)
}

function placeOf(entry: ZipEntry): ManifestPlace {
  const [top, ...parts] = entry.name.split('/')
  const place = top === 'manifests' ? parsePlace(parts) : null
  if (place === null) throw foreign(entry)
  return place
}

async function readModel(place: ManifestPlace, entry: ZipEntry, signal?: AbortSignal): Promise<ModelInZip> {
  const name = showEntry(entry.name)
  if (entry.size > maxManifestBytes) throw badArchive(`The manifest ${name} is too large.`)
  const bytes = Buffer.alloc(entry.size)
  let length = 0
  for await (const piece of entry.pieces(signal)) {
    bytes.set(piece, length)
    length += piece.length
  }
  // Nothing but this checksum says whether a manifest is as it was: its name is no digest.
  if (length !== entry.size || crc32(bytes) !== entry.crc) throw badArchive(`The manifest ${name} is damaged.`)
  try {
    const parsed = parseManifest(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes), null)
    if (parsed.kind === 'manifest') return { place, bytes, manifest: parsed.manifest }
  } catch (error) {
    throw badArchive(`The manifest ${name} cannot be read.`, error)
  }
  throw badArchive(`The manifest ${name} is an index of several.`)
}

function checkSizes(models: readonly ModelInZip[], blobs: ReadonlyMap<string, ZipEntry>): void {
  const sizes = new Map<string, number>(Array.from(blobs, ([digest, { size }]) => [digest, size]))
  for (const { digest, size } of models.flatMap(blobsOf)) {
    if ((sizes.get(digest) ?? size) !== size)
      throw badArchive(`The zip file is at odds with itself about the size of blob ${digest.slice(7, 19)}.`)
    sizes.set(digest, size)
  }
}
