import { CompiledQuery } from 'kysely'
import type { Database, Engine } from './engine.ts'
import type { Tables } from './schema.ts'

/**
 * Inserts rows that all have the same columns in one statement, written here because building a query of thousands of
 * values takes Kysely longer than the database needs for it.
 */
export async function bulkInsert<Answer = never>(
  engine: Pick<Engine, 'placeholder'>,
  database: Database,
  table: keyof Tables | 'history_words',
  rows: readonly Readonly<Record<string, unknown>>[],
  ending = '',
): Promise<Answer[]> {
  const first = rows[0]
  if (first === undefined) return []
  const columns = Object.keys(first)
  let index = 0
  const lines = rows.map(() => `(${columns.map(() => engine.placeholder(++index)).join(', ')})`)
  const text = `insert into ${table} (${columns.join(', ')}) values ${lines.join(', ')} ${ending}`
  const values = rows.flatMap((row) => columns.map((column) => row[column]))
  return (await database.executeQuery<Answer>(CompiledQuery.raw(text, values))).rows
}

/** Rows by the piece, so that a statement stays small enough for both engines and for others to get their turn. */
export function* pieces<T>(items: readonly T[], size: number): Generator<readonly T[]> {
  for (let start = 0; start < items.length; start += size) yield items.slice(start, start + size)
}
