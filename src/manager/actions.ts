import { SluiceError } from '../core/errors.ts'
import { positionAt } from '../core/queue-order.ts'
import type { StoredDownload } from '../store/types.ts'
import { checkPriority, checkSpeedLimit } from './check-request.ts'
import type { Desk } from './desk.ts'
import type { Entry, Run } from './entry.ts'
import type { Fetching } from './fetching.ts'
import type { Runs } from './runs.ts'
import { waitingFor } from './view.ts'

/** What a user does to one download. Each is done at once; `ledger.written()` tells when it is kept. */
export interface Actions {
  pause(entry: Entry): void
  /** Also lets a queued one start that waits for its time or for the user. */
  resume(entry: Entry): void
  /** Resolves when what it left on the disk is gone, or after a second. */
  cancel(entry: Entry): Promise<void>
  retry(entry: Entry): void
  /** Resolves when what it left on the disk is gone. */
  remove(entry: Entry, deleteFile: boolean): Promise<void>
  setPriority(entry: Entry, priority: number): void
  move(entry: Entry, to: 'top' | 'bottom' | number): void
  setLimit(entry: Entry, bytesPerSecond: number): void
}

/** Milliseconds that whoever cancels waits for the part to be gone. */
const longestWait = 1000

export function createActions(desk: Desk, fetching: Fetching, runs: Runs, pump: () => void): Actions {
  const { ledger, log, duplicates } = desk

  function pause(entry: Entry): void {
    runs.leave(entry, 'pause')
    desk.background(readStored(entry), 'the part of a paused download could not be read')
  }

  /** How many bytes are there is known when the engine has let go of the part. */
  async function readStored(entry: Entry): Promise<void> {
    if (entry.run === null) return
    await entry.run.settled
    const stored = await fetching.stored(entry)
    const { status, bytesDone } = entry.row
    if (status !== 'paused' || stored === null || stored === bytesDone) return
    if (ledger.find(entry.id) === entry) ledger.change(entry, { bytesDone: stored })
  }

  function resume(entry: Entry): void {
    const waits = waitingFor(entry, desk.view)
    if (waits === 'start-at' || waits === 'auto-start-off') {
      entry.wanted = true
      ledger.change(entry, { startAt: null }, 'resume')
      pump()
    } else {
      ledger.move(entry, 'resume')
      entry.wanted = true
    }
  }

  async function cancel(entry: Entry): Promise<void> {
    const { run } = entry
    runs.leave(entry, 'cancel', { retryAt: null })
    if (entry.row.startedAt === null || desk.settings().keepPartFiles) return
    const cleaned = clean(entry).then(() => removeLanded(entry, run))
    desk.background(cleaned, 'the file of a cancelled download could not be removed')
    const late = Promise.withResolvers<void>()
    const stop = desk.clock.after(longestWait, late.resolve)
    await Promise.race([Promise.allSettled([cleaned]), late.promise]).finally(stop)
  }

  /** A file may get its name in the very moment in which it is cancelled. */
  async function removeLanded(entry: Entry, run: Run | null): Promise<void> {
    if (run?.finished) await fetching.deleteLate(entry, run.finished)
  }

  function retry(entry: Entry): void {
    // The part belongs to a file that the server has no longer.
    entry.startOver = entry.row.error?.code === 'remote-changed'
    entry.wanted = true
    const fresh = { error: null, retryAt: null, autoRetries: 0, retries: 0, startAt: null }
    ledger.move(entry, 'retry', fresh)
  }

  /** Removes the part; a failure is told in the log and leaves it where it is. */
  async function clean(entry: Entry): Promise<void> {
    const before = entry.cleaning
    const isThere = entry.run !== null || before !== null
    const release = isThere ? desk.places.follow(entry.row) : desk.places.take(entry.row)
    // Whoever works there now needs what is there, and cleans up when it ends.
    if (release === null) return
    const own = (async () => {
      await before
      await entry.run?.settled
      try {
        await fetching.discard(entry)
        const { status } = entry.row
        if (status === 'cancelled' && ledger.find(entry.id) === entry) ledger.change(entry, nothingLeft(entry))
      } catch (error) {
        log.warn({ id: entry.id, error: String(error) }, 'a part could not be removed')
      } finally {
        release()
      }
    })()
    entry.cleaning = own
    await own
    if (entry.cleaning !== own) return
    entry.cleaning = null
    pump()
  }

  async function remove(entry: Entry, deleteFile: boolean): Promise<void> {
    await entry.moving
    const { status, startedAt } = entry.row
    if (deleteFile && status === 'completed') await fetching.deleteFinished(entry)
    if (ledger.find(entry.id) !== entry) return
    // History tells of what had begun and was taken away.
    if (startedAt !== null && status !== 'completed' && status !== 'error' && status !== 'cancelled')
      runs.leave(entry, 'cancel')
    const { run } = entry
    run?.controller.abort()
    duplicates.remove(entry)
    ledger.remove(entry)
    if (status === 'completed' || startedAt === null) return
    if (!desk.settings().keepPartFiles) await clean(entry)
    await run?.settled
    if (deleteFile) await removeLanded(entry, run)
  }

  function setPriority(entry: Entry, priority: number): void {
    if (checkPriority(priority) === entry.row.priority) return
    ledger.change(entry, { priority }, 'priority', String(priority))
  }

  function move(entry: Entry, to: 'top' | 'bottom' | number): void {
    if (to === 'top') ledger.change(entry, { position: ledger.first() })
    else if (to === 'bottom') ledger.change(entry, { position: ledger.last() })
    else if (Number.isInteger(to) && to >= 1) moveTo(entry, to)
    else throw new SluiceError('usage', 'to: it must be top, bottom or a place that counts from 1.')
  }

  function moveTo(entry: Entry, place: number): void {
    const others = ledger.inOrder().filter((one) => one !== entry && isPeer(one, entry))
    const position = positionAt(
      others.map((one) => one.row.position),
      place,
    )
    if (position !== null) {
      ledger.change(entry, { position })
      return
    }
    others.splice(place - 1, 0, entry)
    for (const one of others) ledger.change(one, { position: ledger.last() })
  }

  function setLimit(entry: Entry, bytesPerSecond: number): void {
    checkSpeedLimit(bytesPerSecond)
    const { speedLimit: _, ...options } = entry.row.options
    const limited = bytesPerSecond === 0 ? options : { ...options, speedLimit: bytesPerSecond }
    ledger.change(entry, { options: limited }, 'limit', String(bytesPerSecond))
    const limitRate = bytesPerSecond === 0 ? null : bytesPerSecond
    const adjusted = desk.engine().then((engine) => engine.adjust(entry.id, { limitRate }))
    desk.background(adjusted, 'a limit could not be applied')
  }

  return { pause, resume, cancel, retry, remove, setPriority, move, setLimit }
}

const waitingOrActive: readonly string[] = ['queued', 'active', 'paused']

function isPeer({ row }: Entry, { row: { priority } }: Entry): boolean {
  return row.priority === priority && waitingOrActive.includes(row.status)
}

function nothingLeft({ row }: Entry): Pick<StoredDownload, 'bytesDone' | 'files'> {
  const files = row.files.map((file) => ({ ...file, bytesDone: 0, status: 'queued' as const, verdict: null }))
  return { bytesDone: 0, files }
}
