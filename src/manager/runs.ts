import { autoRetryDelay } from '../core/auto-retry.ts'
import type { DownloadAction } from '../core/download-states.ts'
import { asSluiceError } from '../core/errors.ts'
import type { SluiceError } from '../core/errors.ts'
import type { StoredDownload } from '../store/types.ts'
import { isoTime } from './clock.ts'
import type { Desk } from './desk.ts'
import { idle, problemOf } from './entry.ts'
import type { Entry, Run } from './entry.ts'
import type { Fetched, Fetching, RunEvent } from './fetching.ts'
import { storedFile } from './files-view.ts'
import { liesInFolder, nameAt } from './model-place.ts'
import { activeSeconds } from './view.ts'

/** The transfers at the engine. */
export interface Runs {
  /** Places in use: also those of stopped ones that the engine has not let go of. */
  readonly size: number
  /** Bytes received since the daemon started. */
  readonly received: number
  speed(): number
  start(entry: Entry): void
  /** Moves a download on; one that runs is stopped by it. */
  leave(entry: Entry, action: DownloadAction, fields?: Partial<StoredDownload>, detail?: string): void
  /** Stops all without moving them, so that they go on at the next start. */
  stopAll(): void
  /** Resolves when the engine has let go of all that run now. */
  settled(): Promise<void>
}

/** More than was free when the disk was full: otherwise one download would start again and again. */
const moreSpace = 64 * 1024 * 1024

