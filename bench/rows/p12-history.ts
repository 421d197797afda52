import { join } from 'node:path'
import { fillHistory, timeQueries } from '../history-times.ts'
import type { Section } from '../results.ts'
import type { Row } from './row.ts'

const ENTRIES = 1_000_000
const QUERIES = 60

export const history: Row = {
  id: 'P12',
  title: 'history with 1,000,000 entries in SQLite',
  notes: [
    `Each section asks ${QUERIES} different queries a round, page and total, through the store as the API does; a sample is the time`,
    'below which 95 of 100 of them stay.',
  ],
  run: async (bench) => {
    const place = { dataDir: join(bench.folder, 'history') }
    bench.say(`  ${ENTRIES} entries are being written`)
    await fillHistory(place, ENTRIES)
    const sections = new Map<string, Section>()
    for (let round = 0; round < bench.rounds; round++) {
      for (const { name, times } of await timeQueries(place, ENTRIES, QUERIES)) {
        const section = sections.get(name) ?? emptySection(name)
        sections.set(name, section)
        section.series[0]?.samples.push(p95(times.map(({ milliseconds }) => milliseconds)))
      }
    }
    return [...sections.values()]
  },
}

function emptySection(title: string): Section {
  return {
    title,
    unit: 'ms',
    ours: 'sluice',
    series: [{ name: 'sluice', samples: [] }],
    targets: [
      { kind: 'figure', of: 'median', below: 50 },
      { kind: 'figure', of: 'median', below: 10 },
    ],
  }
}

function p95(times: readonly number[]): number {
  const sorted = times.toSorted((a, b) => a - b)
  return Number((sorted[Math.ceil(sorted.length * 0.95) - 1] ?? Number.NaN).toPrecision(5))
}
