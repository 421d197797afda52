import { createHash, randomBytes } from 'node:crypto'
import { open, rm, statfs } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { SluiceError } from '../core/errors.ts'
import { displayPlace } from '../core/model-name.ts'
import { formatBytes } from '../core/units.ts'
import { badArchive } from './bad-archive.ts'
import { diskError, errorCode } from './disk-error.ts'
import { blobsOf, readModelZip } from './read-model-zip.ts'
import type { ModelZip } from './read-model-zip.ts'
import { openZip } from './read-zip.ts'
import type { ZipEntry } from './read-zip.ts'
import type { OllamaStore } from './types.ts'

export interface UnzipOptions {
  readonly signal?: AbortSignal
  /** Bytes of blobs that are written, and of all that have to be. */
  readonly onProgress?: (done: number, total: number) => void
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
 * manifests name must be in it or in the store. Then blobs are unpacked, each under a name of its own until its digest is
 * proved, and the manifests come last. Blobs that were proved stay after a failure, so the next try has less to do.
 * @throws SluiceError `bad-archive` (nothing was written), `digest-mismatch` for a blob that is not what its name says,
 * `disk-full`, `not-found`, those of the disk and the store; or the reason of the signal
 */
export async function installModelZip(
  path: string,
  store: OllamaStore,
  { signal, onProgress, onWarning }: UnzipOptions = {},
): Promise<UnzippedModels> {
  const zip = await openZip(path, signal)
  try {
    const content = await readModelZip(zip, signal)
    const { missing, there } = await compare(content, store, signal)
    const total = missing.reduce((sum, { entry }) => sum + entry.size, 0)
    await checkSpace(store.dir, total)
    warnOfStrays(content, onWarning)

    await store.prepare()
    let done = 0
    for (const blob of missing) {
      await unpackBlob(blob, store, signal, (bytes) => onProgress?.((done += bytes), total))
    }
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
  const strays = Array.from(blobs.keys()).filter((digest) => !used.has(digest))
  if (strays.length > 0)
    onWarning?.(`${strays.length} blobs of the zip file belong to none of its models and were left out.`)
}

async function unpackBlob(
  { digest, entry }: Missing,
  store: OllamaStore,
  signal: AbortSignal | undefined,
  onBytes: (bytes: number) => void,
): Promise<void> {
  const path = join(store.partialDir, `unzip-${randomBytes(8).toString('hex')}`)
  const hash = createHash('sha256')
  try {
    await writeNew(path, async (write) => {
      for await (const piece of entry.pieces(signal)) {
        hash.update(piece)
        await write(piece)
        onBytes(piece.length)
      }
    })
    if (hash.digest('hex') !== digest.slice(7)) {
      throw new SluiceError('digest-mismatch', `The blob ${short(digest)} in the zip file is not what its name says.`, {
        hint: 'The zip file is damaged or was changed. Get it again from its source.',
      })
    }
    await store.addBlob({ digest, size: entry.size, path })
  } finally {
    // The store has moved it, unless something failed.
    await rm(path, { force: true })
  }
}

async function writeNew(
  path: string,
  fill: (write: (piece: Uint8Array) => Promise<void>) => Promise<void>,
): Promise<void> {
  try {
    const file = await open(path, 'wx', 0o644)
    try {
      await fill((piece) => file.writeFile(piece))
    } finally {
      await file.close()
    }
  } catch (error) {
    throw diskError(error, path)
  }
}

/** Enough of a digest to find it again. */
function short(digest: string): string {
  return digest.slice(7, 19)
}
