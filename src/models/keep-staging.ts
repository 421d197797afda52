import { copyFile, link, rm, writeFile } from 'node:fs/promises'
import { constants } from 'node:fs'
import { join } from 'node:path'
import { blobFileName } from '../core/blob-digest.ts'
import { makeFolder } from '../deliver/make-folder.ts'
import type { ManifestPlace, ReadyBlob } from '../deliver/types.ts'

/** Shows a model as a staging folder: `models/blobs` as links (copies on other disks), `models/manifests` beside it. */
export async function keepStaging(
  staging: string,
  blobs: readonly ReadyBlob[],
  place: ManifestPlace,
  manifest: Uint8Array,
): Promise<void> {
  const folder = join(staging, 'models', 'blobs')
  await makeFolder(folder)
  for (const { digest, path } of blobs) await linkOrCopy(path, join(folder, blobFileName(digest)))
  await writeStagedManifest(staging, place, manifest)
}

export async function writeStagedManifest(staging: string, place: ManifestPlace, manifest: Uint8Array): Promise<void> {
  const folder = join(staging, 'models', 'manifests', place.host, place.namespace, place.model)
  await makeFolder(folder)
  await writeFile(join(folder, place.tag), manifest)
}

async function linkOrCopy(from: string, to: string): Promise<void> {
  await rm(to, { force: true })
  try {
    await link(from, to)
  } catch {
    // Another disk, or one without links.
    await copyFile(from, to, constants.COPYFILE_FICLONE)
  }
}
