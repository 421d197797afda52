import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { downloadMoves, downloadStatuses } from '../../src/core/download-states.ts'
import type { DownloadAction } from '../../src/core/download-states.ts'
import type { Download } from '../../src/server/api-types.ts'
import { emptyState, noCounts, reduce } from './live-reducer.ts'
import type { Happening, LiveEvent, LiveState } from './live-reducer.ts'
import { sampleDownload, sampleSettings } from './sample-download.ts'

const settings = sampleSettings

function countsOf(downloads: Iterable<Download>) {
  const counts: Record<string, number> = { ...noCounts }
  for (const { status } of downloads) counts[status] = (counts[status] ?? 0) + 1
  return counts as LiveState['counts']
}

function snapshotOf(downloads: readonly Download[], most = 200): LiveEvent {
  const first = [
    ...downloads.filter((one) => one.status === 'active'),
    ...downloads.filter((one) => one.status !== 'active'),
  ]
  const speed = downloads.reduce((sum, one) => sum + one.speed, 0)
  return {
    type: 'snapshot',
    sequence: 0,
    counts: countsOf(downloads),
    speed,
    downloads: first.slice(0, most),
    total: downloads.length,
    settings,
  }
}

function after(events: readonly LiveEvent[], state = emptyState): LiveState {
  return events.reduce((now, event) => reduce(now, event).state, state)
}

type Step =
  | { readonly do: 'add' }
  | { readonly do: 'move'; readonly which: number; readonly action: DownloadAction }
  | { readonly do: 'priority'; readonly which: number; readonly priority: number }
  | { readonly do: 'progress'; readonly bytes: number }
  | { readonly do: 'remove'; readonly which: number }

