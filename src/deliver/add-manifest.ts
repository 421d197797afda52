import { lutimes, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { parseManifest } from '../core/manifest.ts'
import type { Descriptor } from '../core/manifest.ts'
import { SluiceError } from '../core/errors.ts'
import { diskError, errorCode } from '../core/disk-error.ts'
import { statOrNull } from './ollama-blobs.ts'
import { blobPath } from './ollama-context.ts'
import type { StoreContext } from './ollama-context.ts'
import { blobsOf } from './ollama-models.ts'
import { checkFolders, checkPlace, findPlace } from './ollama-place.ts'
import { readSmallFile } from './read-small-file.ts'
import { makeStoreFolder, moveInto, syncFolder, writeTemporary } from './store-files.ts'
import type { ManifestPlace } from './types.ts'

/** How often the folders are made again when another process removes them as empty at the same moment. */
const mostAttempts = 5

/** See `OllamaStore.addManifest`. */
export async function addManifest(context: StoreContext, place: ManifestPlace, bytes: Uint8Array): Promise<string> {
  checkPlace(place, context.platform)
  const parsed = parseManifest(Buffer.from(bytes).toString(), null)
  if (parsed.kind !== 'manifest')
    throw new SluiceError('bad-manifest', 'An index of manifests cannot be installed, only one of its models.')
  const blobs = blobsOf(parsed.manifest)
  const { manifests } = context
  let path = manifests
  try {
    await checkBlobs(context, blobs)
    const { parts } = await findPlace(manifests, place)
    await checkFolders(manifests, parts)
    path = join(manifests, ...parts)
    if (!(await refresh(path, bytes, context.now()))) await write(context, path, bytes)
    // Again, for a process that removes a model with the same blobs: it reads the manifests after it took the blobs away.
    await checkBlobs(context, blobs).catch(async (error: unknown) => {
      await rm(path, { force: true })
      throw error
    })
    return path
  } catch (error) {
    throw diskError(error, path)
  }
}

async function checkBlobs(context: StoreContext, blobs: readonly Descriptor[]): Promise<void> {
  for (const { digest, size } of blobs) {
    const file = await statOrNull(blobPath(context, digest))
    if (file?.isFile() && file.size === size) continue
    throw new SluiceError('disk', `Blob ${digest} is not in the store any more, so the model was not installed.`, {
      hint: 'Another program removed it. Pull the model again to fetch it.',
    })
  }
}

/** The same bytes that are there already only get the time of now; false when others, or none, are there. */
async function refresh(path: string, bytes: Uint8Array, time: Date): Promise<boolean> {
  try {
    const there = await readSmallFile(path, bytes.length)
    if (!there?.bytes.equals(bytes)) return false
    await lutimes(path, time, time)
    return true
  } catch (error) {
    if (errorCode(error) === undefined) throw error
    return false
  }
}

async function write(context: StoreContext, path: string, bytes: Uint8Array): Promise<void> {
  const marks = await context.marks()
  await makeStoreFolder(context.own, marks.owner)
  // Never beside its place: whatever ollama finds there that is no manifest spoils its cleaning up.
  const temporary = await writeTemporary(context.own, bytes, marks)
  try {
    for (let attempt = 1; ; attempt++) {
      await makeStoreFolder(dirname(path), marks.owner)
      try {
        await moveInto(temporary, path, context.manifests, marks)
        break
      } catch (error) {
        if (errorCode(error) !== 'ENOENT' || attempt === mostAttempts) throw error
      }
    }
  } catch (error) {
    await rm(temporary, { force: true })
    throw error
  }
  for (let folder = dirname(path); folder !== context.manifests;) {
    folder = dirname(folder)
    await syncFolder(folder)
  }
}
