import type { Download } from '../../server/api-types.ts'
import { formatBytes, formatRate } from '../../core/units.ts'
import { clean } from './clean.ts'
import { clock } from './layout.ts'
import { shownReference } from './reference.ts'
import type { TableColumn } from './table.ts'

/** Downloads for people, one a line. */
export const downloadColumns: ReadonlyArray<TableColumn<Download>> = [
  { title: 'ID', rank: 6, text: ({ id }) => clean(id) },
  { title: 'STATUS', rank: 5, text: statusText },
  { title: 'DONE', rank: 4, right: true, text: percentText },
  { title: 'SIZE', rank: 2, right: true, text: amountText },
  { title: 'SPEED', rank: 3, right: true, text: ({ speed, status }) => (status === 'active' ? formatRate(speed) : '') },
  { title: 'LEFT', rank: 1, right: true, text: ({ eta }) => (typeof eta === 'number' ? clock(eta) : '') },
  { title: 'PRI', rank: 0, right: true, text: ({ priority }) => clean(String(priority)) },
  { title: 'NAME', rank: 9, text: downloadName },
]

/** The name, or the address while there is none; safe to print. */
export function downloadName({ filename, reference }: Pick<Download, 'filename' | 'reference'>): string {
  return filename === '' ? clean(shownReference(reference)) : clean(filename)
}

function statusText({ status, missing, waitingFor, retryAt }: Download): string {
  if (missing) return 'missing'
  if (status === 'error' && retryAt !== null) return 'retrying'
  return waitingFor === null ? clean(status) : `${clean(status)} (${clean(waitingFor)})`
}

function percentText({ bytesDone, bytesTotal, status }: Download): string {
  if (status === 'completed') return '100%'
  if (bytesTotal === null || bytesTotal === 0) return ''
  // 100 % belongs to the finished file alone.
  return `${Math.min(99, Math.floor((bytesDone / bytesTotal) * 100))}%`
}

function amountText({ bytesDone, bytesTotal, status }: Download): string {
  if (status === 'completed') return formatBytes(bytesDone)
  return `${formatBytes(bytesDone)} / ${bytesTotal === null ? '?' : formatBytes(bytesTotal)}`
}
