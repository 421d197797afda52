import type { Stats } from 'node:fs'
import { lutimes, open, rm, stat, unlink } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
import { checkBlobDigest } from '../core/blob-digest.ts'
import { SluiceError } from '../core/errors.ts'
import { diskError, errorCode } from '../core/disk-error.ts'
import { hashHandle } from './file-digest.ts'
import { blobPath } from './ollama-context.ts'
import type { StoreContext } from './ollama-context.ts'
import { copyInto, mark, moveInto, openOwn } from './store-files.ts'
import type { ReadyBlob } from './types.ts'

/** What a look at a blob found. */
type BlobFinding = 'good' | 'missing' | 'size' | 'digest'

/** See `OllamaStore.hasBlob`. @throws SluiceError `bad-manifest` when a good blob of that digest has another size */
export async function hasBlob(
  context: StoreContext,
  digest: string,
  size: number,
  signal?: AbortSignal,
): Promise<boolean> {
  const path = blobPath(context, checkBlobDigest(digest))
  try {
    const file = await statOrNull(path)
    if (!file) return false
    if (file.isDirectory()) throw new SluiceError('disk', `There is a folder where a blob belongs: ${path}`)
    // The size alone must not decide: it comes from a manifest that may lie about a good blob of another model.
    if (!(await isGood(context, digest, signal))) {
      await takeAway(context, path, file)
      return false
    }
    if (file.size !== size)
      throw new SluiceError(
        'bad-manifest',
        `The manifest says that blob ${digest} has ${size} bytes; the blob of that digest, which is here, has ${file.size}.`,
      )
    await touch(context, digest)
    return true
  } catch (error) {
    throw diskError(error, path)
  }
}

/** Compares a blob with its size and digest, and notes when it is good. Changes nothing else. `onBytes` hears what is read. */
export async function checkBlob(
  context: StoreContext,
  digest: string,
  size: number,
  signal?: AbortSignal,
  onBytes?: (bytes: number) => void,
): Promise<BlobFinding> {
  const path = blobPath(context, checkBlobDigest(digest))
  try {
    const file = await statOrNull(path)
    if (!file?.isFile()) return 'missing'
    if (file.size !== size) return 'size'
    return (await hashBlob(context, digest, signal, onBytes)) ? 'good' : 'digest'
  } catch (error) {
    throw diskError(error, path)
  }
}

/** See `OllamaStore.addBlob`. */
export async function addBlob(context: StoreContext, { digest, size, path }: ReadyBlob): Promise<void> {
  const target = blobPath(context, checkBlobDigest(digest))
  try {
    const there = await statOrNull(target)
    if (there?.isFile() && there.size === size && (await context.verified.believes(digest, there))) {
      await touch(context, digest)
      await rm(path, { force: true })
      return
    }
    await bringIn(context, { digest, size, path }, target)
    await context.verified.add(digest, await stat(target))
  } catch (error) {
    throw diskError(error, target)
  }
}

async function bringIn(context: StoreContext, { digest, size, path }: ReadyBlob, target: string): Promise<void> {
  const marks = await context.marks()
  const file = await openOwn(path)
  let shared: boolean
  try {
    const found = await file.stat()
    if (!found.isFile() || found.size !== size)
      throw new SluiceError('size-mismatch', `The file of blob ${digest} has ${found.size} bytes, not ${size}: ${path}`)
    // Another name of the same file would see the new mode and owner, and could change the blob later.
    shared = found.nlink > 1
    if (!shared) {
      await mark(file, marks)
      await file.sync()
    }
  } finally {
    await file.close()
  }
  if (!shared) return moveInto(path, target, context.blobs, marks)
  await copyInto(path, target, context.blobs, marks)
  await rm(path, { force: true })
}

/** Believes the record where file and record agree. */
async function isGood(context: StoreContext, digest: string, signal: AbortSignal | undefined): Promise<boolean> {
  const file = await statOrNull(blobPath(context, digest))
  if (!file?.isFile()) return false
  return (await context.verified.believes(digest, file)) || hashBlob(context, digest, signal)
}

async function hashBlob(
  context: StoreContext,
  digest: string,
  signal: AbortSignal | undefined,
  onBytes?: (bytes: number) => void,
): Promise<boolean> {
  const file = await open(blobPath(context, digest), 'r')
  try {
    const before = await file.stat()
    const good = `sha256:${await hashHandle(file, signal, 0, onBytes)}` === digest
    const after = await file.stat()
    if (!good || before.mtimeMs !== after.mtimeMs || before.size !== after.size) {
      await context.verified.drop([digest])
      return false
    }
    await syncQuietly(file)
    await context.verified.add(digest, after)
    return true
  } finally {
    await file.close()
  }
}

/** What was read may be in memory only; the record must not outlive a power cut that the bytes do not survive. */
async function syncQuietly(file: FileHandle): Promise<void> {
  try {
    await file.sync()
  } catch (error) {
    // A file that this user may only read, or a disk that may only be read, has nothing of ours to sync.
    if (!['EBADF', 'EINVAL', 'EROFS', 'EPERM', 'EACCES', 'ENOTSUP'].includes(errorCode(error) ?? '')) throw error
  }
}

/**
 * Gives a blob the time of now: when ollama starts it deletes what no manifest uses and is older than an hour, and the
 * manifest may come much later.
 */
async function touch(context: StoreContext, digest: string): Promise<void> {
  const path = blobPath(context, digest)
  const time = context.now()
  try {
    // Of a link its own time is what counts.
    await lutimes(path, time, time)
  } catch (error) {
    // Blobs of another user keep their time. If ollama deletes one, the manifest is refused and the blob fetched again.
    if (errorCode(error) === 'EPERM' || errorCode(error) === 'EACCES') return
    throw error
  }
  await context.verified.add(digest, await stat(path))
}

/** Removes a blob that is not what its name says, unless another has taken its place meanwhile. */
async function takeAway({ warn }: StoreContext, path: string, judged: Stats): Promise<void> {
  const now = await statOrNull(path)
  if (!now || now.ino !== judged.ino || now.mtimeMs !== judged.mtimeMs || now.size !== judged.size) return
  await unlink(path)
  warn(`A blob did not have the digest that is its name, so it was deleted to be fetched again: ${path}`)
}

/** Follows links; null where nothing is, also for a link that leads nowhere. */
export async function statOrNull(path: string): Promise<Stats | null> {
  try {
    return await stat(path)
  } catch (error) {
    const code = errorCode(error)
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'ELOOP') return null
    throw error
  }
}
