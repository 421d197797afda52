import { sql } from 'kysely'
import type { RawBuilder } from 'kysely'
import type { Database } from './engine.ts'
import type { HistoryFilter } from './history-filter.ts'
import { allOf, isOneOf } from './sql-parts.ts'

/** How many entries have the status, type, kind and host asked for: exact, without looking at any. */
export async function countFacets(
  database: Database,
  { classes, hosts }: Pick<HistoryFilter, 'classes' | 'hosts'>,
): Promise<number> {
  const total = sql`select cast(coalesce(sum(files), 0) as bigint) as total`
  const chosen = allOf(classes)
  const counted = await (
    hosts === null
      ? sql<{ total: number }>`${total} from classes as c where ${chosen}`
      : sql<{ total: number }>`${total} from facets
          where ${isOneOf(sql.ref('host'), hosts)} and class in (select c.id from classes as c where ${chosen})`
  ).execute(database)
  return counted.rows[0]?.total ?? 0
}

/** Rows `h` of a source for which a condition holds, counted up to `limit`. */
export async function countMatches(
  database: Database,
  { source, where }: { readonly source: RawBuilder<unknown>; readonly where: RawBuilder<boolean> },
  limit: number,
): Promise<number> {
  const counted = await sql<{ total: number }>`
    select count(*) as total from (select 1 from ${source} where ${where} limit ${limit}) as r`.execute(database)
  return counted.rows[0]?.total ?? 0
}
