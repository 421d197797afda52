import type { StoredOptions } from '../store/types.ts'
import type { Entry } from './entry.ts'

/** Finds listed downloads of the same address or with the same checksum. */
export interface Duplicates {
  /** The one that was added first. One that was cancelled, or whose file is gone, is none. */
  find(wanted: Pick<Entry, 'fingerprint'> & { readonly options: StoredOptions }): Entry | null
  add(entry: Entry): void
  remove(entry: Entry): void
}

export function createDuplicates(): Duplicates {
  const byMark = new Map<string, Set<Entry>>()
  return {
    find({ fingerprint, options }) {
      for (const mark of marks(fingerprint, options))
        for (const entry of byMark.get(mark) ?? []) if (entry.row.status !== 'cancelled' && !entry.missing) return entry
      return null
    },
    add(entry) {
      for (const mark of marks(entry.fingerprint, entry.row.options)) {
        const same = byMark.get(mark)
        if (same) same.add(entry)
        else byMark.set(mark, new Set([entry]))
      }
    },
    remove(entry) {
      for (const mark of marks(entry.fingerprint, entry.row.options)) {
        const same = byMark.get(mark)
        same?.delete(entry)
        if (same?.size === 0) byMark.delete(mark)
      }
    },
  }
}

function marks(fingerprint: string, { checksums = [] }: StoredOptions): readonly string[] {
  return [fingerprint, ...checksums]
}
