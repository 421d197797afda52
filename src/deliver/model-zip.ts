import { constants } from 'node:fs'
import { open, rm } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
import { blobFileName } from '../core/blob-digest.ts'
import { SluiceError } from '../core/errors.ts'
import { diskError } from '../core/disk-error.ts'
import { readModelZip } from './read-model-zip.ts'
import { openZip } from './read-zip.ts'
import type { ManifestPlace, ReadyBlob } from './types.ts'
import { localHeaderSize } from './zip-format.ts'
import { createZipWriter } from './zip-writer.ts'

const { O_CREAT, O_EXCL, O_RDWR } = constants
// Windows has no such flag.
const noFollow = constants.O_NOFOLLOW ?? 0

export interface ModelZipParts {
  /** The file that becomes the zip. */
  readonly path: string
  /**
   * The blob that `path` holds already, behind `localHeaderSize(blobEntry(digest))` bytes of room. Null: `path` is new,
   * and all blobs are copied into it.
   */
  readonly base: { readonly digest: string; readonly size: number } | null
  readonly others: readonly ReadyBlob[]
  readonly manifest: { readonly place: ManifestPlace; readonly bytes: Uint8Array }
  /** Time of all entries; the same parts and time give the same bytes. */
  readonly mtime: Date
  readonly signal?: AbortSignal
  /** Bytes of blobs that are in the zip, and of all blobs. */
  readonly onProgress?: (done: number, total: number) => void
}

export interface ModelZipDescription {
  readonly models: ReadonlyArray<{ readonly place: ManifestPlace; readonly manifestBytes: Uint8Array }>
  readonly blobs: ReadonlyArray<{ readonly digest: string; readonly size: number }>
}

/** Name of a blob in a zip of a model. */
export function blobEntry(digest: string): string {
  return `blobs/${blobFileName(digest)}`
}

/** Name of a manifest in a zip of a model. */
function manifestEntry({ host, namespace, model, tag }: ManifestPlace): string {
  return `manifests/${host}/${namespace}/${model}/${tag}`
}

/**
 * Makes one zip (Store, zip64) of a model: its blobs, its manifest, and their folders. Synced when it is done. After a
 * failure a new file is gone again, and one with a base is as `restoreBase` leaves it; it may also be as a crash left it
 * before. Rejects with the reason of the signal, or a SluiceError of the disk; `size-mismatch` when a blob has not its size.
 */
export async function assembleModelZip(parts: ModelZipParts): Promise<void> {
  const { path, base } = parts
  const reserve = base === null ? 0 : localHeaderSize(blobEntry(base.digest))
  try {
    const file = await open(path, O_RDWR | noFollow | (base === null ? O_CREAT | O_EXCL : 0), 0o644)
    try {
      if (base !== null) await cutToBase(file, reserve + base.size)
      await writeModel(file, parts).catch(async (error: unknown) => {
        if (base === null) await rm(path, { force: true })
        else await eraseFront(file, reserve, reserve + base.size)
        throw error
      })
    } finally {
      await file.close()
    }
  } catch (error) {
    throw diskError(error, path)
  }
}

async function writeModel(file: FileHandle, parts: ModelZipParts): Promise<void> {
  const { base, manifest, mtime, signal, onProgress } = parts
  const others = parts.others.filter(({ digest }) => digest !== base?.digest)
  const total = others.reduce((sum, { size }) => sum + size, base?.size ?? 0)
  let done = 0
  const zip = createZipWriter(file, { mtime, signal, onBytes: (bytes) => onProgress?.((done += bytes), total) })
  if (base !== null) await zip.adopt(blobEntry(base.digest), base.size)
  await zip.addFolder('blobs/')
  for (const blob of others) await addBlob(blob)
  const { host, namespace, model } = manifest.place
  for (const folder of ['', `${host}/`, `${host}/${namespace}/`, `${host}/${namespace}/${model}/`]) {
    await zip.addFolder(`manifests/${folder}`)
  }
  await zip.addBytes(manifestEntry(manifest.place), manifest.bytes)
  signal?.throwIfAborted()
  await zip.finish()
  await file.sync()

  async function addBlob({ digest, size, path }: ReadyBlob): Promise<void> {
    const input = await open(path, constants.O_RDONLY | noFollow)
    try {
      if ((await input.stat()).size !== size)
        throw new SluiceError('size-mismatch', `A blob has not the size that it had: ${path}`)
      await zip.addFile(blobEntry(digest), { file: input, size })
    } finally {
      await input.close()
    }
  }
}

/** What a zip of models holds. All of its names, places and manifests are checked; the contents of blobs are not. */
export async function describeModelZip(path: string, signal?: AbortSignal): Promise<ModelZipDescription> {
  const zip = await openZip(path, signal)
  try {
    const { models, blobs } = await readModelZip(zip, signal)
    return {
      models: models.map(({ place, bytes }) => ({ place, manifestBytes: bytes })),
      blobs: Array.from(blobs, ([digest, { size }]) => ({ digest, size })),
    }
  } finally {
    zip.close()
  }
}

/**
 * Makes a file that became a zip, or was about to when the process ended, what it was before: `reserve` zero bytes and the
 * blob. Only its beginning and its end are written. Rejects with a SluiceError of the disk, or `size-mismatch` when it is
 * too short for that.
 */
export async function restoreBase(base: {
  readonly path: string
  readonly size: number
  readonly reserve: number
}): Promise<void> {
  const { path, reserve } = base
  try {
    const file = await open(path, O_RDWR | noFollow)
    try {
      await cutToBase(file, reserve + base.size)
      await eraseFront(file, reserve, reserve + base.size)
    } finally {
      await file.close()
    }
  } catch (error) {
    throw diskError(error, path)
  }
}

async function cutToBase(file: FileHandle, length: number): Promise<void> {
  const { size } = await file.stat()
  if (size < length) throw new SluiceError('size-mismatch', 'The blob that a zip was to be made of is not complete.')
  if (size > length) await file.truncate(length)
}

async function eraseFront(file: FileHandle, reserve: number, length: number): Promise<void> {
  await file.truncate(length)
  await file.write(Buffer.alloc(reserve), 0, reserve, 0)
  await file.sync()
}
