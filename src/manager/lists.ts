import { downloadStatuses } from '../core/download-states.ts'
import type { Entry } from './entry.ts'
import type { Ledger } from './ledger.ts'
import type { DownloadList, ListQuery, ListSort, Snapshot } from './types.ts'
import { downloadOf, typeOf } from './view.ts'
import type { ViewContext } from './view.ts'

const inSnapshot = 200

/** One page of the listed downloads. */
export function listDownloads(ledger: Ledger, query: ListQuery, view: ViewContext): DownloadList {
  const { status, search = '', type, host, sort, descending, limit, offset } = query
  const isBounded = [query.minSize, query.maxSize, query.since, query.until].some((bound) => bound !== undefined)
  const wanted = search.toLowerCase()
  const found = ledger
    .inOrder()
    .filter(
      (entry) =>
        (status === undefined || status.includes(entry.row.status)) &&
        (host === undefined || isAt(entry, host)) &&
        (type === undefined || typeOf(entry.row) === type) &&
        (!isBounded || isWithin(entry, query)) &&
        (wanted === '' || searchText(entry).includes(wanted)),
    )
  if (sort !== 'queue') found.sort(orders[sort])
  if (descending) found.reverse()
  return {
    downloads: found.slice(offset, offset + limit).map((entry) => downloadOf(entry, view)),
    total: found.length,
  }
}

/** A host without a port stands for all its ports, as in history. */
function isAt({ row }: Entry, host: string): boolean {
  return row.host === host || (row.host.startsWith(`${host}:`) && /^\d+$/.test(row.host.slice(host.length + 1)))
}

function isWithin({ row }: Entry, { minSize, maxSize, since = '', until }: ListQuery): boolean {
  const { bytesTotal, addedAt } = row
  const isSized = bytesTotal !== null && bytesTotal >= (minSize ?? 0) && bytesTotal <= (maxSize ?? Infinity)
  if (!isSized && (minSize !== undefined || maxSize !== undefined)) return false
  return addedAt >= since && (until === undefined || addedAt < until)
}

/** Active ones first, then those that wait in their order, then the rest. */
export function firstDownloads(ledger: Ledger, view: ViewContext): Snapshot['downloads'] {
  const chosen: Entry[] = [...ledger.with('active')]
  const rest: Entry[] = []
  for (const entry of ledger.inOrder()) {
    const { status } = entry.row
    if (chosen.length >= inSnapshot) break
    if (status === 'queued' || status === 'paused') chosen.push(entry)
    else if (status !== 'active') rest.push(entry)
  }
  return [...chosen, ...rest].slice(0, inSnapshot).map((entry) => downloadOf(entry, view))
}

const texts = new WeakMap<Entry, { readonly filename: string; readonly text: string }>()

/** Kept in lower case, because a search reads all of them. */
function searchText(entry: Entry): string {
  const { filename, url, reference } = entry.row
  const known = texts.get(entry)
  if (known?.filename === filename) return known.text
  const text = `${filename}\n${url}${reference === url ? '' : `\n${reference}`}`.toLowerCase()
  texts.set(entry, { filename, text })
  return text
}

/** The least sure first. */
const verdicts: ReadonlyArray<NonNullable<Entry['row']['verdict']>> = ['unverified', 'length-only', 'verified']

type Order = (a: Entry, b: Entry) => number

const byText =
  (text: (entry: Entry) => string): Order =>
  (a, b) => {
    const [one, other] = [text(a), text(b)]
    return one < other ? -1 : one > other ? 1 : 0
  }
const byNumber =
  (number: (entry: Entry) => number): Order =>
  (a, b) =>
    number(a) - number(b)

const orders: Readonly<Record<Exclude<ListSort, 'queue'>, Order>> = {
  name: byText((entry) => entry.row.filename),
  size: byNumber((entry) => entry.row.bytesTotal ?? -1),
  speed: byNumber((entry) => entry.live.speed),
  // Those that nobody can tell the time of come last.
  eta: byNumber((entry) => entry.live.eta ?? Number.MAX_VALUE),
  date: byText((entry) => entry.row.addedAt),
  ended: byText((entry) => entry.row.completedAt ?? ''),
  status: byNumber((entry) => downloadStatuses.indexOf(entry.row.status)),
  progress: byNumber(({ row }) => (row.bytesTotal ? row.bytesDone / row.bytesTotal : 0)),
  host: byText((entry) => entry.row.host),
  priority: byNumber((entry) => entry.row.priority),
  verdict: byNumber(({ row }) => (row.verdict === null ? -1 : verdicts.indexOf(row.verdict))),
}
