import type { ExpectedDigest } from '../core/digest.ts'
import type { ResponseHead } from '../wire/types.ts'

/** Digests of the whole file that the server gives with a whole answer; null when it gives none. */
export function digestsFrom(head: ResponseHead, decoded: boolean): Promise<readonly ExpectedDigest[]> | null {
  if (decoded || !['repr-digest', 'content-digest', 'digest'].some((name) => head.field(name) !== undefined))
    return null
  return import('../wire/digest-fields.ts').then((fields) => fields.wholeFileDigests(head))
}
