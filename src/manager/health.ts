import type { SluiceError } from '../core/errors.ts'
import { formatBytes } from '../core/units.ts'
import type { Desk } from './desk.ts'
import type { Runs } from './runs.ts'
import type { Health, Manager, Statistics } from './types.ts'

/** What the health route tells. */
export async function healthOf(
  desk: Desk,
  runs: Runs,
  storeProblem: SluiceError | null,
  uptime: number,
  canOpenFolders: boolean,
): Promise<Health> {
  const { ledger, store, options, disk } = desk
  // While transfers write, the disk is looked at every few seconds anyway, and asking it now could take long.
  if (runs.size === 0) await disk.lookNow()
  const freeSpace = disk.free()
  const problems = [
    storeProblem === null ? '' : `The database fails: ${storeProblem.message}`,
    freeSpace === null ? 'The folder for downloads cannot be reached.' : '',
    disk.low() ? `The disk is nearly full: ${formatBytes(freeSpace ?? 0)} are free. Downloads wait.` : '',
  ].filter((problem) => problem !== '')
  return {
    status: problems.length === 0 ? 'ok' : 'degraded',
    version: options.version,
    uptime,
    active: ledger.with('active').size,
    queued: ledger.with('queued').size,
    database: store.description,
    freeSpace,
    problems,
    canOpenFolders,
  }
}

type Metric = ReturnType<Manager['metrics']>[number]

/** Names and values for Prometheus. */
export function metricsOf(desk: Desk, runs: Runs, statistics: Statistics, failed: number, uptime: number): Metric[] {
  const gauge = (name: string, help: string, value: number): Metric => ({ name, help, type: 'gauge', value })
  const counter = (name: string, help: string, value: number): Metric => ({ name, help, type: 'counter', value })
  const free = desk.disk.free()
  return [
    ...Object.entries(statistics.counts).map(([status, value]) => ({
      ...gauge('sluice_downloads', 'Listed downloads by status.', value),
      labels: { status },
    })),
    gauge('sluice_places_in_use', 'Transfers at the engine.', runs.size),
    gauge('sluice_speed_bytes_per_second', 'Of all active downloads together.', statistics.speed),
    counter('sluice_received_bytes_total', 'Bytes received since the start.', runs.received),
    counter('sluice_completed_total', 'Downloads completed since the start.', statistics.sessionFiles),
    counter('sluice_failed_total', 'Downloads failed since the start.', failed),
    gauge('sluice_history_files', 'Files completed over all time.', statistics.totalFiles),
    gauge('sluice_history_bytes', 'Bytes completed over all time.', statistics.totalBytes),
    gauge('sluice_uptime_seconds', 'Since the start.', uptime),
    ...(free === null ? [] : [gauge('sluice_free_space_bytes', 'Free where downloads go, as last looked at.', free)]),
  ]
}
