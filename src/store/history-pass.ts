import { sql } from 'kysely'
import type { RawBuilder } from 'kysely'
import type { Database, Engine, HistoryColumn } from './engine.ts'
import type { HistoryFilter } from './history-filter.ts'
import { allOf, isOneOf } from './sql-parts.ts'
import { keepable } from './text.ts'
import type { HistoryQuery, HistorySort } from './types.ts'

/** A row's place in the order of a sort. */
export interface Place {
  readonly seq: number
  readonly key: string | number
}

/** Part of the rows in the order of a sort. */
export interface Stretch {
  readonly after: Place | null
  /** Its last row, whether it matches or not; null for the end. */
  readonly until: Place | null
}

const columns: Readonly<Record<HistorySort, HistoryColumn>> = {
  date: 'ended',
  name: 'name',
  size: 'size',
  speed: 'speed',
  duration: 'duration',
  status: 'status',
  host: 'host',
  type: 'type',
}

/** All rows. */
export const everything: Stretch = { after: null, until: null }

/** What a sort goes by, written so that no index is chosen for its order. */
export function unindexed(query: HistoryQuery): RawBuilder<unknown> {
  return sql`coalesce(${keyOf(query)}, null)`
}

/** The column that a sort goes by, of the row `h`. */
function keyOf(query: HistoryQuery): RawBuilder<string | number> {
  return sql.ref(`h.${columns[query.sort]}`)
}

export function direction({ descending }: HistoryQuery): RawBuilder<unknown> {
  return descending ? sql`desc` : sql`asc`
}

/** The stretch of the next `most` rows in the order of the sort, match or not. */
export async function nextStretch(
  engine: Engine,
  database: Database,
  query: HistoryQuery,
  filter: HistoryFilter,
  after: Place | null,
  most: number,
): Promise<Stretch> {
  const where = allOf([...rangeOfSort(query, filter), ...bounds(query, { after, until: null })])
  const [until] = await places(engine, database, query, where, 1, most - 1)
  return { after, until: until ?? null }
}

/** The rows in a stretch for which the conditions hold, in order. */
export async function matchesIn(
  engine: Engine,
  database: Database,
  query: HistoryQuery,
  stretch: Stretch,
  conditions: readonly RawBuilder<boolean>[],
): Promise<readonly Place[]> {
  const where = allOf([...conditions, ...bounds(query, stretch)])
  return places(engine, database, query, where, query.limit, query.offset)
}

async function places(
  engine: Engine,
  database: Database,
  query: HistoryQuery,
  where: RawBuilder<boolean>,
  limit: number,
  offset: number,
): Promise<readonly Place[]> {
  const rows = await sql<Place>`
    select h.seq as seq, ${keyOf(query)} as key from ${engine.historyBy(columns[query.sort])} where ${where}
    order by ${keyOf(query)} ${direction(query)}, h.seq ${direction(query)} limit ${limit} offset ${offset}`.execute(
    database,
  )
  return rows.rows
}

/** Conditions on the column of the sort itself, which its index finds at once. */
export function rangeOfSort(query: HistoryQuery, filter: HistoryFilter): readonly RawBuilder<boolean>[] {
  switch (query.sort) {
    case 'date':
      return filter.ended
    case 'size':
      return filter.size
    case 'host':
      return filter.hosts === null ? [] : [isOneOf(sql.ref('h.host'), filter.hosts)]
    case 'type':
      return query.type === undefined ? [] : [sql<boolean>`h.type = ${keepable(query.type)}`]
    case 'status':
      return query.status === undefined ? [] : [sql<boolean>`h.status in (${sql.join(query.status)})`]
    case 'name':
    case 'speed':
    case 'duration':
      return []
  }
}

function bounds(query: HistoryQuery, { after, until }: Stretch): RawBuilder<boolean>[] {
  const [beyond, upTo] = query.descending ? [sql`<`, sql`>=`] : [sql`>`, sql`<=`]
  const row = sql`(${keyOf(query)}, h.seq)`
  return [
    ...(after === null ? [] : [sql<boolean>`${row} ${beyond} (${after.key}, ${after.seq})`]),
    ...(until === null ? [] : [sql<boolean>`${row} ${upTo} (${until.key}, ${until.seq})`]),
  ]
}
