import { test } from 'node:test'
import assert from 'node:assert/strict'
import type { Download } from '../../src/server/api-types.ts'
import { bestDigest, rowMenu, rowView } from './row-view.ts'

const base: Download = {
  id: 'dl-0123456789abcdef',
  reference: 'https://example.org/big.iso',
  url: 'https://example.org/big.iso',
  filename: 'big.iso',
  path: '/d/big.iso',
  kind: 'http',
  host: 'example.org',
  type: 'iso',
  status: 'active',
  priority: 5,
  position: 1,
  bytesDone: 25,
  bytesTotal: 100,
  speed: 5,
  eta: 15,
  connections: 4,
  retries: 0,
  maxRetries: 5,
  speedLimit: null,
  verdict: null,
  digests: {},
  error: null,
  addedAt: '2026-01-31T12:00:00.000Z',
  startedAt: null,
  completedAt: null,
  startAt: null,
  retryAt: null,
  activeSeconds: 1,
  missing: false,
  waitingFor: null,
  target: null,
  files: [],
}
const problem = { code: 'http-not-found', message: 'Not there.', hint: 'Check it.', retryable: false } as const

test('the action in sight is the one that a state calls for', () => {
  const primary = (change: Partial<Download>) => rowView({ ...base, ...change }).primary
  assert.equal(primary({}), 'pause')
  assert.equal(primary({ status: 'queued' }), 'pause')
  assert.equal(primary({ status: 'paused' }), 'resume')
  assert.equal(primary({ status: 'error' }), 'retry')
  assert.equal(primary({ status: 'cancelled' }), 'retry')
  assert.equal(primary({ status: 'completed' }), null)
  assert.equal(primary({ status: 'completed', missing: true }), 'redownload')
  assert.equal(primary({ status: 'validating' }), null)
})

test('progress is a part of one, and unknown where the size is', () => {
  assert.equal(rowView(base).fraction, 0.25)
  assert.equal(rowView({ ...base, bytesTotal: null }).fraction, null)
  assert.equal(rowView({ ...base, bytesTotal: 0, bytesDone: 0 }).fraction, 0)
  assert.equal(rowView({ ...base, bytesDone: 200 }).fraction, 1)
  assert.equal(rowView({ ...base, status: 'completed', bytesTotal: null }).fraction, 1)
})

test('a line is drawn while it runs, and where it stopped on its way', () => {
  const shows = (change: Partial<Download>) => rowView({ ...base, ...change }).showsProgress
  assert.equal(shows({}), true)
  assert.equal(shows({ status: 'paused' }), true)
  assert.equal(shows({ status: 'paused', bytesDone: 0 }), false)
  assert.equal(shows({ status: 'completed' }), false)
})

test('an error tells itself and when it is tried again', () => {
  const view = rowView({ ...base, status: 'error', error: problem, retryAt: '2026-01-31T12:04:00.000Z' })
  assert.deepEqual(view.note, { kind: 'error', error: problem, retryAt: Date.parse('2026-01-31T12:04:00.000Z') })
  assert.equal(view.tone, 'danger')
})

test('the way on fits the error', () => {
  const remedy = (code: typeof problem.code | 'disk-full' | 'stalled') =>
    rowView({ ...base, status: 'error', error: { ...problem, code } }).remedy
  assert.equal(remedy('disk-full'), 'free-space')
  assert.equal(remedy('http-not-found'), 'new-link')
  assert.equal(remedy('stalled'), null)
})

test('a queued download says why it waits', () => {
  const queued = { ...base, status: 'queued' } as const
  assert.equal(rowView(queued).note, null)
  assert.deepEqual(rowView({ ...queued, waitingFor: 'low-disk' }).note, {
    kind: 'waiting',
    reason: 'low-disk',
    startAt: null,
  })
  assert.deepEqual(rowView({ ...queued, retryAt: '2026-01-31T12:04:00.000Z' }).note, {
    kind: 'retry',
    retryAt: Date.parse('2026-01-31T12:04:00.000Z'),
  })
})

test('a running download tells its connections, or its attempts where it has trouble', () => {
  assert.deepEqual(rowView(base).note, { kind: 'connections', count: 4 })
  assert.deepEqual(rowView({ ...base, retries: 1 }).note, { kind: 'attempt', count: 2, most: 6, connections: 4 })
  assert.deepEqual(rowView({ ...base, bytesTotal: null }).note, { kind: 'no-size' })
})

