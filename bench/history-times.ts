import { CompiledQuery, sql } from 'kysely'
import type { Engine } from '../src/store/engine.ts'
import { putEntries } from '../src/store/history-write.ts'
import { migrate } from '../src/store/migrate.ts'
import { newestSchema } from '../src/store/migrations.ts'
import { openStore } from '../src/store/open-store.ts'
import type { StoreOptions } from '../src/store/open-store.ts'
import { openPostgres } from '../src/store/postgres-engine.ts'
import { openSqlite } from '../src/store/sqlite-engine.ts'
import type { HistoryQuery } from '../src/store/types.ts'
import { historyEntries } from './history-entries.ts'
import { queryGroups } from './history-queries.ts'

export interface Timed {
  readonly query: HistoryQuery
  readonly milliseconds: number
  readonly total: number
}

/** Makes a store with that many entries, unless it has them; gives its size in bytes. */
export async function fillHistory(place: StoreOptions, rows: number): Promise<number> {
  const engine = await openEngine(place)
  try {
    await migrate(engine)
    const { there } = await engine.reader
      .selectFrom('history')
      .select(({ fn }) => fn.countAll<number>().as('there'))
      .executeTakeFirstOrThrow()
    if (there >= rows) return (await engine.size()) ?? 0
    const finish = place.database === undefined ? await hurrySqlite(engine) : async () => undefined
    for (let start = there; start < rows; start += 20 * 250) {
      await engine.writer.transaction().execute(async (transaction) => {
        for (let from = start; from < Math.min(start + 20 * 250, rows); from += 250) {
          await putEntries(engine, transaction, historyEntries(from, Math.min(250, rows - from), rows))
        }
      })
    }
    await finish()
    // What PostgreSQL does by itself a minute later.
    if (place.database !== undefined) await sql`vacuum analyze`.execute(engine.writer)
    return (await engine.size()) ?? 0
  } finally {
    await engine.close()
  }
}

/** A filling daemon has years; the bench has memory, and makes the indexes at the end. */
async function hurrySqlite({ writer }: Engine): Promise<() => Promise<void>> {
  const setHashSize = (bytes: number) =>
    sql`insert into history_words (history_words, rank) values ('hashsize', cast(${bytes} as integer))`.execute(writer)
  const indexes = await sql<{ name: string; sql: string }>`
    select name, sql from sqlite_schema where type = 'index' and tbl_name = 'history' and sql is not null`.execute(
    writer,
  )
  await sql`pragma cache_size = -1000000`.execute(writer)
  await sql`pragma synchronous = off`.execute(writer)
  await setHashSize(64 * 2 ** 20)
  for (const { name } of indexes.rows) await sql`drop index ${sql.ref(name)}`.execute(writer)
  return async () => {
    for (const { sql: text } of indexes.rows) await writer.executeQuery(CompiledQuery.raw(text))
    await setHashSize(2 ** 20)
  }
}

/** Asks each query once, one after the other. */
export async function timeQueries(
  place: StoreOptions,
  rows: number,
  count: number,
): Promise<Array<{ readonly name: string; readonly times: readonly Timed[] }>> {
  const store = await openStore(place)
  try {
    const groups = []
    for (const { name, queries } of queryGroups(rows, count)) {
      const times: Timed[] = []
      for (const query of queries) {
        const started = performance.now()
        const { total } = await store.queryHistory(query)
        times.push({ query, milliseconds: performance.now() - started, total })
      }
      groups.push({ name, times })
    }
    return groups
  } finally {
    await store.close()
  }
}

function openEngine({ dataDir, database }: StoreOptions): Promise<Engine> {
  return database === undefined ? openSqlite(dataDir, newestSchema) : openPostgres(database)
}
