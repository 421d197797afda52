import { useMemo } from 'react'
import type { HistoryEntry } from '../../src/server/api-types.ts'
import { client } from './client.ts'
import { downloadQuery, historyQuery } from './list-query.ts'
import type { DownloadQuery } from './list-query.ts'
import { createList, createListBook } from './list-store.ts'
import type { List, ListNow } from './list-store.ts'
import { live } from './live.ts'
import { createOrderHold } from './order-hold.ts'
import { createValue, useValue } from './value.ts'
import type { View } from './view.ts'

export interface DownloadListNow extends Omit<ListNow<string>, 'itemAt'> {
  /** Undefined while that row is being fetched. */
  idAt(index: number): string | undefined
}

export interface HistoryListNow extends Omit<ListNow<HistoryEntry>, 'itemAt'> {
  entryAt(index: number): HistoryEntry | undefined
}

/** Sorted by what changes all the time: not more often than this, ms. */
const numbersEvery = 3000
const nothingHidden: ReadonlySet<string> = new Set()

const held = createValue(false)
const order = createOrderHold(after, held.set)
/** Grows with each order that a person asked for. */
const orders = createValue(0)
const forgotten = createValue<ReadonlySet<string>>(nothingHidden)
const downloads = createListBook<string>()
const entries = createListBook<HistoryEntry>()

if (globalThis.window !== undefined) addEventListener('pointermove', order.moved, { passive: true })

/**
 * While held no row of any list moves, comes or goes by itself; a row that changed its state shows that in its place. A
 * hold by the pointer ends after 3 s without a movement and begins again with the next one, until it is taken back.
 */
export function holdOrder(hold: boolean, why: 'pointer' | 'menu' = 'pointer'): void {
  order.set(hold, why)
}

/** A person has put downloads in another order: it is shown at once, also under the pointer. */
export function showOrder(): void {
  orders.set(orders.get() + 1)
}

/** The downloads of a tab with its filters. Its rows are kept up to date in the live store (`useDownload`). */
export function useDownloadList(view: View): DownloadListNow {
  const key = JSON.stringify(downloadQuery(view))
  const list = useMemo(() => downloads(key, () => downloadList(JSON.parse(key) as DownloadQuery)), [key])
  const now = useValue(list)
  return useMemo(() => ({ ...now, idAt: now.itemAt }), [now])
}

export function useHistoryList(view: View): HistoryListNow {
  const key = JSON.stringify(historyQuery(view))
  const list = useMemo(() => entries(key, () => historyList(JSON.parse(key) as ReturnType<typeof historyQuery>)), [key])
  const now = useValue(list)
  return useMemo(() => ({ ...now, entryAt: now.itemAt }), [now])
}

/** All ids of a view in its order, for "select all": those that are not on the screen are asked for. */
export async function allIds(view: View): Promise<string[]> {
  const hidden = live.hidden()
  const ids: string[] = []
  const step = 5000
  for (;;) {
    const page = await client.list({ ...downloadQuery(view), limit: step, offset: ids.length })
    ids.push(...page.downloads.map(({ id }) => id))
    if (page.downloads.length < step) return [...new Set(ids)].filter((id) => !hidden.has(id))
  }
}

/** An entry of the history was removed: it is not shown until the list has been read again. */
export function hideEntry(id: string, hide: boolean): void {
  if (forgotten.get().has(id) === hide) return
  const next = new Set(forgotten.get())
  if (hide) next.add(id)
  else next.delete(id)
  forgotten.set(next)
}

function downloadList(query: DownloadQuery): List<string> {
  return createList<string>({
    after,
    keyOf: (id) => id,
    isKnown: (id) => live.known(id) !== undefined,
    hidden: live.hidden,
    async fetch(offset, limit, signal) {
      const asked = live.state().revision
      const page = await client.list({ ...query, limit, offset }, signal)
      live.apply({ type: 'rows', downloads: page.downloads, asked })
      return { items: page.downloads.map(({ id }) => id), total: page.total, exact: true }
    },
    follow({ refresh, reload, redraw, hold }) {
      const byNumbers = query.sort === 'speed' || query.sort === 'progress' || query.sort === 'eta'
      let last = 0
      const ends = [
        followHold(hold),
        orders.subscribe(reload),
        live.onLists((what) => {
          if (what === 'hidden') redraw()
          else if (what === 'order') refresh()
          else if (byNumbers && performance.now() - last > numbersEvery) {
            last = performance.now()
            refresh()
          }
        }),
      ]
      return () => ends.forEach((end) => end())
    },
  })
}

function historyList(query: ReturnType<typeof historyQuery>): List<HistoryEntry> {
  return createList<HistoryEntry>({
    after,
    keyOf: ({ id }) => id,
    hidden: forgotten.get,
    async fetch(offset, limit, signal) {
      const page = await client.history({ ...query, limit, offset }, signal)
      return { items: page.entries, total: page.total, exact: page.totalIsExact }
    },
    follow({ refresh, redraw, hold }) {
      const ends = [
        followHold(hold),
        forgotten.subscribe(redraw),
        // History changes when a download ends, in whatever way.
        live.onLists((what) => {
          if (what === 'order') refresh()
        }),
      ]
      return () => ends.forEach((end) => end())
    },
  })
}

function followHold(hold: (on: boolean) => void): () => void {
  hold(held.get())
  return held.subscribe(() => hold(held.get()))
}

function after(ms: number, callback: () => void): () => void {
  const timer = setTimeout(callback, ms)
  return () => clearTimeout(timer)
}
