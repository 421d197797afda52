import type { Engine } from './engine.ts'
import { entriesOf } from './history-entries.ts'
import { conditionsOf, historyFilter } from './history-filter.ts'
import { matchesIn, nextStretch } from './history-pass.ts'
import type { Place } from './history-pass.ts'
import { findHistory, maxCounted } from './history-read.ts'
import type { HistoryEntry, HistoryQuery } from './types.ts'

const pageSize = 500
/** Rows that one step looks at, so that no step takes long. */
const stretchLength = 10_000

/** Puts a step in its place among the other calls of the store. */
type Step = <T>(task: () => Promise<T>) => Promise<T>

/** The entries that match, in order, in small steps: few as they are found at the start, many as they are passed. */
export async function* exportHistory(engine: Engine, query: HistoryQuery, step: Step): AsyncGenerator<HistoryEntry> {
  let place = 0
  for await (const entries of pagesOf(engine, query, step)) {
    yield* entries.slice(Math.max(0, query.offset - place), Math.max(0, query.offset + query.limit - place))
    place += entries.length
    if (place >= query.offset + query.limit) return
  }
}

/** All of them, whatever page the query asks for. */
async function* pagesOf(engine: Engine, query: HistoryQuery, step: Step): AsyncGenerator<readonly HistoryEntry[]> {
  const { reader } = engine
  const all = { ...query, limit: maxCounted, offset: 0 }
  const found = await step(() => reader.transaction().execute((database) => findHistory(engine, database, all)))
  if (found.total <= maxCounted) {
    for (let start = 0; start < found.seqs.length; start += pageSize) {
      yield await step(() => entriesOf(reader, found.seqs.slice(start, start + pageSize)))
    }
    return
  }
  const page = { ...query, limit: pageSize, offset: 0 }
  let after: Place | null = null
  for (let isEnd = false; !isEnd;) {
    const from: Place | null = after
    const next = await step(async () => {
      const filter = await historyFilter(engine, reader, query)
      const stretch = await nextStretch(engine, reader, page, filter, from, stretchLength)
      const places = await matchesIn(engine, reader, page, stretch, [conditionsOf(filter)])
      const isFull = places.length === pageSize
      const entries = await entriesOf(
        reader,
        places.map(({ seq }) => seq),
      )
      return {
        entries,
        after: isFull ? (places.at(-1) ?? null) : stretch.until,
        isEnd: !isFull && stretch.until === null,
      }
    })
    yield next.entries
    after = next.after
    isEnd = next.isEnd
  }
}
