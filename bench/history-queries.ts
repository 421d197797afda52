import type { HistoryQuery, HistorySort } from '../src/store/types.ts'
import { DAYS, FIRST_DAY, HOSTS, WORDS, favoured, historyEntries, randomNumbers } from './history-entries.ts'

type Part = Partial<HistoryQuery>
type Random = () => number

const SORTS: readonly HistorySort[] = ['date', 'name', 'size', 'speed', 'duration', 'status', 'host', 'type']
const TYPES = ['zip', 'gguf', 'iso', 'txt', 'png', 'none']
const STATUSES = ['completed', 'error', 'cancelled'] as const

const filters: Readonly<Record<string, (random: Random) => Part>> = {
  status: (random) => ({ status: [one(STATUSES, random)] }),
  type: (random) => ({ type: one(TYPES, random) }),
  host: (random) => ({ host: favoured(HOSTS, random) }),
  kind: (random) => ({ kind: one(['http', 'hf', 'none'], random) }),
  dates: (random) => {
    const since = FIRST_DAY + random() * DAYS * 86_400_000
    const until = since + random() ** 2 * DAYS * 86_400_000
    return { since: new Date(since).toISOString(), until: new Date(until).toISOString() }
  },
  size: (random) => ({
    minSize: 10 ** (2 + random() * 8),
    ...(random() < 0.5 ? { maxSize: 10 ** (6 + random() * 4) } : {}),
  }),
}

const searches: Readonly<Record<string, (random: Random) => string>> = {
  'a word': (random) => favoured(WORDS, random),
  'a common text': (random) => one(['https', '.com/', 'resolve/main', '.gguf', 'main'], random),
  'one file name': (random) => historyEntries(Math.floor(random() * 1e6), 1, 1e6)[0]?.filename ?? '',
  'an absent text': (random) => one(['qqqqzzzz', 'resolve/maim', 'ubuntu 24', '100%_sure', 'öäü'], random),
  'one or two characters': (random) => one(['a', 'e', 'zz', 'xq', 'qj', '-1', '77', '%', 'ü', 'jq', '.p'], random),
}

/** Groups of queries, made anew from the same numbers at each run. */
export function queryGroups(
  rows: number,
  count: number,
): Array<{ readonly name: string; readonly queries: HistoryQuery[] }> {
  const random = randomNumbers(2026)
  const group = (name: string, make: () => Part): { name: string; queries: HistoryQuery[] } => ({
    name,
    queries: Array.from({ length: count }, () => ({
      sort: one(SORTS, random),
      descending: random() < 0.5,
      limit: 50,
      offset: 0,
      ...make(),
    })),
  })
  const filter = (): Part => one(Object.values(filters), random)(random)
  const search = (): Part => ({ search: one(Object.values(searches), random)(random) })
  return [
    group('any sort, first pages', () => ({ offset: Math.floor(random() * 20) * 50 })),
    group('any sort, deep pages', () => ({ offset: Math.floor(random() * rows) })),
    ...Object.entries(filters).map(([name, make]) => group(`by ${name}`, () => make(random))),
    group('two filters', () => ({ ...filter(), ...filter() })),
    group('four filters', () => ({ ...filter(), ...filter(), ...filter(), ...filter() })),
    group('a filter, deep pages', () => ({ ...filter(), offset: Math.floor(random() ** 2 * rows * 0.2) })),
    ...Object.entries(searches).map(([name, make]) => group(`search for ${name}`, () => ({ search: make(random) }))),
    group('search and a filter', () => ({ ...search(), ...filter() })),
    group('search and two filters', () => ({ ...search(), ...filter(), ...filter() })),
  ]
}

function one<T>(choices: readonly T[], random: Random): T {
  return choices[Math.floor(random() * choices.length)] as T
}
