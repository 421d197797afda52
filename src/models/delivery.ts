import type { BlobSpec } from '../sources/types.ts'
import type { ReadyBlob } from '../deliver/types.ts'

/** What a target does with the blobs of one model. Errors are SluiceErrors. */
export interface Delivery {
  /** Which blobs of the model it wants. */
  readonly blobs: readonly BlobSpec[]
  /** Where the finished thing will be, as far as it is known before. */
  readonly path: string
  /** Folder whose disk the bytes go to. */
  readonly dir: string
  /** Makes folders, refuses what cannot be written to. */
  prepare(): Promise<void>
  /** Puts in order what a crash left; called when the staging folder is this pull's alone, where that is needed. */
  recover(): Promise<void>
  /** The finished thing of before, when the whole is there already. */
  finished(): Promise<string | null>
  /** Where a blob lies once it is here and the pull is over, for those who only look; null where it is no file of its own. */
  resting(blob: BlobSpec): string | null
  /** Whether a blob is here and good, so that it need not be fetched. */
  has(blob: BlobSpec, signal?: AbortSignal): Promise<boolean>
  /** Where the engine puts a blob. */
  place(blob: BlobSpec): { readonly dir: string; readonly output: string; readonly reserve?: number }
  /** A blob has come, its digest is checked. */
  arrived(blob: ReadyBlob): Promise<void>
  /** All blobs are here: makes the finished thing, and removes what is no longer needed. Gives its path. */
  finish(signal?: AbortSignal): Promise<{ readonly path: string; readonly stagingKept?: string }>
  /** Removes what is left beside the parts of the engine. */
  discard(): Promise<void>
}
