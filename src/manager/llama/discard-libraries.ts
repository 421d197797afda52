import type { Desk } from '../desk.ts'
import type { Entry } from '../entry.ts'
import { downloadRequest } from './llama-options.ts'

/**
 * Removes the archives that a stopped download has left. Another one that is not complete may count on the same: then they
 * stay, and what nobody goes on with is swept away by time.
 */
export async function discardLibraries(desk: Desk, { id, row }: Entry): Promise<void> {
  const tag = row.options.llama?.tag
  for (const other of desk.ledger.all()) {
    if (other.id === id || other.row.kind !== 'llama' || ended.has(other.row.status)) continue
    if (tag === undefined || (other.row.options.llama?.tag ?? tag) === tag) return
  }
  const { world, plan, discard } = await desk.llama()
  const onWarning = (message: string): void => desk.log.warn({ id }, message)
  await discard(world, await plan(world, downloadRequest(row.reference, row.options), { ask: true, onWarning }))
}

const ended: ReadonlySet<string> = new Set(['completed', 'cancelled'])
