import { bulkInsert, pieces } from './bulk-insert.ts'
import { downloadOf, downloadRow } from './download-rows.ts'
import type { Database, Engine } from './engine.ts'
import type { StoredDownload } from './types.ts'

const pieceSize = 100

export async function loadDownloads({ writer }: Engine): Promise<StoredDownload[]> {
  const rows = await writer.selectFrom('downloads').selectAll().orderBy('position').orderBy('id').execute()
  return rows.map(downloadOf)
}

export async function insertDownloads(engine: Engine, downloads: readonly StoredDownload[]): Promise<void> {
  await engine.writer.transaction().execute(async (transaction) => {
    for (const piece of pieces(downloads, pieceSize)) {
      await bulkInsert(engine, transaction, 'downloads', piece.map(record))
    }
  })
}

export async function updateDownloads(engine: Engine, downloads: readonly StoredDownload[]): Promise<void> {
  await engine.writer.transaction().execute((transaction) => replaceDownloads(engine, transaction, downloads))
}

/** A download that is not there is not missed; of one that is named twice, the last counts. */
export async function replaceDownloads(
  engine: Engine,
  database: Database,
  downloads: readonly StoredDownload[],
): Promise<void> {
  const byId = new Map(downloads.map((download) => [download.id, download]))
  for (const ids of pieces([...byId.keys()], pieceSize)) {
    const there = await database.selectFrom('downloads').select('id').where('id', 'in', ids).execute()
    const rows = there.flatMap(({ id }) => byId.get(id) ?? []).map(record)
    const columns = Object.keys(rows[0] ?? {}).map((column) => `${column} = excluded.${column}`)
    await bulkInsert(engine, database, 'downloads', rows, `on conflict (id) do update set ${columns.join(', ')}`)
  }
}

export async function removeDownloads({ writer }: Engine, ids: readonly string[]): Promise<void> {
  await writer.transaction().execute(async (transaction) => {
    for (const piece of pieces(ids, pieceSize)) {
      await transaction.deleteFrom('downloads').where('id', 'in', piece).execute()
    }
  })
}

function record(download: StoredDownload): Readonly<Record<string, unknown>> {
  return { ...downloadRow(download) }
}
