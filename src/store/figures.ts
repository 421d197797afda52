import { sql } from 'kysely'
import type { Database, Engine } from './engine.ts'
import type { DownloadEnd, Figures } from './types.ts'

const mostHosts = 20
const mostTypes = 50

interface Sums {
  files: number
  bytes: number
  seconds: number
}

/** Adds completed downloads to the figures of their days, unless they were counted before. */
export async function countOnce(database: Database, ends: readonly DownloadEnd[]): Promise<void> {
  const completed = ends.filter(({ entry }) => entry.status === 'completed')
  if (completed.length === 0) return
  const added = await database
    .insertInto('counted')
    .values(completed.map(({ entry }) => ({ id: entry.id })))
    .onConflict((conflict) => conflict.doNothing())
    .returning('id')
    .execute()
  if (added.length === 0) return
  const ids = new Set(added.map(({ id }) => id))
  const counted = completed.filter(({ entry }) => ids.has(entry.id))
  const days = sumsBy(counted, ({ localDate }) => localDate)
  await database
    .insertInto('figures_by_day')
    .values(Array.from(days, ([date, sums]) => ({ date, ...sums })))
    .onConflict((conflict) =>
      conflict.column('date').doUpdateSet({
        files: sql`figures_by_day.files + excluded.files`,
        bytes: sql`figures_by_day.bytes + excluded.bytes`,
        seconds: sql`figures_by_day.seconds + excluded.seconds`,
      }),
    )
    .execute()
  const hosts = sumsBy(counted, ({ entry }) => entry.host)
  await database
    .insertInto('figures_by_host')
    .values(Array.from(hosts, ([host, { bytes }]) => ({ host, bytes })))
    .onConflict((conflict) =>
      conflict.column('host').doUpdateSet({ bytes: sql`figures_by_host.bytes + excluded.bytes` }),
    )
    .execute()
  const types = sumsBy(counted, ({ entry }) => entry.type)
  await database
    .insertInto('figures_by_type')
    .values(Array.from(types, ([type, { files }]) => ({ type, files })))
    .onConflict((conflict) =>
      conflict.column('type').doUpdateSet({ files: sql`figures_by_type.files + excluded.files` }),
    )
    .execute()
}

function sumsBy(ends: readonly DownloadEnd[], keyOf: (end: DownloadEnd) => string): Map<string, Sums> {
  const sums = new Map<string, Sums>()
  for (const end of ends) {
    const { files, bytes, seconds } = sums.get(keyOf(end)) ?? { files: 0, bytes: 0, seconds: 0 }
    const { fileSize, duration } = end.entry
    sums.set(keyOf(end), { files: files + 1, bytes: bytes + (fileSize ?? 0), seconds: seconds + duration })
  }
  return sums
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