test('a finished one tells how long it took and how fast it was', () => {
  const completedAt = '2026-01-31T12:04:00.000Z'
  const view = rowView({ ...base, status: 'completed', completedAt, bytesDone: 100, activeSeconds: 4 })
  assert.deepEqual(view.note, { kind: 'completed', at: Date.parse(completedAt), seconds: 4, speed: 25, place: null })
})

test('a finished download whose file is gone says so', () => {
  const view = rowView({ ...base, status: 'completed', missing: true })
  assert.equal(view.state, 'missing')
  assert.deepEqual(view.note, { kind: 'missing', place: null })
})

test('the menu offers only what the state allows', () => {
  const menu = (change: Partial<Download>) => rowMenu({ ...base, ...change }, false).filter((one) => one !== null)
  assert.deepEqual(menu({}), ['pause', 'details', 'priority', 'limit', 'copyLink', 'cancel', 'remove'])
  assert.ok(menu({ status: 'queued' }).includes('up'))
  assert.ok(!menu({ status: 'completed' }).includes('cancel'))
  assert.ok(menu({ status: 'completed' }).includes('removeFile'))
  assert.ok(!menu({ status: 'completed', missing: true }).includes('removeFile'))
  assert.ok(menu({ status: 'completed' }).includes('moveFile'))
  assert.ok(!menu({ status: 'completed', missing: true }).includes('moveFile'))
  assert.equal(menu({ status: 'completed', missing: true }).filter((one) => one === 'redownload').length, 1)
  assert.ok(menu({ status: 'completed', digests: { sha256: 'aa' } }).includes('copyDigest'))
})

test('a folder is opened only where the daemon can, and only of a file that is there', () => {
  const offers = (change: Partial<Download>, can = true) => rowMenu({ ...base, ...change }, can).includes('openFolder')
  assert.ok(offers({ status: 'completed' }))
  assert.ok(!offers({ status: 'completed' }, false))
  assert.ok(!offers({ status: 'completed', missing: true }))
  assert.ok(!offers({ status: 'active' }))
})

test('a finished model says where it went, and is deleted only where that can be', () => {
  const model = { ...base, kind: 'model', type: 'model', status: 'completed', completedAt: base.addedAt } as const
  const store = { ...model, path: '/store/manifests/r/l/m/latest', digests: { sha256: 'aa' } }
  const zip = { ...model, path: '/files/m.zip' }
  const folder = { ...model, path: '/files/m' }
  const place = (download: Download) => {
    const { note } = rowView(download)
    return note?.kind === 'completed' ? note.place : undefined
  }
  assert.deepEqual([store, zip, folder].map(place), ['store', 'zip', 'folder'])
  const removals = (download: Download) => rowMenu(download, true).filter((one) => one?.startsWith('remove'))
  assert.deepEqual(removals(store), ['remove', 'removeModel'])
  assert.deepEqual(removals(zip), ['remove', 'removeFile'])
  assert.deepEqual(removals(folder), ['remove'])
  assert.ok(rowMenu(zip, true).includes('openFolder'))
  assert.ok(!rowMenu(store, true).includes('openFolder'))
  assert.ok([store, zip, folder].every((one) => !rowMenu(one, true).includes('moveFile')))
})

test('finished libraries are in their cache, and leave it only when that is wanted', () => {
  const done = { ...base, kind: 'llama', type: 'llama', status: 'completed', completedAt: base.addedAt } as const
  const { note } = rowView(done)
  assert.equal(note?.kind === 'completed' && note.place, 'libraries')
  const menu = rowMenu(done, true)
  assert.deepEqual(
    menu.filter((one) => one?.startsWith('remove')),
    ['remove', 'removeLibraries'],
  )
  assert.ok(!menu.includes('openFolder'))
})

test('groups of the menu are never empty', () => {
  for (const status of ['active', 'queued', 'completed', 'error', 'validating'] as const) {
    const menu = rowMenu({ ...base, status }, true)
    assert.ok(menu[0] !== null && menu.at(-1) !== null)
    assert.ok(!menu.some((one, index) => one === null && menu[index + 1] === null))
  }
})

test('the strongest digest is shown', () => {
  assert.deepEqual(bestDigest({ md5: 'aa', sha256: 'bb' }), ['sha256', 'bb'])
  assert.equal(bestDigest({}), null)
})
