import assert from 'node:assert/strict'
import { test } from 'node:test'
import { manualClock } from '../../test/support/manager-parts.ts'
import { until } from '../../test/support/manager-lab.ts'
import { SluiceError } from '../core/errors.ts'
import type { DownloadEnd, HistoryEntry, Store, StoredDownload } from '../store/types.ts'
import { createWriteBehind } from './write-behind.ts'

const row = (id: string, status: string): StoredDownload => ({ id, status }) as unknown as StoredDownload
const entry = {} as HistoryEntry

/** Notes the writing calls; fails while told so. */
function notingStore() {
  const calls: string[] = []
  const store = { failing: false, calls }
  const call = async (text: string): Promise<void> => {
    if (store.failing) throw new SluiceError('database', 'The disk of the database is full.')
    calls.push(text)
  }
  const methods = {
    updateDownloads: (rows: StoredDownload[]) =>
      call(`update ${rows.map((one) => `${one.id}=${one.status}`).join(' ')}`),
    recordEnds: (ends: DownloadEnd[]) =>
      call(`end ${ends.map(({ download }) => `${download.id}=${download.status}`).join(' ')}`),
    removeDownloads: (ids: string[]) => call(`remove ${ids.join(' ')}`),
  }
  return Object.assign(store, { store: methods as unknown as Store })
}

test('changes of one turn are written together, and only the last of a row', async () => {
  const { store, calls } = notingStore()
  const writing = createWriteBehind(store, manualClock(0), () => undefined)
  writing.row(row('a', 'queued'))
  writing.row(row('a', 'active'))
  writing.row(row('b', 'active'))
  await writing.written()
  assert.deepEqual(calls, ['update a=active b=active'])
})

test('what happens after an end is written after it, what happened before is not written any more', async () => {
  const { store, calls } = notingStore()
  const writing = createWriteBehind(store, manualClock(0), () => undefined)
  writing.row(row('a', 'active'))
  writing.end(row('a', 'error'), entry, '')
  writing.row(row('a', 'queued'))
  writing.row(row('b', 'active'))
  writing.end(row('b', 'completed'), entry, '')
  writing.row(row('c', 'active'))
  writing.remove('c')
  await writing.written()
  assert.deepEqual(calls, ['end a=error b=completed', 'update a=queued', 'remove c'])
})

test('a failure is told to whoever waits, and what was lost is written later with what came since', async () => {
  const noting = notingStore()
  const clock = manualClock(0)
  const failures: string[] = []
  const writing = createWriteBehind(noting.store, clock, (error) => failures.push(error.code))
  noting.failing = true
  writing.row(row('a', 'active'))
  writing.end(row('b', 'completed'), entry, '')
  await assert.rejects(writing.written(), { code: 'database' })
  assert.equal(writing.problem()?.code, 'database')
  noting.failing = false
  await clock.advance(3000)
  await until(() => noting.calls.length === 2, 'both are written')
  assert.deepEqual(noting.calls.toSorted(), ['end b=completed', 'update a=active'])
  assert.equal(writing.problem(), null)
  assert.deepEqual(failures, ['database'])
})
