import { sql } from 'kysely'
import { bulkInsert } from './bulk-insert.ts'
import { replaceDownloads } from './downloads.ts'
import type { Database, Engine } from './engine.ts'
import { countOnce } from './figures.ts'
import { historyDetails, historyRow } from './history-rows.ts'
import type { HistoryRow } from './schema.ts'
import { tally } from './tally.ts'
import type { DownloadEnd, HistoryEntry } from './types.ts'

/** So many ends are one transaction. */
const pieceSize = 200

export async function recordEnds(engine: Engine, ends: readonly DownloadEnd[]): Promise<void> {
  for (const piece of distinctPieces(ends)) {
    await engine.writer.transaction().execute(async (transaction) => {
      await replaceDownloads(
        engine,
        transaction,
        piece.map(({ download }) => download),
      )
      await putEntries(
        engine,
        transaction,
        piece.map(({ entry }) => entry),
      )
      await countOnce(transaction, piece)
    })
  }
}

/** A download that ends twice does so in different pieces. */
function distinctPieces(ends: readonly DownloadEnd[]): DownloadEnd[][] {
  const found: Array<Map<string, DownloadEnd>> = []
  for (const end of ends) {
    const last = found.at(-1)
    const { id } = end.entry
    if (last === undefined || last.size === pieceSize || last.has(id)) found.push(new Map([[id, end]]))
    else last.set(id, end)
  }
  return found.map((piece) => [...piece.values()])
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
  const indexed = rows.map((row, index) => {
    const { seq = 0, words = '' } = details[index] ?? {}
    return { ...row, seq, words }
  })
  await bulkInsert(
    engine,
    database,
    'history_details',
    details.map((row) => ({ ...row })),
  )
  await engine.indexWords(database, indexed)
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
  const classes = tally(
    dropped,
    (row) => String(row.class),
    (row) => ({ class: row.class }),
  )
  for (const { class: id, files } of classes) {
    const less = { files: sql<number>`files - ${files}` }
    await database.updateTable('classes').set(less).where('id', '=', id).execute()
  }
  for (const { host, class: id, files } of facetTally(dropped)) {
    const less = { files: sql<number>`files - ${files}` }
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
  await database
    .insertInto('facets')
    .values(facetTally(classed))
    .onConflict((conflict) =>
      conflict.columns(['host', 'class']).doUpdateSet({ files: sql`facets.files + excluded.files` }),
    )
    .execute()
  return classed
}

function classKey({ status, type, kind }: Pick<Countable, 'status' | 'type' | 'kind'>): string {
  return JSON.stringify([status, type, kind])
}

function facetTally(rows: ReadonlyArray<{ host: string; class: number }>) {
  return tally(
    rows,
    (row) => `${row.class} ${row.host}`,
    (row) => ({ host: row.host, class: row.class }),
  )
}
