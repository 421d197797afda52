import { sql } from 'kysely'
import { bulkInsert, pieces } from './bulk-insert.ts'
import type { Database, Engine, Facets, Indexed } from './engine.ts'
import { codeMark } from './text.ts'

/** Rows of history that follow each other are a block, of which the index knows when its entries ended. */
export const blockLength = 1024
const firstCode = 0x4e00
const codesOfCharacter = 4096
const sqlite = { placeholder: () => '?' }

/** Entries are found by the triples of their text, and by codes of three characters for what filters ask. */
export const searchSchema: Engine['searchSchema'] = {
  required: [
    `create virtual table history_words using fts5(words, status, type, kind, host,
      tokenize = 'trigram case_sensitive 1', content = '', contentless_delete = 1)`,
    `create virtual table history_triples using fts5vocab(history_words, row)`,
    `create table history_codes (id integer primary key, facet text not null unique)`,
    `create table history_blocks (block integer primary key, first integer not null, last integer not null)`,
  ],
  optional: [],
}

const kinds = ['status', 'type', 'kind', 'host'] as const

export async function indexWords(database: Database, rows: readonly Indexed[]): Promise<void> {
  if (rows.length === 0) return
  const codes = await makeCodes(database, rows)
  const lines = rows.map((row) => {
    const facets = kinds.map((kind) => [kind, codes.get(facetText(kind, row[kind]))])
    return { rowid: row.seq, words: row.words, ...Object.fromEntries(facets) }
  })
  await bulkInsert(sqlite, database, 'history_words', lines)
  const blocks = Array.from(
    Map.groupBy(rows, ({ seq }) => Math.floor(seq / blockLength)),
    ([block, members]) => {
      const ends = members.map(({ ended }) => ended)
      return sql`(${block}, ${Math.min(...ends)}, ${Math.max(...ends)})`
    },
  )
  await sql`insert into history_blocks (block, first, last) values ${sql.join(blocks)} on conflict (block)
    do update set first = min(first, excluded.first), last = max(last, excluded.last)`.execute(database)
}

export async function forgetWords(database: Database, seqs: readonly number[]): Promise<void> {
  if (seqs.length > 0) await sql`delete from history_words where rowid in (${sql.join(seqs)})`.execute(database)
}

/** The codes of values, by kind and value; a value that no entry ever had has none. */
export async function codesOf(database: Database, facets: readonly string[]): Promise<Map<string, string>> {
  const known = await sql<{ id: number; facet: string }>`
    select id, facet from history_codes where facet in (${sql.join(facets)})`.execute(database)
  return new Map(known.rows.map(({ id, facet }) => [facet, codeOf(id)]))
}

export function facetText(kind: keyof Facets, value: string): string {
  return `${kind} ${value}`
}

async function makeCodes(database: Database, rows: readonly Facets[]): Promise<Map<string, string>> {
  const facets = [...new Set(rows.flatMap((row) => kinds.map((kind) => facetText(kind, row[kind]))))]
  for (const piece of pieces(facets, 500)) {
    const values = piece.map((facet) => sql`(${facet})`)
    await sql`insert or ignore into history_codes (facet) values ${sql.join(values)}`.execute(database)
  }
  return codesOf(database, facets)
}

function codeOf(id: number): string {
  const characters = [Math.floor(id / codesOfCharacter), id % codesOfCharacter]
  return codeMark + String.fromCodePoint(...characters.map((part) => firstCode + part))
}
