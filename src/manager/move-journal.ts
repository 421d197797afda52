import { lstat, rm } from 'node:fs/promises'
import { basename, dirname } from 'node:path'
import { field, isRecord } from '../core/json-record.ts'
import type { Store, StoredDownload } from '../store/types.ts'
import { isoTime, localDate } from './clock.ts'
import type { Clock } from './clock.ts'
import { createEntry, withStep } from './entry.ts'
import type { ManagerLog } from './types.ts'
import { historyOf } from './view.ts'

/** A move of a finished file as it is noted before it begins. */
export interface PlannedMove {
  readonly from: string
  /** Where it will be unless somebody takes that name in between. */
  readonly to: string
  /** When the file was written, ms since 1970; the copy has the same time. */
  readonly mtimeMs: number
  /** The name that the user asked for. */
  readonly chosenName: string | null
}

const kind = 'move'
/** Some disks keep every other second only (ms). */
const coarsestTime = 2000

export async function noteMove(store: Store, id: string, planned: PlannedMove): Promise<void> {
  await store.putRecord(kind, { id, data: planned, secret: null })
}

export async function forgetMove(store: Store, id: string): Promise<void> {
  await store.removeRecord(kind, id)
}

/** A row that tells where its file is now. */
export function movedRow(row: StoredDownload, place: string, chosenName: string | null): StoredDownload {
  return { ...row, path: place, dir: dirname(place), filename: basename(place), chosenName }
}

/** Brings a new path to the row, and to the history unless it was taken out of that. */
export async function keepMoved(store: Store, row: StoredDownload): Promise<void> {
  if ((await store.historyEntry(row.id)) === null) return store.updateDownloads([row])
  const at = row.completedAt ?? row.addedAt
  const entry = historyOf(createEntry(row, ''), 'completed', at)
  await store.recordEnds([{ download: row, entry, localDate: localDate(Date.parse(at)) }])
}

/**
 * Ends the moves in the middle of which a daemon was killed: a row whose file has its new place already gets that, one
 * that was copied half stays where it is and the copy is removed. Gives the rows as they are then.
 */
export async function endMoves(
  store: Store,
  rows: readonly StoredDownload[],
  { clock, log }: { readonly clock: Clock; readonly log: ManagerLog },
): Promise<readonly StoredDownload[]> {
  const ended = new Map<string, StoredDownload>()
  for (const { id, data } of await store.records(kind)) {
    const row = rows.find((one) => one.id === id)
    const planned = readPlanned(data)
    try {
      if (row && planned) {
        const now = await endMove(row, planned, clock)
        if (now !== row) {
          await keepMoved(store, now)
          ended.set(id, now)
        }
      }
      await forgetMove(store, id)
    } catch (error) {
      // Looked at again when the daemon starts next.
      log.warn({ id, error: String(error) }, 'a move that was cut off could not be ended')
    }
  }
  return ended.size === 0 ? rows : rows.map((row) => ended.get(row.id) ?? row)
}

async function endMove(row: StoredDownload, planned: PlannedMove, clock: Clock): Promise<StoredDownload> {
  const { from, to, chosenName } = planned
  const { copyPath } = await import('../transfer/copy-verified.ts')
  await rm(copyPath(dirname(to), row.id), { force: true })
  // The row knows, the history perhaps not.
  if (row.path === to) return { ...row }
  if (row.status !== 'completed' || row.path !== from) return row
  const [old, fresh] = await Promise.all([lookAt(from), lookAt(to)])
  if (!fresh?.isFile() || fresh.size !== row.bytesDone) return row
  if (Math.abs(fresh.mtimeMs - planned.mtimeMs) > coarsestTime) return row
  // Both names are one file: the old one was about to go.
  if (old?.dev === fresh.dev && old.ino === fresh.ino) await rm(from, { force: true })
  else if (old !== null) return row
  const timeline = withStep(row.timeline, isoTime(clock.now()), 'moved', to)
  return { ...movedRow(row, to, chosenName), timeline }
}

async function lookAt(path: string) {
  try {
    return await lstat(path)
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR')) return null
    throw error
  }
}

function readPlanned(data: unknown): PlannedMove | null {
  if (!isRecord(data)) return null
  const [from, to, mtimeMs, chosenName] = ['from', 'to', 'mtimeMs', 'chosenName'].map((name) => field(data, name))
  if (typeof from !== 'string' || typeof to !== 'string' || typeof mtimeMs !== 'number') return null
  return { from, to, mtimeMs, chosenName: typeof chosenName === 'string' ? chosenName : null }
}
