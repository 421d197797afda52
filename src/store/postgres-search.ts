import { sql } from 'kysely'
import type { Database, Engine, Search } from './engine.ts'

type Part = Pick<Engine, 'searchSchema' | 'indexWords' | 'forgetWords' | 'search'>

/** PostgreSQL indexes triples of letters and digits; a word with fewer than three of them in a row finds no entry. */
const indexable = /[a-z0-9]{3}/
/** A guess of how many entries contain a word that many contain. */
const costOfMany = 50_000
const shareOfMany = 0.05

/** Search by an index of pg_trgm, or by scans where the user of the database may not add that extension. */
export const postgresSearch: Part = {
  searchSchema: {
    required: [],
    optional: [
      'create extension if not exists pg_trgm',
      'create index if not exists history_words on history_details using gin (words gin_trgm_ops)',
    ],
  },

  // The index follows the table by itself.
  indexWords: async () => undefined,
  forgetWords: async () => undefined,

  async search(_database, word): Promise<Search> {
    const pattern = `%${word.replaceAll(/[\\%_]/g, '\\$&')}%`
    const condition = sql<boolean>`exists (
      select 1 from history_details as d where d.seq = h.seq and strpos(d.words, ${word}) > 0)`
    if (!indexable.test(word)) return { condition, found: null }
    const matches = sql<boolean>`w.words like ${pattern}`
    return {
      condition,
      found: {
        source: sql`history_details as w join history as h on h.seq = w.seq`,
        condition: matches,
        member: sql`h.seq in (select w.seq from history_details as w where ${matches})`,
        counts: 'matches',
        estimate: costOfMany,
        share: shareOfMany,
        async count(database: Database, limit: number) {
          const counted = await sql<{ total: number }>`
            select count(*) as total from (select 1 from history_details as w where ${matches} limit ${limit}) as m`.execute(
            database,
          )
          return counted.rows[0]?.total ?? 0
        },
      },
    }
  },
}
