import { sql } from 'kysely'
import type { RawBuilder } from 'kysely'
import type { Asked, Database, Engine, Search, SearchSource } from './engine.ts'
import { allOf } from './sql-parts.ts'
import { blockLength, codesOf, facetText, forgetWords, indexWords, searchSchema } from './sqlite-index.ts'
import { rarePart, readSample, shareOf, wholePart } from './sqlite-sample.ts'

/** The index holds triples of characters, and a longer word is a phrase of them. */
const triple = 3
/** Words up to this length are asked for as they are; of longer ones, a part that few entries contain. */
const maxWhole = 5
/** More triples than this begin with a word only if it is a common one, which a scan finds soon. */
const maxAlternatives = 150
/** Microseconds that reading an entry in a scan takes, which can end after so many matches. */
const reading = 0.45
const enough = 10_000
/** A word that this share of a sample contains is found soon by looking at any entry. */
const commonShare = 0.1

type Part = Pick<Engine, 'searchSchema' | 'indexWords' | 'forgetWords' | 'search'>

/** Search by FTS5's index of triples. Letters are in lower case on both sides already. */
export const sqliteSearch: Part = {
  searchSchema,
  indexWords,
  forgetWords,

  async search(database, word, asked): Promise<Search | null> {
    const narrowed = await narrow(database, asked)
    if (narrowed === null) return null
    const condition = sql<boolean>`exists (
      select 1 from history_details as d where d.seq = h.seq and instr(d.words, ${word}) > 0)`
    const sample = await readSample(database)
    const share = shareOf(word, sample)
    const within = { ...narrowed, share, estimate: share * narrowed.span }
    const { length } = [...word]
    if (length < triple && share > commonShare) return { condition, found: scanned(word, within) }
    if (length >= triple) {
      const part = length > maxWhole ? rarePart(word, sample) : wholePart(word, sample)
      // A scan begins at the first row of the span, the index at the first row of all.
      const looked = Math.min(narrowed.span, enough / Math.max(share, 1 / enough))
      const passed = narrowed.last - narrowed.span + looked
      if (looked * reading < passed * part.cost) return { condition, found: scanned(word, within) }
      return { condition, found: found(quoted(part.text), within, part.text === word ? [] : [condition]) }
    }
    const triples = await sql<{ term: string }>`
      select term from history_triples where term >= ${word} and term < ${word + '\u{10ffff}'}
      limit ${maxAlternatives + 1}`.execute(database)
    if (triples.rows.length > maxAlternatives) return { condition, found: scanned(word, within) }
    if (triples.rows.length === 0) return null
    const expression = triples.rows.map(({ term }) => quoted(term)).join(' OR ')
    return { condition, found: found(`(${expression})`, within) }
  },
}

/** Where in the index entries can be that have what is asked. */
interface Narrowed {
  /** Of the query language, each must hold. */
  readonly codes: readonly string[]
  /** First and last row, where they are known. */
  readonly rows: readonly [first: number, last: number] | null
  /** Rows from the first to the last. */
  readonly span: number
  readonly last: number
}

/** Null when there are none. */
async function narrow(database: Database, { facets, since, until }: Asked): Promise<Narrowed | null> {
  const known = await codesOf(
    database,
    facets.flatMap(([kind, values]) => values.map((value) => facetText(kind, value))),
  )
  const codes = facets.map(([kind, values]) =>
    values.flatMap((value) => known.get(facetText(kind, value)) ?? []).map(quoted),
  )
  if (codes.some((alternatives) => alternatives.length === 0)) return null
  const expressions = codes.map((alternatives) => `(${alternatives.join(' OR ')})`)
  if (since === null && until === null) {
    const all = await sql<{ last: number | null }>`select max(seq) as last from history`.execute(database)
    const last = all.rows[0]?.last ?? 0
    return { codes: expressions, rows: null, span: last, last }
  }
  const blocks = await sql<{ first: number | null; last: number | null }>`
    select min(block) as first, max(block) as last from history_blocks
    where last >= ${since ?? Number.MIN_SAFE_INTEGER} and first < ${until ?? Number.MAX_SAFE_INTEGER}`.execute(database)
  const { first = null, last = null } = blocks.rows[0] ?? {}
  if (first === null || last === null) return null
  const rows = [first * blockLength, (last + 1) * blockLength - 1] as const
  return { codes: expressions, rows, span: rows[1] - rows[0] + 1, last: rows[1] }
}

type Within = Narrowed & Pick<SearchSource, 'estimate' | 'share'>

/** `rest` are conditions that the index does not answer. */
function found(expression: string, within: Within, rest: readonly RawBuilder<boolean>[] = []): SearchSource {
  const matches = sql<boolean>`w.history_words match ${[expression, ...within.codes].join(' AND ')}`
  const condition = allOf([matches, ...rowsWithin(sql.ref('w.rowid'), within)])
  return {
    source: sql`history_words as w cross join history as h on h.seq = w.rowid`,
    condition: allOf([condition, ...rest]),
    member: allOf([sql<boolean>`h.seq in (select w.rowid from history_words as w where ${condition})`, ...rest]),
    counts: rest.length > 0 ? 'candidates' : 'matches with facets',
    estimate: within.estimate,
    share: within.share,
    count: (database, limit) => countUpTo(database, sql`history_words as w where ${condition}`, limit),
  }
}

/** Looks at all entries, for a word that many of them contain. */
function scanned(word: string, within: Within): SearchSource {
  const condition = allOf([sql<boolean>`instr(w.words, ${word}) > 0`, ...rowsWithin(sql.ref('w.seq'), within)])
  return {
    source: sql`history_details as w cross join history as h on h.seq = w.seq`,
    condition,
    member: sql<boolean>`h.seq in (select w.seq from history_details as w where ${condition})`,
    counts: 'matches',
    estimate: within.estimate,
    share: within.share,
    count: (database, limit) => countUpTo(database, sql`history_details as w where ${condition}`, limit),
  }
}

function rowsWithin(seq: RawBuilder<unknown>, { rows }: Within): RawBuilder<boolean>[] {
  return rows === null ? [] : [sql<boolean>`${seq} between ${rows[0]} and ${rows[1]}`]
}

async function countUpTo(database: Database, source: RawBuilder<unknown>, limit: number): Promise<number> {
  const counted = await sql<{ total: number }>`
    select count(*) as total from (select 1 from ${source} limit ${limit})`.execute(database)
  return counted.rows[0]?.total ?? 0
}

/** A string of FTS5's query language. */
function quoted(text: string): string {
  return `"${text.replaceAll('"', '""')}"`
}
