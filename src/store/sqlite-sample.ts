import { sql } from 'kysely'
import type { Database } from './engine.ts'

/** The texts that a search looks through of some entries from all over the history. */
export type Sample = readonly string[]

/** Neighbours are read together, from few places. */
const places = 8
const neighbours = 32

const triple = 3
/** Characters of a word that are considered. */
const maxLength = 48
const maxPart = 8
const rarest = 3
/**
 * Microseconds: to pass an entry in the list of a triple; to check the place of a triple in an entry that has all of
 * them; and to look at the text of an entry that was found.
 */
const passing = 0.012
const checking = 0.05
const looking = 4

export async function readSample(database: Database): Promise<Sample> {
  const last = await sql<{ seq: number | null }>`select max(seq) as seq from history_details`.execute(database)
  const entries = last.rows[0]?.seq ?? 0
  const step = Math.max(entries / places, neighbours)
  const ends = Array.from({ length: places }, (_, index) => Math.floor(entries - index * step))
  const ranges = ends.map((end) => sql`seq between ${end - neighbours + 1} and ${end}`)
  const rows = await sql<{ words: string }>`
    select words from history_details where ${sql.join(ranges, sql` or `)}`.execute(database)
  return rows.rows.map(({ words }) => words)
}

/** The share of the sample that contains a text. */
export function shareOf(text: string, sample: Sample): number {
  return sample.filter((one) => one.includes(text)).length / Math.max(sample.length, 1)
}

interface Part {
  readonly text: string
  /** Microseconds that finding all entries takes, for each entry of the history. */
  readonly cost: number
}

/** The word as it is, for the index; of a very long one, its beginning. */
export function wholePart(word: string, sample: Sample): Part {
  const characters = [...word].slice(0, maxLength)
  const text = characters.join('')
  const lookingAt = text === word ? 0 : looking
  return { text, cost: costOf(triplesOf(characters, sample), shareOf(text, sample), lookingAt) }
}

/**
 * The part of a long word by which the index finds the entries that contain the word soonest: the index has to pass the
 * lists of all triples of a part, and each entry found has to be looked at. Perhaps the word itself.
 */
export function rarePart(word: string, sample: Sample): Part {
  const characters = [...word].slice(0, maxLength)
  const triples = triplesOf(characters, sample)
  const byRarity = triples.map((_, start) => start).toSorted((a, b) => (triples[a] ?? 0) - (triples[b] ?? 0))
  let best = wholePart(word, sample)
  for (const middle of byRarity.slice(0, rarest)) {
    for (let start = Math.max(0, middle - maxPart + triple); start <= middle; start++) {
      const last = Math.min(characters.length, start + maxPart)
      for (let end = middle + triple; end <= last; end++) {
        const text = characters.slice(start, end).join('')
        const lists = triples.slice(start, end - triple + 1)
        // What the sample does not contain is the rarer the longer it is.
        const unseen = 1 / Math.max(sample.length, 1) / lists.length
        const cost = costOf(lists, Math.max(shareOf(text, sample), unseen), looking)
        if (cost < best.cost) best = { text, cost }
      }
    }
  }
  return best
}

function triplesOf(characters: readonly string[], sample: Sample): number[] {
  return characters
    .slice(triple - 1)
    .map((_, start) => shareOf(characters.slice(start, start + triple).join(''), sample))
}

function costOf(triples: readonly number[], found: number, lookingAt: number): number {
  return triples.reduce((sum, one) => sum + one * passing, 0) + found * (triples.length * checking + lookingAt)
}
