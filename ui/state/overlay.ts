import type { Download } from '../../src/server/api-types.ts'

/** What the user already sees although the daemon has not said it yet; `hidden` is a row that is about to go. */
export type Guess = Partial<Omit<Download, 'id'>> | 'hidden'

interface Kept {
  readonly guess: Guess
  readonly number: number
  /** The daemon has agreed: its next word on the row replaces the guess. */
  agreed: boolean
}

export interface Overlay {
  readonly size: number
  has(id: string): boolean
  /** The row as it is shown; undefined where it is hidden. The same object until one of the two changes. */
  over(download: Download): Download | undefined
  isHidden(id: string): boolean
  /** The same set until it changes. */
  hidden(): ReadonlySet<string>
  ids(): Iterable<string>
  /** Gives back the number of the guess, for `agree` and `drop`; a later guess on a row replaces an earlier one. */
  put(id: string, guess: Guess): number
  agree(id: string, number: number): void
  /** False when another guess took its place. */
  drop(id: string, number: number): boolean
  /** The daemon told of a row (null: it is gone). True when a guess ended by that. */
  heard(id: string, download: Download | null): boolean
}

export function createOverlay(): Overlay {
  const guesses = new Map<string, Kept>()
  const shown = new Map<string, { readonly from: Download; readonly seen: Download }>()
  const hiddenIds = new Set<string>()
  let hiddenNow: ReadonlySet<string> | null = null
  let last = 0

  function set(id: string, kept: Kept | undefined): void {
    shown.delete(id)
    if (kept === undefined) guesses.delete(id)
    else guesses.set(id, kept)
    const hides = kept?.guess === 'hidden'
    if (hides === hiddenIds.has(id)) return
    if (hides) hiddenIds.add(id)
    else hiddenIds.delete(id)
    hiddenNow = null
  }

  return {
    get size() {
      return guesses.size
    },
    has: (id) => guesses.has(id),
    over(download) {
      const kept = guesses.get(download.id)
      if (kept === undefined) return download
      if (kept.guess === 'hidden') return undefined
      const known = shown.get(download.id)
      if (known?.from === download) return known.seen
      const seen = { ...download, ...kept.guess }
      shown.set(download.id, { from: download, seen })
      return seen
    },
    isHidden: (id) => hiddenIds.has(id),
    hidden: () => (hiddenNow ??= new Set(hiddenIds)),
    ids: () => guesses.keys(),
    put(id, guess) {
      const before = guesses.get(id)
      // What the daemon has agreed to is still on its way beside what is asked now.
      const both = before?.agreed === true && before.guess !== 'hidden' && guess !== 'hidden'
      set(id, { guess: both ? { ...before.guess, ...guess } : guess, number: ++last, agreed: false })
      return last
    },
    agree(id, number) {
      const kept = guesses.get(id)
      if (kept?.number === number) kept.agreed = true
    },
    drop(id, number) {
      if (guesses.get(id)?.number !== number) return false
      set(id, undefined)
      return true
    },
    heard(id, download) {
      const kept = guesses.get(id)
      if (kept === undefined) return false
      if (!isAnswered(kept, download)) return false
      set(id, undefined)
      return true
    },
  }
}

function isAnswered({ guess, agreed }: Kept, download: Download | null): boolean {
  // What is hidden comes back only by `drop`: lists may still hold it after it is gone, and ids are never used again.
  if (guess === 'hidden') return false
  return download === null || agreed || (guess.status !== undefined && guess.status === download.status)
}
