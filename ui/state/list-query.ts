import type { HistoryFilter, ListFilter } from '../../src/client/client.ts'
import { historySorts, listSorts, tabStatuses } from './view.ts'
import type { View } from './view.ts'

export type DownloadQuery = Omit<ListFilter, 'limit' | 'offset'>
export type HistoryQuery = Omit<HistoryFilter, 'limit' | 'offset'>

/** What to ask the daemon for a view of downloads. Equal views give the same JSON, which serves as the list's key. */
export function downloadQuery(view: View): DownloadQuery {
  const { tab, status } = view
  return { status: status.length > 0 ? status : tabStatuses[tab], ...common(view), ...order(view, listSorts) }
}

export function historyQuery(view: View): HistoryQuery {
  const { status } = view
  return { ...(status.length > 0 ? { status } : {}), ...common(view), ...order(view, historySorts) }
}

function common({ search, type, host, minSize, maxSize, since, until }: View) {
  return {
    ...(search.trim() === '' ? {} : { search: search.trim() }),
    ...(type === '' ? {} : { type }),
    ...(host === '' ? {} : { host }),
    ...(minSize === undefined ? {} : { minSize }),
    ...(maxSize === undefined ? {} : { maxSize }),
    ...(since === undefined ? {} : { since: startOfDay(since, 0) }),
    ...(until === undefined ? {} : { until: startOfDay(until, 1) }),
  }
}

function order<S extends string>({ sort }: View, known: readonly S[]): { sort?: S; order: 'asc' | 'desc' } {
  const name = known.find((one) => one === sort.replace(/^-/, ''))
  return { ...(name === undefined ? {} : { sort: name }), order: sort.startsWith('-') ? 'desc' : 'asc' }
}

/** Days are local ones of the person, moments are UTC; `later` days on. */
function startOfDay(day: string, later: number): string {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number)
  return new Date(year, month - 1, date + later).toISOString()
}
