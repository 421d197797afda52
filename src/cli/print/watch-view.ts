import type { DaemonEvent } from '../../client/events.ts'
import { formatBytes, formatRate } from '../../core/units.ts'
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

/** What a log gets to see of an event: a line where a download changed its state. `before` is the state until then. */
export function changeLine(event: DaemonEvent, before: WatchState): string | undefined {
  switch (event.type) {
    case 'added':
    case 'changed': {
      const { id, status, error, bytesDone } = event.download
      if (before.downloads.get(id)?.status === status) return undefined
      const more = status === 'error' ? `: ${clean(error?.message ?? '')}` : ''
      const size = status === 'completed' ? ` (${formatBytes(bytesDone)})` : ''
      return `${clean(id)}  ${clean(status).padEnd(10)}  ${downloadName(event.download)}${size}${more}`
    }
    case 'removed':
      return `${clean(event.id)}  removed`
    case 'warning':
      return `${clean(event.id ?? 'sluice')}  warning: ${clean(event.message)}`
    case 'snapshot':
    case 'progress':
    case 'refresh':
    case 'settings':
    case 'disconnected':
      return undefined
  }
}
