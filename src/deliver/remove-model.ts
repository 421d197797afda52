import { lstat, rename, rmdir, unlink } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { displayPlace } from '../core/model-name.ts'
import { diskError, errorCode } from '../core/disk-error.ts'
import { blobPath } from './ollama-context.ts'
import type { StoreContext } from './ollama-context.ts'
import { blobsOf, pickByName } from './ollama-models.ts'
import { findManifests } from './ollama-manifests.ts'
import { checkFolders } from './ollama-place.ts'
import { makeStoreFolder, syncFolder, temporaryName } from './store-files.ts'
import type { RemovedModel } from './types.ts'

/**
 * See `OllamaStore.remove`. The manifest goes first, so that a crash leaves blobs too many, never one too few. A blob is
 * moved aside before the manifests are read again, and comes back if one of them needs it: `addManifest` looks for the
 * blobs after the manifest has its name, so either it misses the blob or this reading sees the manifest.
 */
export async function removeModel(context: StoreContext, name: string): Promise<RemovedModel> {
  const { path, place, manifest } = pickByName(await findManifests(context.manifests), name)
  try {
    await checkFolders(context.manifests, [place.host, place.namespace, place.model, place.tag])
    await unlink(path)
    await removeEmptyFolders(dirname(path), context.manifests)
  } catch (error) {
    throw diskError(error, path)
  }
  const digests = manifest ? blobsOf(manifest).map(({ digest }) => digest) : []
  const unused = await unusedOf(context, digests)
  const aside: Aside[] = []
  if (unused.length > 0) await makeStoreFolder(context.partialDir, await context.owner())
  for (const digest of unused) {
    const moved = await moveAside(context, digest)
    if (moved) aside.push(moved)
  }
  const stillUnused = new Set(aside.length === 0 ? [] : await unusedOf(context, unused))
  let blobs = 0
  let bytes = 0
  for (const { digest, from, to, size } of aside) {
    try {
      if (!stillUnused.has(digest)) {
        await rename(to, from)
        continue
      }
      await unlink(to)
    } catch (error) {
      throw diskError(error, to)
    }
    blobs += 1
    bytes += size
  }
  if (aside.length > 0) await syncFolder(context.blobs)
  await context.verified.drop([...stillUnused])
  return { name: displayPlace(place), blobs, bytes }
}

/** Those of the blobs that no manifest needs; none as long as a manifest cannot be read. */
async function unusedOf({ manifests, warn }: StoreContext, digests: readonly string[]): Promise<string[]> {
  if (digests.length === 0) return []
  const found = await findManifests(manifests)
  const unknown = found.find(({ needs }) => needs === null)
  if (unknown) {
    warn(
      `The blobs of the model were left in place, as nobody knows which of them this needs, which cannot be read: ${unknown.path}`,
    )
    return []
  }
  const used = new Set(found.flatMap(({ needs }) => needs ?? []))
  return digests.filter((digest) => !used.has(digest))
}

interface Aside {
  readonly digest: string
  readonly from: string
  readonly to: string
  /** Bytes that its end frees: none where another name keeps them. */
  readonly size: number
}

async function moveAside(context: StoreContext, digest: string): Promise<Aside | null> {
  const from = blobPath(context, digest)
  try {
    const file = await lstat(from)
    // A folder is nothing that was installed.
    if (file.isDirectory()) return null
    const size = file.isFile() && file.nlink === 1 ? file.size : 0
    return { digest, from, to: await moveOut(context, from), size }
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return null
    throw diskError(error, from)
  }
}

async function moveOut({ partialDir, blobs }: StoreContext, from: string): Promise<string> {
  const name = temporaryName()
  try {
    await rename(from, join(partialDir, name))
    return join(partialDir, name)
  } catch (error) {
    // The blobs are on a disk of their own; the name is there for a moment only.
    if (errorCode(error) !== 'EXDEV') throw error
    await rename(from, join(blobs, name))
    return join(blobs, name)
  }
}

async function removeEmptyFolders(folder: string, root: string): Promise<void> {
  for (let path = folder; path !== root; path = dirname(path)) {
    try {
      await rmdir(path)
    } catch (error) {
      const code = errorCode(error)
      if (code === 'ENOTEMPTY' || code === 'EEXIST') return syncFolder(path)
      if (code !== 'ENOENT') throw error
    }
  }
  await syncFolder(root)
}
