import type { StoredOptions } from '../store/types.ts'
import type { RequestKind } from './request-kind.ts'

/** What is kept sealed: full addresses and headers, where there is more to them than what is shown. */
export interface Hidden {
  readonly reference?: string
  readonly mirrors?: readonly string[]
  readonly referer?: string
  readonly headers?: Readonly<Record<string, string>>
}

/** What is to be fetched. */
export interface CheckedReference {
  readonly kind: RequestKind
  readonly reference: string
  readonly url: string
  readonly host: string
  readonly chosenName: string | null
  /** The chosen one, or what the reference promises. */
  readonly filename: string
  readonly options: StoredOptions
  readonly hidden: Hidden | null
  readonly fingerprint: string
}
