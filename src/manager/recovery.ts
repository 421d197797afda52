import { nextStatus } from '../core/download-states.ts'
import type { StoredDownload } from '../store/types.ts'
import type { Engine } from '../transfer/types.ts'
import { fingerprintOf } from './check-file.ts'
import { modelFingerprint } from './check-model.ts'
import { llamaFingerprint } from './llama/check-llama.ts'
import { askedVersion, llamaOptions } from './llama/llama-options.ts'
import { releaseFingerprint } from './release/check-release.ts'
import { isOneFile } from './request-kind.ts'
import { isoTime } from './clock.ts'
import type { Hidden } from './checked-reference.ts'
import type { Clock } from './clock.ts'
import { createEntry, withStep } from './entry.ts'
import type { Entry } from './entry.ts'
import { hiddenOfEntry } from './file-request.ts'
import type { Secrets } from './secrets.ts'
import type { ManagerLog } from './types.ts'

/** The downloads as a start of the daemon finds them, and the rows among them that the store does not have like that. */
export interface Recovered {
  readonly entries: readonly Entry[]
  readonly changed: readonly StoredDownload[]
}

/**
 * Makes sense of rows that a daemon left, however it ended: what was running waits for its turn again and goes on by
 * itself; how many bytes are there is what the disk says.
 */
export async function recover(
  rows: readonly StoredDownload[],
  parts: { readonly engine: Engine; readonly secrets: Secrets; readonly clock: Clock; readonly log: ManagerLog },
): Promise<Recovered> {
  const { engine, log } = parts
  const entries: Entry[] = []
  const changed: StoredDownload[] = []
  for (const row of rows) {
    const wasRunning = row.status === 'active' || row.status === 'created' || row.status === 'validating'
    // Of several files the row knows as much as anybody until it runs again.
    const mayHavePart = isOneFile(row.kind) && row.startedAt !== null
    const hasPart = mayHavePart && (wasRunning || row.status === 'paused' || row.status === 'queued')
    const now = hasPart ? await withBytes(requeued(row, parts.clock), engine, log) : requeued(row, parts.clock)
    if (now !== row) changed.push(now)
    const entry = withFingerprint(now, parts.secrets, log)
    entry.wanted = wasRunning
    entries.push(entry)
  }
  return { entries, changed }
}

function requeued(row: StoredDownload, clock: Clock): StoredDownload {
  const status =
    nextStatus(row.status, 'requeue') ?? (row.status.match(/^(created|validating)$/) ? 'queued' : row.status)
  if (status === row.status) return row
  const timeline = withStep(row.timeline, isoTime(clock.now()), status, 'the daemon was stopped')
  return { ...row, status, timeline }
}

async function withBytes(row: StoredDownload, engine: Engine, log: ManagerLog): Promise<StoredDownload> {
  try {
    const stored = await engine.stored(row.dir, row.id)
    const bytesDone = stored?.bytesDone ?? 0
    return bytesDone === row.bytesDone ? row : { ...row, bytesDone, bytesTotal: stored?.bytesTotal ?? row.bytesTotal }
  } catch (error) {
    log.warn({ id: row.id, error: String(error) }, 'the part of a download could not be read')
    return row
  }
}

function withFingerprint(row: StoredDownload, secrets: Secrets, log: ManagerLog): Entry {
  const shown = createEntry(row, '')
  try {
    return createEntry(row, fingerprintOfRow(row, hiddenOfEntry(shown, secrets)))
  } catch (error) {
    // It fails with the same words when it starts; the others shall run.
    log.error({ id: row.id, error: String(error) }, 'what was asked for with a download cannot be read')
    return shown
  }
}

function fingerprintOfRow({ kind, reference, options }: StoredDownload, hidden: Hidden): string {
  if (kind === 'model') return modelFingerprint(reference, options.model)
  if (kind === 'llama') return llamaFingerprint(askedVersion(reference), llamaOptions(options))
  if (kind === 'release') return releaseFingerprint(reference, options.release ?? {})
  return fingerprintOf(hidden.reference ?? reference)
}
