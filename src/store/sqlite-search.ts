import { sql } from 'kysely'
import type { RawBuilder } from 'kysely'
import type { Database, Engine, Search, SearchSource } from './engine.ts'
import { allOf } from './sql-parts.ts'

/** The index holds triples of characters, and a longer word is a phrase of them. */
const triple = 3
/** Characters of a word that the index is asked for; what follows is compared row by row. */
const maxPhrase = 48
/** More triples than this begin with a word only if it is a common one, which a scan finds soon. */
const maxAlternatives = 150
/** A word that this many of the newest entries contain is found soon by looking at any. */
const commonOfSample = 40
const sample = 400

type Part = Pick<Engine, 'searchSchema' | 'indexWords' | 'forgetWords' | 'search'>

/** Search by FTS5's index of triples. Letters are in lower case on both sides already. */
export const sqliteSearch: Part = {
  searchSchema: {
    required: [
      `create virtual table history_words using fts5(
        words, tokenize = 'trigram case_sensitive 1', content = '', contentless_delete = 1)`,
      `create virtual table history_triples using fts5vocab(history_words, row)`,
    ],
    optional: [],
  },

  async indexWords(database, rows) {
    if (rows.length === 0) return
    const values = rows.map(({ seq, words }) => sql`(${seq}, ${words})`)
    await sql`insert into history_words (rowid, words) values ${sql.join(values)}`.execute(database)
  },

  async forgetWords(database, seqs) {
    if (seqs.length > 0) await sql`delete from history_words where rowid in (${sql.join(seqs)})`.execute(database)
  },

  async search(database, word): Promise<Search | null> {
    const condition = sql<boolean>`exists (
      select 1 from history_details as d where d.seq = h.seq and instr(d.words, ${word}) > 0)`
    const characters = [...word]
    if (characters.length > maxPhrase) {
      const phrase = quoted(characters.slice(-maxPhrase).join(''))
      return { condition, found: found(phrase, [condition]) }
    }
    if (characters.length >= triple) return { condition, found: found(quoted(word)) }
    if (await isCommon(database, word)) return { condition, found: null }
    const triples = await sql<{ term: string }>`
      select term from history_triples where term >= ${word} and term < ${word + '\u{10ffff}'}
      limit ${maxAlternatives + 1}`.execute(database)
    if (triples.rows.length > maxAlternatives) return { condition, found: null }
    if (triples.rows.length === 0) return null
    const expression = triples.rows.map(({ term }) => quoted(term)).join(' OR ')
    return { condition, found: found(expression) }
  },
}

async function isCommon(database: Database, word: string): Promise<boolean> {
  const counted = await sql<{ hits: number }>`
    select count(*) as hits from (select words from history_details order by seq desc limit ${sample})
    where instr(words, ${word}) > 0`.execute(database)
  return (counted.rows[0]?.hits ?? 0) >= commonOfSample
}

/** `rest` are conditions that the index does not answer. */
function found(expression: string, rest: readonly RawBuilder<boolean>[] = []): SearchSource {
  const matches = sql<boolean>`w.history_words match ${expression}`
  return {
    source: sql`history_words as w cross join history as h on h.seq = w.rowid`,
    condition: allOf([matches, ...rest]),
    member: allOf([sql<boolean>`h.seq in (select w.rowid from history_words as w where ${matches})`, ...rest]),
    isExact: rest.length === 0,
    async count(database: Database, limit: number) {
      const counted = await sql<{ total: number }>`
        select count(*) as total from (select 1 from history_words as w where ${matches} limit ${limit})`.execute(
        database,
      )
      return counted.rows[0]?.total ?? 0
    },
  }
}

/** A string of FTS5's query language. */
function quoted(text: string): string {
  return `"${text.replaceAll('"', '""')}"`
}
