import type { DaemonEvent } from '../../client/events.ts'
import { formatBytes, formatDuration, formatRate } from '../../core/units.ts'
import type { Download } from '../../server/api-types.ts'
import { shownDownloads } from '../watch-state.ts'
import type { WatchState } from '../watch-state.ts'
import { clean } from './clean.ts'
import { downloadColumns, downloadName } from './download-table.ts'
import { tableLines } from './table.ts'
import { ellipsis } from './width.ts'

/** Who watches wants to see how it goes: where the terminal is narrow, the id gives way before the speed does. */
const columnsToWatch = downloadColumns.map((column) => (column.title === 'ID' ? { ...column, rank: 2.5 } : column))

/** The picture of a moment for a terminal of this size: a line of totals, then as many downloads as fit. */
export function watchPicture(state: WatchState, size: { readonly columns: number; readonly rows: number }): string[] {
  // One column stays free, as some terminals wrap when the last one is written.
  const columns = Math.max(10, size.columns - 1)
  const counts = Object.entries(state.counts).filter(([, count]) => count > 0)
  const words = counts.map(([status, count]) => `${count} ${clean(status)}`)
  const head = [formatRate(state.speed), ...(words.length === 0 ? ['no downloads'] : words)].join('  ')
  const lost = state.connected ? '' : 'The connection is lost, trying again.  '
  const rows = shownDownloads(state).slice(0, Math.max(0, size.rows - 3))
  const table = rows.length === 0 ? [] : tableLines(columnsToWatch, rows, columns)
  return [ellipsis(lost + head, columns), ...table]
}

/**
 * What a log gets to see of an event: a line where a download changed its state, and at the beginning one for each that
 * has not ended. `before` is the state until then.
 */
export function changeLines(event: DaemonEvent, before: WatchState): string[] {
  switch (event.type) {
    case 'snapshot':
      return event.downloads
        .filter(({ id, status }) => before.downloads.has(id) || !ended.has(status))
        .flatMap((download) => stateLine(download, before))
    case 'added':
    case 'changed':
      return stateLine(event.download, before)
    case 'removed':
      return [`${clean(event.id)}  removed`]
    case 'warning':
      return [`${clean(event.id ?? 'sluice')}  warning: ${clean(event.message)}`]
    case 'progress':
    case 'refresh':
    case 'settings':
    case 'work':
    case 'disconnected':
      return []
  }
}

const ended: ReadonlySet<string> = new Set(['completed', 'error', 'cancelled'])

function stateLine(download: Download, before: WatchState): string[] {
  const { id, status, error, bytesDone } = download
  if (before.downloads.get(id)?.status === status) return []
  const more = status === 'error' ? `: ${clean(error?.message ?? '')}` : ''
  const size = status === 'completed' ? ` (${formatBytes(bytesDone)})` : ''
  return [`${clean(id)}  ${clean(status).padEnd(10)}  ${downloadName(download)}${size}${more}`]
}

/** More downloads than these are told in one line. */
const mostInLog = 8

/** How far the active ones are, for a log that looks at them now and then. */
export function progressLines(state: WatchState): string[] {
  const active = [...state.downloads.values()].filter(({ status }) => status === 'active')
  if (active.length > mostInLog) return [`${active.length} active, ${formatRate(state.speed)}`]
  return active.map((download) => {
    const { id, bytesDone, bytesTotal, speed, eta } = download
    const total = bytesTotal === null ? '?' : formatBytes(bytesTotal)
    const left = eta === null ? '' : `, ${formatDuration(eta)} left`
    return `${clean(id)}  active      ${downloadName(download)}: ${formatBytes(bytesDone)} / ${total}, ${formatRate(speed)}${left}`
  })
}
