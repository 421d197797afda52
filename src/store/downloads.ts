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

export async function updateDownloads({ writer }: Engine, downloads: readonly StoredDownload[]): Promise<void> {
  const [first] = downloads
  if (first !== undefined && downloads.length === 1) return updateDownload(writer, first)
  await writer.transaction().execute(async (transaction) => {
    for (const download of downloads) await updateDownload(transaction, download)
  })
}

/** A download that is not there is not missed. */
export async function updateDownload(database: Database, download: StoredDownload): Promise<void> {
  const { id, ...values } = downloadRow(download)
  await database.updateTable('downloads').set(values).where('id', '=', id).execute()
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
