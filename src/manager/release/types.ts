import type { Problem } from '../../store/types.ts'
import type { Preview } from '../../transfer/types.ts'
import type { AddRequest } from '../types.ts'

/** The files of a release, and which one would be fetched. */
export interface ReleasePreview {
  /** owner/name as the server spells it now. */
  readonly repository: string
  readonly tag: string
  /** ISO 8601, null where it is not told. */
  readonly publishedAt: string | null
  /** Name of the file that would be fetched; null where none is meant. */
  readonly asset: string | null
  /** Why that one: sentences for people. */
  readonly why: readonly string[]
  /** Why none: `asset-ambiguous` or `asset-not-found`. */
  readonly problem: Problem | null
  readonly assets: ReadonlyArray<{
    readonly name: string
    /** Bytes. */
    readonly size: number
    /** `sha256:` and hex as the API tells it; null where it does not. */
    readonly digest: string | null
    /** The chosen one, or one of those that nothing tells apart. */
    readonly isCandidate: boolean
  }>
}

/** What would be fetched. `release` is told of a file of a release. */
export type RequestPreview = Preview & {
  readonly kind: NonNullable<AddRequest['kind']>
  readonly duplicateOf?: string
  readonly release?: ReleasePreview
}
