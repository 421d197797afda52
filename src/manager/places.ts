import { join } from 'node:path'
import type { StoredDownload } from '../store/types.ts'
import { nameOfFiles } from './model-place.ts'

/**
 * Which places on the disk are being worked at. Files have parts of their own, but models that go to the same place share
 * what is on its way there, so only one at a time may write or remove it.
 */
export interface Places {
  isFree(row: StoredDownload): boolean
  /** Gives back what ends it; null where another is at work there. */
  take(row: StoredDownload): (() => void) | null
  /** For whoever follows on one that has the place: nobody comes between. */
  follow(row: StoredDownload): () => void
}

export function createPlaces(): Places {
  const counts = new Map<string, number>()
  const isFree = (row: StoredDownload): boolean => row.kind !== 'model' || !counts.has(placeOf(row))

  function follow(row: StoredDownload): () => void {
    if (row.kind !== 'model') return () => undefined
    const place = placeOf(row)
    counts.set(place, (counts.get(place) ?? 0) + 1)
    return () => {
      const left = (counts.get(place) ?? 1) - 1
      if (left === 0) counts.delete(place)
      else counts.set(place, left)
    }
  }

  return { isFree, follow, take: (row) => (isFree(row) ? follow(row) : null) }
}

function placeOf(row: StoredDownload): string {
  const target = row.options.model?.target ?? 'store'
  return target === 'store' ? `${target}\n${nameOfFiles(row)}` : `${target}\n${join(row.dir, nameOfFiles(row))}`
}
