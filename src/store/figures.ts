import { sql } from 'kysely'
import type { Database, Engine } from './engine.ts'
import type { Figures, HistoryEntry } from './types.ts'

const mostHosts = 20
const mostTypes = 50

/** Adds a completed download to the figures of its day, unless it was counted before. */
export async function countOnce(database: Database, entry: HistoryEntry, date: string): Promise<void> {
  if (entry.status !== 'completed') return
  const added = await database
    .insertInto('counted')
    .values({ id: entry.id })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst()
  if (added.numInsertedOrUpdatedRows !== 1n) return
  const bytes = entry.fileSize ?? 0
  await database
    .insertInto('figures_by_day')
    .values({ date, files: 1, bytes, seconds: entry.duration })
    .onConflict((conflict) =>
      conflict.column('date').doUpdateSet({
        files: sql`figures_by_day.files + 1`,
        bytes: sql`figures_by_day.bytes + excluded.bytes`,
        seconds: sql`figures_by_day.seconds + excluded.seconds`,
      }),
    )
    .execute()
  await database
    .insertInto('figures_by_host')
    .values({ host: entry.host, bytes })
    .onConflict((conflict) =>
      conflict.column('host').doUpdateSet({ bytes: sql`figures_by_host.bytes + excluded.bytes` }),
    )
    .execute()
  await database
    .insertInto('figures_by_type')
    .values({ type: entry.type, files: 1 })
    .onConflict((conflict) => conflict.column('type').doUpdateSet({ files: sql`figures_by_type.files + 1` }))
    .execute()
}

export async function readFigures({ reader }: Engine, firstDate: string): Promise<Figures> {
  const totals = await sql<{ files: number | null; bytes: number | null; seconds: number | null }>`
    select cast(sum(files) as bigint) as files, cast(sum(bytes) as bigint) as bytes, sum(seconds) as seconds
    from figures_by_day`.execute(reader)
  const hosts = await reader
    .selectFrom('figures_by_host')
    .selectAll()
    .orderBy('bytes', 'desc')
    .orderBy('host')
    .limit(mostHosts)
    .execute()
  const types = await reader
    .selectFrom('figures_by_type')
    .selectAll()
    .orderBy('files', 'desc')
    .orderBy('type')
    .limit(mostTypes)
    .execute()
  const days = await reader
    .selectFrom('figures_by_day')
    .select(['date', 'files', 'bytes'])
    .where('date', '>=', firstDate)
    .orderBy('date')
    .execute()
  const total = totals.rows[0]
  return {
    totalFiles: total?.files ?? 0,
    totalBytes: total?.bytes ?? 0,
    totalTime: total?.seconds ?? 0,
    topDomains: Object.fromEntries(hosts.map(({ host, bytes }) => [host, bytes])),
    fileTypeStats: Object.fromEntries(types.map(({ type, files }) => [type, files])),
    days: days.map(({ date, files, bytes }) => ({ date, files, bytes })),
  }
}
