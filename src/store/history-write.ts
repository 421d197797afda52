import { sql } from 'kysely'
import { bulkInsert } from './bulk-insert.ts'
import { updateDownload } from './downloads.ts'
import type { Database, Engine } from './engine.ts'
import { countOnce } from './figures.ts'
import { historyDetails, historyRow } from './history-rows.ts'
import type { HistoryRow } from './schema.ts'
import type { HistoryEntry, StoredDownload } from './types.ts'

export async function recordEnd(
  engine: Engine,
  download: StoredDownload,
  entry: HistoryEntry,
  localDate: string,
): Promise<void> {
  await engine.writer.transaction().execute(async (transaction) => {
    await updateDownload(transaction, download)
    await putEntries(engine, transaction, [entry])
    await countOnce(transaction, entry, localDate)
  })
}

/** Adds entries of different downloads, a few hundred at most; each replaces the one that its download had. */
export async function putEntries(engine: Engine, database: Database, entries: readonly HistoryEntry[]): Promise<void> {
  if (entries.length === 0) return
  await dropEntries(
    engine,
    database,
    entries.map(({ id }) => id),
  )
  const rows = entries.map(historyRow)
  const classed = await countRows(database, rows)
  const inserted = await bulkInsert<{ id: string; seq: number }>(
    engine,
    database,
    'history',
    classed,
    'returning id, seq',
  )
  const seqs = new Map(inserted.map(({ id, seq }) => [id, seq]))
  const details = entries.map((entry) => historyDetails(entry, seqs.get(entry.id) ?? 0))
  await bulkInsert(
    engine,
    database,
    'history_details',
    details.map((row) => ({ ...row })),
  )
  await engine.indexWords(database, details)
}

/** False when there was none. */
export async function removeHistory(engine: Engine, id: string): Promise<boolean> {
  return engine.writer.transaction().execute((transaction) => dropEntries(engine, transaction, [id]))
}

async function dropEntries(engine: Engine, database: Database, ids: readonly string[]): Promise<boolean> {
  const dropped = await database
    .deleteFrom('history')
    .where('id', 'in', ids)
    .returning(['seq', 'host', 'class'])
    .execute()
  if (dropped.length === 0) return false
  const seqs = dropped.map(({ seq }) => seq)
  await engine.forgetWords(database, seqs)
  await database.deleteFrom('history_details').where('seq', 'in', seqs).execute()
  for (const { host, class: id } of dropped) {
    const less = { files: sql<number>`files - 1` }
    await database.updateTable('classes').set(less).where('id', '=', id).execute()
    await database.updateTable('facets').set(less).where('host', '=', host).where('class', '=', id).execute()
  }
  return true
}

type Countable = Pick<HistoryRow, 'status' | 'type' | 'kind' | 'host'>

/** Counts rows in their classes and facets; gives them back with the numbers of their classes. */
async function countRows<Row extends Countable>(
  database: Database,
  rows: readonly Row[],
): Promise<Array<Row & { class: number }>> {
  const classes = tally(rows, classKey, ({ status, type, kind }) => ({ status, type, kind }))
  const counted = await database
    .insertInto('classes')
    .values(classes)
    .onConflict((conflict) =>
      conflict.columns(['status', 'type', 'kind']).doUpdateSet({ files: sql`classes.files + excluded.files` }),
    )
    .returning(['id', 'status', 'type', 'kind'])
    .execute()
  const ids = new Map(counted.map((one) => [classKey(one), one.id]))
  const classed = rows.map((row) => ({ ...row, class: ids.get(classKey(row)) ?? 0 }))
  const facets = tally(
    classed,
    (row) => `${row.class} ${row.host}`,
    (row) => ({ host: row.host, class: row.class }),
  )
  await database
    .insertInto('facets')
    .values(facets)
    .onConflict((conflict) =>
      conflict.columns(['host', 'class']).doUpdateSet({ files: sql`facets.files + excluded.files` }),
    )
    .execute()
  return classed
}

function classKey({ status, type, kind }: Pick<Countable, 'status' | 'type' | 'kind'>): string {
  return JSON.stringify([status, type, kind])
}

/** One item for each key, with the number of rows that have it. */
function tally<Row, Item>(
  rows: readonly Row[],
  keyOf: (row: Row) => string,
  itemOf: (row: Row) => Item,
): Array<Item & { files: number }> {
  const counts = new Map<string, Item & { files: number }>()
  for (const row of rows) {
    const key = keyOf(row)
    counts.set(key, { ...itemOf(row), files: (counts.get(key)?.files ?? 0) + 1 })
  }
  return [...counts.values()]
}