const actions = [...new Set(Object.values(downloadMoves).flatMap((moves) => Object.keys(moves)))] as DownloadAction[]
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 2, arbitrary: fc.constant({ do: 'add' as const }) },
  {
    weight: 6,
    arbitrary: fc.record({ do: fc.constant('move' as const), which: fc.nat(), action: fc.constantFrom(...actions) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('priority' as const),
      which: fc.nat(),
      priority: fc.integer({ min: 1, max: 10 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('progress' as const), bytes: fc.nat(500) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('remove' as const), which: fc.nat() }) },
)

/** A daemon as far as the page sees it: what it holds, and the events that tell of each step. */
function daemon() {
  const held = new Map<string, Download>()
  let number = 0
  const pick = (which: number): Download | undefined => [...held.values()][which % Math.max(1, held.size)]
  function change(download: Download): LiveEvent[] {
    held.set(download.id, download)
    return [{ type: 'changed', sequence: 0, download }]
  }
  function take(one: Step): LiveEvent[] {
    if (one.do === 'add') {
      const download = sampleDownload({ id: `dl-${++number}`, position: number })
      held.set(download.id, download)
      return [{ type: 'added', sequence: 0, download }]
    }
    if (one.do === 'progress') {
      const active = [...held.values()].filter(({ status }) => status === 'active')
      const told = active.map((download) => ({
        ...download,
        bytesDone: download.bytesDone + one.bytes,
        speed: one.bytes,
        connections: 2,
      }))
      for (const download of told) held.set(download.id, download)
      const numbers = told.map(({ id, bytesDone, bytesTotal, speed, eta, connections }) => ({
        id,
        bytesDone,
        bytesTotal,
        speed,
        eta,
        connections,
      }))
      return active.length === 0
        ? []
        : [{ type: 'progress', sequence: 0, downloads: numbers, speed: one.bytes * active.length }]
    }
    const chosen = pick(one.which)
    if (chosen === undefined) return []
    if (one.do === 'remove') {
      held.delete(chosen.id)
      return [{ type: 'removed', sequence: 0, id: chosen.id }]
    }
    if (one.do === 'priority') return change({ ...chosen, priority: one.priority })
    const status = downloadMoves[chosen.status][one.action]
    return status === undefined ? [] : change({ ...chosen, status, ...(status === 'active' ? {} : { speed: 0 }) })
  }
  return { take, all: () => [...held.values()] }
}

describe('the live state', () => {
  it('is after a snapshot and what follows as it is after the last snapshot', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), fc.array(step, { maxLength: 80 }), (before, later) => {
        const server = daemon()
        for (const one of before) server.take(one)
        let state = after([snapshotOf(server.all())])
        for (const one of later) state = after(server.take(one), state)
        const wanted = after([snapshotOf(server.all())])
        const rows = (from: LiveState) => new Map(Array.from(from.rows, ([id, { download }]) => [id, download]))
        assert.deepEqual(rows(state), rows(wanted))
        assert.deepEqual(state.counts, wanted.counts)
        assert.equal(state.countsExact, true)
        if (wanted.counts.active === 0) assert.equal(state.speed, 0)
      }),
    )
  })

  it('counts right, or says that it cannot, where the snapshot does not hold all', () => {
    fc.assert(
      fc.property(
        fc.array(step, { maxLength: 60 }),
        fc.array(step, { maxLength: 60 }),
        fc.integer({ min: 0, max: 5 }),
        (before, later, extra) => {
          const server = daemon()
          for (const one of before) server.take(one)
          const active = server.all().filter(({ status }) => status === 'active').length
          let state = after([snapshotOf(server.all(), active + extra)])
          for (const one of later) state = after(server.take(one), state)
          if (state.countsExact) assert.deepEqual(state.counts, countsOf(server.all()))
          for (const { download } of state.rows.values())
            assert.deepEqual(
              download,
              server.all().find(({ id }) => id === download.id),
            )
        },
      ),
    )
  })

  it('counts right after many changes at once, although it does not know which rows they were', () => {
    const paused = [1, 2, 3].map((n) => sampleDownload({ id: `dl-${n}`, status: 'paused' }))
    const known = after([snapshotOf(paused), { type: 'refresh', sequence: 1 }])
    const queued = { ...noCounts, queued: 3 }
    const state = after(
      [
        { type: 'counts', counts: queued, speed: 0, exact: true },
        { type: 'changed', sequence: 2, download: sampleDownload({ id: 'dl-1', status: 'active' }) },
        { type: 'rows', downloads: [sampleDownload({ id: 'dl-2', status: 'queued' })], asked: known.revision },
        { type: 'changed', sequence: 3, download: sampleDownload({ id: 'dl-2', status: 'active' }) },
        { type: 'removed', sequence: 4, id: 'dl-2' },
      ],
      known,
    )
    assert.deepEqual([state.counts, state.countsExact], [{ ...noCounts, queued: 1, active: 1 }, true])
    assert.equal(after([{ type: 'removed', sequence: 5, id: 'dl-3' }], state).countsExact, false)
  })

  it('goes on counting when a queued download starts that was not in the snapshot', () => {
    const start = reduce(emptyState, {
      type: 'snapshot',
      sequence: 0,
      counts: { ...noCounts, queued: 9 },
      speed: 0,
      downloads: [],
      total: 9,
      settings,
    })
    const { state, happened } = reduce(start.state, {
      type: 'changed',
      sequence: 1,
      download: sampleDownload({ status: 'active' }),
    })
    assert.deepEqual([state.counts.queued, state.counts.active, state.countsExact], [8, 1, true])
    assert.deepEqual(
      happened.map(({ type }) => type),
      ['started'],
    )
  })

  it('leaves a row untouched by an answer that was asked for before the last event on it', () => {
    const known = after([snapshotOf([sampleDownload({ status: 'active' })])])
    const asked = known.revision
    const newer = after([{ type: 'changed', sequence: 1, download: sampleDownload({ status: 'paused' }) }], known)
    const old = after([{ type: 'rows', downloads: [sampleDownload({ status: 'active' })], asked }], newer)
    assert.equal(old.rows.get('dl-0000000000000001')?.download.status, 'paused')
    const fresh = after(
      [{ type: 'rows', downloads: [sampleDownload({ status: 'queued' })], asked: newer.revision }],
      newer,
    )
    assert.equal(fresh.rows.get('dl-0000000000000001')?.download.status, 'queued')
  })

  it('changes only the rows whose numbers are different', () => {
    const rows = [1, 2, 3].map((n) => sampleDownload({ id: `dl-${n}`, status: 'active' }))
    const numbers = { bytesTotal: 1000, eta: null, connections: 0 }
    const { changed, state } = reduce(after([snapshotOf(rows)]), {
      type: 'progress',
      sequence: 1,
      speed: 5,
      downloads: [
        { id: 'dl-1', bytesDone: 0, speed: 0, ...numbers },
        { id: 'dl-2', bytesDone: 10, speed: 5, ...numbers },
        { id: 'dl-9', bytesDone: 10, speed: 5, ...numbers },
      ],
    })
    assert.deepEqual(changed, ['dl-2'])
    assert.equal(state.rows.get('dl-1')?.download, rows[0])
    assert.equal(state.speed, 5)
  })

  it('ignores late numbers of a download that is no longer active', () => {
    const state = after([
      snapshotOf([sampleDownload({ status: 'paused', bytesDone: 10 })]),
      {
        type: 'progress',
        sequence: 1,
        speed: 0,
        downloads: [{ id: 'dl-0000000000000001', bytesDone: 5, bytesTotal: 9, speed: 7, eta: 1, connections: 1 }],
      },
    ])
    assert.deepEqual([state.rows.get('dl-0000000000000001')?.download.speed], [0])
  })

  it('tells each start, end and failure once, whichever way it learns of it', () => {
    const told: Happening[] = []
    let state = emptyState
    const hear = (event: LiveEvent): void => {
      const next = reduce(state, event)
      state = next.state
      told.push(...next.happened)
    }
    const of = (status: Download['status']): Download => sampleDownload({ status })
    hear(snapshotOf([of('queued')]))
    hear({ type: 'changed', sequence: 1, download: of('active') })
    hear({ type: 'changed', sequence: 2, download: of('active') })
    hear({ type: 'rows', downloads: [of('completed')], asked: state.revision })
    hear({ type: 'changed', sequence: 3, download: of('completed') })
    hear(snapshotOf([of('completed')]))
    hear({ type: 'added', sequence: 4, download: sampleDownload({ id: 'dl-2', status: 'validating' }) })
    hear({ type: 'changed', sequence: 5, download: sampleDownload({ id: 'dl-2', status: 'error' }) })
    assert.deepEqual(
      told.map(({ type, download }) => `${type} ${download.id}`),
      ['started dl-0000000000000001', 'completed dl-0000000000000001', 'added dl-2', 'failed dl-2'],
    )
  })

  it('says nothing of what was over before the page came', () => {
    const all = downloadStatuses.map((status, n) => sampleDownload({ id: `dl-${n}`, status }))
    assert.deepEqual(reduce(emptyState, snapshotOf(all)).happened, [])
    assert.deepEqual(reduce(emptyState, { type: 'rows', downloads: all, asked: 0 }).happened, [])
    const late = reduce(emptyState, {
      type: 'changed',
      sequence: 1,
      download: sampleDownload({ status: 'completed', missing: true }),
    })
    assert.deepEqual(late.happened, [])
  })

  it('doubts what was active when many changed at once, or a snapshot leaves it out', () => {
    const active = sampleDownload({ id: 'dl-a', status: 'active' })
    const known = after([snapshotOf([active, sampleDownload({ id: 'dl-b' })])])
    const refreshed = reduce(known, { type: 'refresh', sequence: 1 })
    assert.deepEqual([refreshed.doubtful, refreshed.lists, refreshed.state.countsExact], [['dl-a'], 'order', false])
    const partial = reduce(known, {
      type: 'snapshot',
      sequence: 2,
      counts: noCounts,
      speed: 0,
      downloads: [],
      total: 300,
      settings,
    })
    assert.deepEqual(partial.doubtful, ['dl-a'])
    const whole = reduce(known, snapshotOf([]))
    assert.deepEqual([whole.doubtful, whole.state.rows.size, whole.changed.toSorted()], [[], 0, ['dl-a', 'dl-b']])
  })

  it('passes over events that only a newer daemon knows', () => {
    const strange = { type: 'weather', sequence: 7 } as unknown as LiveEvent
    assert.deepEqual(reduce(emptyState, strange).changed, [])
  })
})
