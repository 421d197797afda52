import { chmod, realpath, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { createHash } from 'node:crypto'
import { digestHex } from '../core/blob-digest.ts'
import { SluiceError } from '../core/errors.ts'
import { diskError } from '../core/disk-error.ts'
import { fileHasDigest } from './file-digest.ts'
import { makeFoldersBelow } from './folders-below.ts'
import { makeFolder } from './make-folder.ts'
import { layoutFile, nextIndex, readLayout } from './oci-index.ts'
import { toOciManifest } from './oci-manifest.ts'
import type { LayoutManifest } from './oci-manifest.ts'
import { linkOrCopy, linkWhereFree } from './place-file.ts'
import { syncFolder, temporaryName, writeTemporary } from './store-files.ts'
import type { ReadyBlob } from './types.ts'

export interface LayoutRequest {
  readonly dir: string
  readonly blobs: readonly ReadyBlob[]
  /** As the registry sent it. */
  readonly manifest: LayoutManifest
  /** What the layout calls it: `latest`. */
  readonly refName: string
  readonly signal?: AbortSignal
}

/**
 * Writes an OCI image layout (image-spec, image-layout.md): its marker, blobs, the manifest as one of them (see
 * `toOciManifest`), and last `index.json`, at once as a whole. A layout that is there is added to; what had the same name in its index is no longer named. Ready files
 * stay; on the same disk both names are one file, so a ready file is to be removed afterwards and not to be changed.
 * Gives the path of the folder, links resolved.
 * @throws SluiceError `target-exists` when the folder holds something else or a damaged layout, those of the disk; or the
 * reason of the signal
 */
export async function writeOciLayout(request: LayoutRequest): Promise<{ path: string }> {
  const { dir, blobs, refName, signal } = request
  if (`sha256:${createHash('sha256').update(request.manifest.bytes).digest('hex')}` !== request.manifest.digest)
    throw new SluiceError('internal', 'The manifest for an image layout has not its digest.')
  const manifest = toOciManifest(request.manifest)
  try {
    await makeFolder(dir)
    const root = await realpath(dir)
    const before = await readLayout(root)
    // First, so that the folder is known for a layout however early this ends.
    if (before === null) await writeWhole(root, 'oci-layout', Buffer.from(layoutFile))
    const folder = await makeFoldersBelow(root, ['blobs', 'sha256'])
    for (const blob of blobs) {
      signal?.throwIfAborted()
      await addBlob(folder, blob, signal)
    }
    const size = manifest.bytes.length
    await writeWhole(folder, digestHex(manifest.digest), manifest.bytes)
    const index = nextIndex(before, { mediaType: manifest.mediaType, digest: manifest.digest, size }, refName)
    await writeWhole(root, 'index.json', Buffer.from(index))
    return { path: root }
  } catch (error) {
    throw diskError(error, dir)
  }
}

/** One that is there stays if it has its digest. */
async function addBlob(folder: string, blob: ReadyBlob, signal?: AbortSignal): Promise<void> {
  const path = join(folder, digestHex(blob.digest))
  if (await fileHasDigest(path, blob, signal)) return
  if (await linkWhereFree(blob.path, path)) return chmod(path, 0o644)
  const temporary = join(folder, temporaryName())
  try {
    await linkOrCopy(blob.path, temporary)
    await chmod(temporary, 0o644)
    await rename(temporary, path)
  } finally {
    await rm(temporary, { force: true })
  }
  await syncFolder(folder)
}

async function writeWhole(folder: string, name: string, bytes: Uint8Array): Promise<void> {
  const temporary = await writeTemporary(folder, bytes, { owner: null, time: new Date() })
  try {
    await rename(temporary, join(folder, name))
  } catch (error) {
    await rm(temporary, { force: true })
    throw error
  }
  await syncFolder(folder)
}
