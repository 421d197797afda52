import { realpathSync, statSync } from 'node:fs'
import { rename } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { blobFileName } from '../core/blob-digest.ts'
import { diskError, errorCode } from '../core/disk-error.ts'
import { makeStoreFolder, writeTemporary } from './store-files.ts'
import type { FileMarks } from './store-files.ts'
import { storeOwner } from './store-owner.ts'
import type { Owner } from './store-owner.ts'
import { openVerifiedBlobs } from './verified-blobs.ts'
import type { VerifiedBlobs } from './verified-blobs.ts'

/** What the parts of a store share. All folders absolute. */
export interface StoreContext {
  readonly dir: string
  readonly blobs: string
  readonly manifests: string
  /** Our own folder in the store, for what is no blob: ollama never looks there. */
  readonly own: string
  readonly partialDir: string
  readonly platform: NodeJS.Platform
  readonly verified: VerifiedBlobs
  now(): Date
  /** Owner and time for what is written now. */
  marks(): Promise<FileMarks>
  warn(message: string): void
  /** To whom belongs what is written; null: as the system does it. */
  owner(): Promise<Owner | null>
}

export interface StoreOptions {
  readonly now?: () => number
  /** Gets a sentence for people about what was survived. */
  readonly onWarning?: (message: string) => void
  readonly platform?: NodeJS.Platform
}

const ownFolder = '.sluice'

export function createContext(dir: string, options: StoreOptions): StoreContext {
  const { now = Date.now, onWarning = () => {}, platform = process.platform } = options
  const own = join(dir, ownFolder)
  const blobs = join(dir, 'blobs')
  let owner: Promise<Owner | null> | null = null
  const context: StoreContext = {
    dir,
    blobs,
    manifests: join(dir, 'manifests'),
    own,
    partialDir: partialFolder(dir, blobs),
    platform,
    verified: openVerifiedBlobs(join(own, verifiedName), writeRecord),
    now: () => new Date(now()),
    warn: onWarning,
    owner: () => (owner ??= findOwner()),
    marks: async () => ({ owner: await context.owner(), time: context.now() }),
  }

  async function findOwner(): Promise<Owner | null> {
    const found = await storeOwner(dir)
    if (found.foreign !== null)
      onWarning(
        `The models folder ${dir} belongs to another user (number ${found.foreign}). Models that are written into it can be ` +
          'read by ollama, but only their owner and root may be able to remove them.',
      )
    return found.owner
  }

  async function writeRecord(bytes: Uint8Array): Promise<void> {
    try {
      await makeStoreFolder(own, await context.owner())
      // Not synced, for it is written with each blob and is only advice.
      await rename(await writeTemporary(own, bytes, await context.marks(), false), join(own, verifiedName))
    } catch (error) {
      if (errorCode(error) === undefined) throw error
      // Without the record the blobs are read again the next time.
      warnOnce(`It could not be noted which blobs are good: ${messageOf(diskError(error, join(own, verifiedName)))}`)
    }
  }

  let warned = false
  function warnOnce(message: string): void {
    if (!warned) onWarning(message)
    warned = true
  }

  return context
}

const verifiedName = 'verified.json'

export function blobPath({ blobs }: Pick<StoreContext, 'blobs'>, digest: string): string {
  return join(blobs, blobFileName(digest))
}

/**
 * Where bytes are on their way: on the disk of the blobs, so that a rename brings them home. Where `blobs` is a link to
 * another disk, that is beside the folder it leads to.
 */
function partialFolder(dir: string, blobs: string): string {
  const usual = join(dir, ownFolder, 'partial')
  try {
    const real = realpathSync(blobs)
    const beside = dirname(real)
    if (beside === realpathSync(dir) || statSync(beside).dev !== statSync(real).dev) return usual
    return statSync(dir).dev === statSync(real).dev ? usual : join(beside, ownFolder, 'partial')
  } catch (error) {
    // Nothing is there yet, or it cannot be looked at, which is told when the folders are made.
    if (errorCode(error) === undefined) throw error
    return usual
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