export function createRuns(desk: Desk, fetching: Fetching, onSettled: () => void): Runs {
  const { ledger, clock, log } = desk
  const running = new Set<Run>()
  let received = 0

  function start(entry: Entry): void {
    const { row } = entry
    const run: Run = {
      controller: new AbortController(),
      since: clock.elapsed(),
      bytesBefore: null,
      settled: Promise.resolve(),
      finished: null,
    }
    const release = desk.places.take(row)
    entry.wanted = true
    running.add(run)
    entry.run = run
    ledger.move(entry, 'start', { startedAt: row.startedAt ?? isoTime(clock.now()), error: null })
    run.settled = carryOut(entry, run)
      .finally(release)
      .then((error) => settle(entry, run, error))
  }

  async function carryOut(entry: Entry, run: Run): Promise<SluiceError | null> {
    try {
      run.finished = await fetching.fetch(entry, run.controller.signal, (event) => hear(entry, run, event))
      return null
    } catch (thrown) {
      return asSluiceError(thrown)
    }
  }

  function settle(entry: Entry, run: Run, error: SluiceError | null): void {
    try {
      if (ledger.find(entry.id) === entry) conclude(entry, run, error)
    } catch (fault) {
      log.error({ id: entry.id, fault: String(fault) }, 'the end of a transfer could not be noted')
    } finally {
      entry.live = idle
      entry.run = null
      running.delete(run)
      onSettled()
    }
  }

  function conclude(entry: Entry, run: Run, error: SluiceError | null): void {
    const { status } = entry.row
    // What was paused or sent back too late is complete all the same.
    if (run.finished && status !== 'cancelled') complete(entry, run.finished)
    else if (status === 'active' && desk.closing()) ledger.change(entry, { activeSeconds: activeSeconds(entry, clock) })
    else if (status === 'active' && error) fail(entry, error)
  }

  function complete(entry: Entry, finished: Fetched): void {
    const { path, bytes, verdict, digests, files = [], alreadyThere } = finished
    const seconds = activeSeconds(entry, clock)
    if (!alreadyThere) received += Math.max(0, bytes - entry.row.bytesDone)
    if (entry.row.status === 'paused') ledger.move(entry, 'resume')
    if (entry.row.status === 'queued') ledger.move(entry, 'start')
    entry.startOver = false
    entry.live = idle
    ledger.move(entry, 'complete', {
      path,
      filename: nameAt(entry.row, path),
      bytesDone: bytes,
      bytesTotal: bytes,
      verdict,
      digests,
      files: files.map(storedFile),
      activeSeconds: seconds,
      completedAt: isoTime(clock.now()),
      error: null,
      autoRetries: 0,
    })
  }

  function fail(entry: Entry, error: SluiceError): void {
    const settings = desk.settings()
    const { bytesTotal, bytesDone, autoRetries } = entry.row
    if (error.code === 'disk-full' && settings.pauseOnLowDisk && liesInFolder(entry.row)) {
      const rest = Math.max(0, (bytesTotal ?? 0) - bytesDone) + settings.minFreeSpace
      entry.needsSpace = Math.max(rest, (desk.disk.free() ?? 0) + moreSpace)
      leave(entry, 'requeue', {}, error.message)
      desk.events.warning(entry.id, 'disk-full', error.message)
      desk.disk.keepLooking()
      return
    }
    const delay = error.retryable && settings.autoRetry ? autoRetryDelay(autoRetries, error.retryAfter) : null
    const retryAt = delay === null ? null : isoTime(clock.now() + delay)
    const problem = { error: problemOf(error), retryAt, autoRetries: autoRetries + (delay === null ? 0 : 1) }
    leave(entry, 'fail', problem, error.message)
  }

  function leave(entry: Entry, action: DownloadAction, fields: Partial<StoredDownload> = {}, detail = ''): void {
    const seconds = activeSeconds(entry, clock)
    const wasActive = entry.row.status === 'active'
    ledger.move(entry, action, { ...fields, activeSeconds: seconds }, detail)
    entry.live = idle
    if (wasActive) entry.run?.controller.abort()
  }

  function hear(entry: Entry, run: Run, event: RunEvent): void {
    if (entry.run !== run || entry.row.status !== 'active') return
    if (event.type === 'start') {
      run.bytesBefore = event.resumedFrom
      const { path, bytesTotal, resumedFrom } = event
      ledger.change(entry, { path, filename: nameAt(entry.row, path), bytesTotal, bytesDone: resumedFrom })
    } else if (event.type === 'progress') {
      const { bytesDone, bytesTotal, speed, eta, connections } = event
      received += Math.max(0, bytesDone - entry.row.bytesDone)
      entry.live = { speed, eta, connections }
      const moved = bytesDone > (run.bytesBefore ?? bytesDone)
      ledger.count(entry, { bytesDone, bytesTotal, autoRetries: moved ? 0 : entry.row.autoRetries })
    } else if (event.type === 'retry') {
      ledger.change(entry, { retries: event.attempt }, 'retry', event.message)
    } else if (event.type === 'warning') {
      warned(entry, event)
    } else if (event.type === 'files') {
      entry.filesChanged = true
      ledger.count(entry, { files: event.files.map(storedFile) })
    } else if (event.type === 'found') {
      ledger.change(entry, event.change, event.detail === '' ? undefined : 'release', event.detail)
    } else if (event.type === 'phase') {
      ledger.change(entry, {}, 'phase', event.phase)
    }
  }

  /** What is only worth knowing goes to the timeline under its own name, and troubles nobody. */
  function warned(entry: Entry, { code, message, host }: Extract<RunEvent, { type: 'warning' }>): void {
    if (code === 'connections-capped') ledger.change(entry, {}, code, message)
    else if (code === 'redirected') ledger.change(entry, {}, code, host)
    else {
      ledger.change(entry, {}, 'warning', message)
      desk.events.warning(entry.id, code, message)
    }
  }

  return {
    get size() {
      return running.size
    },
    get received() {
      return received
    },
    speed: () => Array.from(ledger.with('active')).reduce((sum, { live }) => sum + live.speed, 0),
    start,
    leave,
    stopAll() {
      for (const run of running) run.controller.abort()
    },
    async settled() {
      await Promise.all(Array.from(running, (run) => run.settled))
    },
  }
}

/** As it is kept: whoever tells of a file may know more of it. */
