import type { Database, Engine } from './engine.ts'
import { entryColumns, entryOf } from './history-rows.ts'
import type { HistoryEntry } from './types.ts'

export async function historyEntry({ reader }: Engine, id: string): Promise<HistoryEntry | null> {
  const row = await details(reader).where('h.id', '=', id).executeTakeFirst()
  return row === undefined ? null : entryOf(row)
}

/** Entries by the numbers of their rows, in that order; those that have gone are left out. */
export async function entriesOf(database: Database, seqs: readonly number[]): Promise<HistoryEntry[]> {
  if (seqs.length === 0) return []
  const rows = await details(database).where('h.seq', 'in', seqs).execute()
  const bySeq = new Map(rows.map((row) => [row.seq, row]))
  return seqs.flatMap((seq) => {
    const row = bySeq.get(seq)
    return row === undefined ? [] : [entryOf(row)]
  })
}

function details(database: Database) {
  return database.selectFrom('history as h').innerJoin('history_details as d', 'd.seq', 'h.seq').select(entryColumns)
}
