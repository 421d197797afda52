import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Download } from '../../src/server/api-types.ts'
import { noCounts } from './live-reducer.ts'
import { createLiveStore } from './live-store.ts'
import { sampleDownload, sampleSettings } from './sample-download.ts'

const id = 'dl-0000000000000001'

function storeWith(downloads: readonly Download[], most?: number) {
  const timers: Array<() => void> = []
  const store = createLiveStore((_ms, callback) => timers.push(callback), most)
  const counts = { ...noCounts }
  for (const { status } of downloads) counts[status] += 1
  store.apply({
    type: 'snapshot',
    sequence: 0,
    counts,
    speed: 0,
    downloads,
    total: downloads.length,
    settings: sampleSettings,
  })
  return { store, later: () => timers.splice(0).forEach((run) => run()) }
}

describe('the live store', () => {
  it('wakes only those who watch a row that changed', () => {
    const { store } = storeWith([1, 2, 3].map((n) => sampleDownload({ id: `dl-${n}`, status: 'active' })))
    const woken: string[] = []
    for (const n of [1, 2, 3]) store.onDownload(`dl-${n}`, () => woken.push(`dl-${n}`))
    const numbers = { bytesTotal: 1000, eta: null, connections: 0 }
    store.apply({
      type: 'progress',
      sequence: 1,
      speed: 1,
      downloads: [{ id: 'dl-2', bytesDone: 1, speed: 1, ...numbers }],
    })
    assert.deepEqual(woken, ['dl-2'])
  })

  it('gives the same object until the row changes, guessed at or not', () => {
    const { store } = storeWith([sampleDownload()])
    assert.equal(store.download(id), store.download(id))
    store.patch(new Map([[id, { status: 'paused' as const }]]))
    assert.equal(store.download(id)?.status, 'paused')
    assert.equal(store.download(id), store.download(id))
  })

  it('shows a guess at once, in the counts too, and takes it back', () => {
    const { store } = storeWith([sampleDownload({ status: 'active' })])
    const patch = store.patch(new Map([[id, { status: 'paused' as const }]]))
    assert.deepEqual([store.counts.get().active, store.counts.get().paused], [0, 1])
    patch.undo()
    assert.deepEqual(
      [store.download(id)?.status, store.counts.get().active, store.counts.get().paused],
      ['active', 1, 0],
    )
  })

  it('lets the daemon have the last word once it has agreed', () => {
    const { store } = storeWith([sampleDownload({ status: 'active' })])
    const patch = store.patch(new Map([[id, { status: 'paused' as const, speed: 0 }]]))
    store.apply({ type: 'changed', sequence: 1, download: sampleDownload({ status: 'active', bytesDone: 3 }) })
    assert.equal(store.download(id)?.status, 'paused', 'a word that was on its way before does not end the guess')
    patch.confirm()
    store.apply({ type: 'changed', sequence: 2, download: sampleDownload({ status: 'completed' }) })
    assert.equal(store.download(id)?.status, 'completed')
  })

  it('forgets a guess that was agreed to but never told of', () => {
    const { store, later } = storeWith([sampleDownload({ status: 'active' })])
    store.patch(new Map([[id, { status: 'paused' as const }]])).confirm()
    later()
    assert.equal(store.download(id)?.status, 'active')
  })

  it('keeps a later guess when an earlier one is taken back', () => {
    const { store } = storeWith([sampleDownload({ status: 'active' })])
    const first = store.patch(new Map([[id, { status: 'paused' as const }]]))
    store.patch(new Map([[id, { status: 'cancelled' as const }]]))
    first.undo()
    assert.equal(store.download(id)?.status, 'cancelled')
  })

  it('hides a row until it is shown again, and says so to the lists', () => {
    const { store } = storeWith([sampleDownload({ status: 'active' })])
    const told: string[] = []
    store.onLists((what) => told.push(what))
    const patch = store.patch(new Map([[id, 'hidden' as const]]))
    assert.deepEqual([store.download(id), [...store.hidden()], store.counts.get().active], [undefined, [id], 0])
    store.apply({ type: 'changed', sequence: 1, download: sampleDownload({ status: 'paused' }) })
    assert.equal(store.download(id), undefined)
    patch.undo()
    assert.equal(store.download(id)?.status, 'paused')
    assert.deepEqual(told, ['hidden', 'order', 'hidden'])
  })

  it('keeps a row hidden that the daemon has removed, and counts it once, told of singly or not', () => {
    for (const tells of [true, false]) {
      const { store, later } = storeWith([
        sampleDownload({ status: 'paused' }),
        sampleDownload({ id: 'dl-2', status: 'paused' }),
      ])
      const patch = store.patch(new Map([[id, 'hidden' as const]]))
      if (tells) store.apply({ type: 'removed', sequence: 1, id })
      assert.equal(store.counts.get().paused, 1)
      patch.confirm()
      assert.equal(store.counts.get().paused, 1)
      later()
      assert.deepEqual([[...store.hidden()], store.known(id)], [[id], undefined])
    }
  })

  it('keeps a bounded number of rows, never letting go of active, watched and guessed ones', () => {
    const { store } = storeWith([sampleDownload({ id: 'dl-active', status: 'active' })], 50)
    store.apply({
      type: 'rows',
      asked: 0,
      downloads: [sampleDownload({ id: 'dl-watched' }), sampleDownload({ id: 'dl-guessed' })],
    })
    store.onDownload('dl-watched', () => {})
    store.patch(new Map([['dl-guessed', { priority: 9 }]]))
    for (let page = 0; page < 100; page++) {
      const downloads = Array.from({ length: 100 }, (_, n) => sampleDownload({ id: `dl-${page}-${n}` }))
      store.apply({ type: 'rows', downloads, asked: store.state().revision })
    }
    assert.equal(store.state().rows.size, 50)
    for (const kept of ['dl-active', 'dl-watched', 'dl-guessed', 'dl-99-99']) assert.ok(store.known(kept), kept)
  })

  it('hides thousands of rows without delay', () => {
    const downloads = Array.from({ length: 10_000 }, (_, n) => sampleDownload({ id: `dl-${n}` }))
    const { store } = storeWith(downloads, 20_000)
    const started = performance.now()
    store.patch(new Map(downloads.map((one) => [one.id, 'hidden' as const]))).undo()
    assert.ok(performance.now() - started < 2000)
    assert.equal(store.hidden().size, 0)
  })
})
