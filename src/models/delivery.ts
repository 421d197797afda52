import type { BlobSpec } from '../sources/types.ts'
import type { ReadyBlob } from '../deliver/types.ts'
import type { Verdict } from '../transfer/types.ts'

/** Something that is there, and how sure we are that it is the right one. */
export interface FinishedBefore {
  readonly path: string
  /** `unverified`: another thing has the name and is to stay. */
  readonly verdict: Verdict
}

/** What a target does with the blobs of one model. Errors are SluiceErrors. */
export interface Delivery {
  /** Which blobs of the model it wants. */
  readonly blobs: readonly BlobSpec[]
  /** Where the finished thing will be, as far as it is known before. */
  readonly path: string
  /** Folder whose disk the bytes go to. */
  readonly dir: string
  /** Bytes that making the finished thing takes on that disk besides those of the blobs. */
  readonly extraBytes: number
  /** Makes folders, refuses what cannot be written to. */
  prepare(): Promise<void>
  /** Puts in order what a crash left; called when the staging folder is this pull's alone, where that is needed. */
  recover(): Promise<void>
  /** The finished thing of before, when the whole is there already; `sizes` believes those and reads no blob. */
  finished(by: 'digests' | 'sizes', signal?: AbortSignal): Promise<FinishedBefore | null>
  /** Where a blob lies once it is here and the pull is over, for those who only look; null where it is no file of its own. */
  resting(blob: BlobSpec): string | null
  /**
   * How sure we are of a blob that is here, so that it need not be fetched: `verified`, or `unverified` where something
   * else has its name and is to stay. Null for one that has to come. Throws `target-exists` where nothing may have its name.
   */
  has(blob: BlobSpec, signal?: AbortSignal): Promise<Verdict | null>
  /** Where the engine puts a blob. */
  place(blob: BlobSpec): { readonly dir: string; readonly output: string; readonly reserve?: number }
  /** A blob has come, its digest is checked. */
  arrived(blob: ReadyBlob): Promise<void>
  /** All blobs are here: makes the finished thing, and removes what is no longer needed. Gives its path. */
  finish(signal?: AbortSignal): Promise<{ readonly path: string; readonly stagingKept?: string }>
}
