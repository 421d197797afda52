/**
 * node bench/history.ts [--rows N] [--postgres] [--keep FOLDER]
 * Fills a store with a history and times queries of it. Slow queries are shown with their text.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { startPostgres } from '../test/support/postgres.ts'
import { fillHistory, timeQueries } from './history-times.ts'

const { values } = parseArgs({
  options: {
    rows: { type: 'string', default: '1000000' },
    queries: { type: 'string', default: '60' },
    postgres: { type: 'boolean', default: false },
    keep: { type: 'string' },
  },
})
const rows = Number(values.rows)
const server = values.postgres ? await startPostgres() : undefined
const folder = values.keep ?? (await mkdtemp(join(tmpdir(), 'sluice-history-')))
try {
  const database = await server?.createDatabase()
  const place = { dataDir: folder, ...(database === undefined ? {} : { database }) }
  const started = performance.now()
  const size = await fillHistory(place, rows)
  const seconds = (performance.now() - started) / 1000
  console.log(`${rows} entries, ${(size / 1e6).toFixed(0)} MB, in ${seconds.toFixed(1)} s`)
  for (const { name, times } of await timeQueries(place, rows, Number(values.queries))) {
    const sorted = times.toSorted((a, b) => a.milliseconds - b.milliseconds)
    const at = (share: number): string =>
      (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]?.milliseconds ?? 0).toFixed(1).padStart(7)
    console.log(`${name.padEnd(36)} p50 ${at(0.5)}  p95 ${at(0.95)}  max ${at(1)}  ms`)
    for (const { query, milliseconds, total } of sorted.slice(-3)) {
      if (milliseconds > 10) console.log(`    ${milliseconds.toFixed(0)} ms, ${total}: ${JSON.stringify(query)}`)
    }
  }
} finally {
  await server?.stop()
  if (values.keep === undefined) await rm(folder, { recursive: true, force: true })
}
