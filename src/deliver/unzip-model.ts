import { createHash } from 'node:crypto'
import { open, rm, statfs } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { digestHex } from '../core/blob-digest.ts'
import { SluiceError } from '../core/errors.ts'
import { displayPlace } from '../core/model-name.ts'
import { formatBytes } from '../core/units.ts'
import { badArchive } from './bad-archive.ts'
import { diskError, errorCode } from '../core/disk-error.ts'
import { blobsOf, readModelZip } from './read-model-zip.ts'
import type { ModelZip } from './read-model-zip.ts'
import { openZip } from './read-zip.ts'
import type { ZipEntry } from './read-zip.ts'
import { unpackedName } from './unpacked-blobs.ts'
import type { OllamaStore, ReadyBlob, Watch } from './types.ts'

/** Progress is that of the blobs that have to be written. */
export interface UnzipOptions extends Watch {
  /** Names this process: what it leaves when it is killed is known by that (`OpenStore.removeAbandoned`). */
  readonly owner?: string
  readonly onWarning?: (message: string) => void
}

export interface UnzippedModels {
  /** As the ollama command shows them. */
  readonly models: string[]
  readonly manifestPaths: string[]
  /** Blobs written and their bytes. */
  readonly blobs: number
  readonly bytes: number
  /** Blobs that the store had already. */
  readonly alreadyThere: number
}

interface Missing {
  readonly digest: string
  readonly entry: ZipEntry
}

/**
 * Installs the models of a zip into a store. Before anything is written, the whole zip is checked and each blob that its
 * manifests name must be in it or in the store. Then all blobs are unpacked beside the store's; when each of them has its
 * digest they come into the store together, the manifests last. A blob that is not right leaves nothing of the others: no
 * manifest would name them, and nobody would find them again.
 * @throws SluiceError `bad-archive` (nothing was written), `digest-mismatch` for a blob that is not what its name says,
 * `disk-full`, `not-found`, those of the disk and the store; or the reason of the signal
 */
export async function installModelZip(
  path: string,
  store: OllamaStore,
  { owner = 'nobody', signal, onProgress, onWarning }: UnzipOptions = {},
): Promise<UnzippedModels> {
  const zip = await openZip(path, signal)
  try {
    const content = await readModelZip(zip, signal)
    const { missing, there } = await compare(content, store, signal)
    const total = missing.reduce((sum, { entry }) => sum + entry.size, 0)
    await checkSpace(store.dir, total)
    warnOfStrays(content, onWarning)

    await store.prepare()
    await bringIn(missing, { store, owner, signal }, (done) => onProgress?.(done, total))
    const manifestPaths: string[] = []
    for (const { place, bytes } of content.models) {
      signal?.throwIfAborted()
      manifestPaths.push(await store.addManifest(place, bytes))
    }
    const models = content.models.map(({ place }) => displayPlace(place))
    return { models, manifestPaths, blobs: missing.length, bytes: total, alreadyThere: there }
  } finally {
    zip.close()
  }
}

/** Which blobs the store lacks. All of them must be in the zip. */
async function compare(
  { models, blobs }: ModelZip,
  store: OllamaStore,
  signal?: AbortSignal,
): Promise<{ missing: Missing[]; there: number }> {
  const wanted = new Map(models.flatMap(blobsOf).map(({ digest, size }) => [digest, size]))
  const missing: Missing[] = []
  for (const [digest, size] of wanted) {
    signal?.throwIfAborted()
    if (await store.hasBlob(digest, size, signal)) continue
    const entry = blobs.get(digest)
    if (!entry)
      throw badArchive(
        `The zip file is incomplete: blob ${short(digest)} of the model is neither in it nor in the store.`,
      )
    missing.push({ digest, entry })
  }
  return { missing, there: wanted.size - missing.length }
}

async function checkSpace(dir: string, bytes: number): Promise<void> {
  const free = await freeSpace(dir)
  if (bytes > free)
    throw new SluiceError(
      'disk-full',
      `The models need ${formatBytes(bytes)}, ${formatBytes(free)} are free in ${dir}.`,
      { hint: 'Nothing was written. Free some space, or choose another models folder.' },
    )
}

/** Of the disk that a folder is on, or will be on. */
async function freeSpace(dir: string): Promise<number> {
  try {
    const { bavail, bsize } = await statfs(dir)
    return bavail * bsize
  } catch (error) {
    if (errorCode(error) === 'ENOENT' && dirname(dir) !== dir) return freeSpace(dirname(dir))
    throw diskError(error, dir)
  }
}

function warnOfStrays({ models, blobs }: ModelZip, onWarning?: (message: string) => void): void {
  const used = new Set(models.flatMap(blobsOf).map(({ digest }) => digest))
  const strays = Array.from(blobs.keys()).filter((digest) => !used.has(digest)).length
  if (strays > 0)
    onWarning?.(
      `${strays === 1 ? '1 blob of the zip file belongs' : `${strays} blobs of the zip file belong`} to none of its models and ` +
        'stayed out.',
    )
}

async function bringIn(
  missing: readonly Missing[],
  { store, owner, signal }: { store: OllamaStore; owner: string; signal: AbortSignal | undefined },
  onBytes: (done: number) => void,
): Promise<void> {
  const ready: ReadyBlob[] = []
  let done = 0
  try {
    for (const { digest, entry } of missing) {
      const path = join(store.partialDir, unpackedName(owner))
      ready.push({ digest, size: entry.size, path })
      await unpackBlob(digest, entry, path, signal, (bytes) => onBytes((done += bytes)))
    }
    for (const blob of ready) await store.addBlob(blob)
  } finally {
    // The store has moved them, unless something failed.
    for (const { path } of ready) await rm(path, { force: true })
  }
}

async function unpackBlob(
  digest: string,
  entry: ZipEntry,
  path: string,
  signal: AbortSignal | undefined,
  onBytes: (bytes: number) => void,
): Promise<void> {
  try {
    if ((await writeHashed(path, entry.pieces(signal), onBytes)) !== digestHex(digest)) throw mismatch(digest)
  } catch (error) {
    throw diskError(error, path)
  }
}

/** Writes a new file and gives its SHA-256 in hex. */
async function writeHashed(
  path: string,
  pieces: AsyncIterable<Uint8Array>,
  onBytes: (bytes: number) => void,
): Promise<string> {
  const hash = createHash('sha256')
  const file = await open(path, 'wx', 0o644)
  try {
    for await (const piece of pieces) {
      // Hashed here while the thread pool writes.
      const written = file.writeFile(piece)
      hash.update(piece)
      await written
      onBytes(piece.length)
    }
  } finally {
    await file.close()
  }
  return hash.digest('hex')
}

function mismatch(digest: string): SluiceError {
  return new SluiceError('digest-mismatch', `The blob ${short(digest)} in the zip file is not what its name says.`, {
    hint: 'The zip file is damaged or was changed. Get it again from its source.',
  })
}

/** Enough of a digest to find it again. */
function short(digest: string): string {
  return digestHex(digest).slice(0, 12)
}
