import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { DownloadDetail } from '../../src/server/api-types.ts'
import { mapSummary, mapView } from './map-summary.ts'

const MiB = 1024 ** 2
const connection = { host: 'h', start: 0, end: MiB, position: 0, speed: 1, state: 'receiving' } as const
const running = {
  status: 'active' as const,
  bytesDone: 2 * MiB,
  bytesTotal: 8 * MiB,
  verdict: null,
  kind: 'http',
  files: [],
  segments: [
    { start: 0, end: MiB, done: MiB, active: false },
    { start: 4 * MiB, end: 8 * MiB, done: MiB, active: true },
  ],
  connectionDetails: [connection, connection],
}
const said = (...args: Parameters<typeof mapView>) => mapSummary(mapView(...args)).replaceAll('\u00a0', ' ')

test('a running one is told by its part, its pieces and its connections', () => {
  assert.equal(said(running, null), '25% is here (2.00 MiB of 8.00 MiB), in 2 pieces. 2 connections fetch.')
})

test('without a size no part is claimed', () => {
  const text = said({ ...running, bytesTotal: null, connectionDetails: [connection] }, null)
  assert.equal(text, '2.00 MiB are here, in 2 pieces; the size of the file is not known. One connection fetches.')
})

test('nothing yet and everything', () => {
  const nothing = { ...running, bytesDone: 0, segments: [], connectionDetails: [] }
  assert.equal(said(nothing, null), 'Nothing is here yet.')
  assert.equal(said({ ...nothing, status: 'completed', bytesDone: 8 * MiB }, null), 'All 8.00 MiB are here.')
})

const file = (status: 'completed' | 'active', digest: string | null): DownloadDetail['files'][number] => ({
  title: 'model',
  path: '',
  digest,
  mediaType: null,
  bytesDone: MiB,
  bytesTotal: MiB,
  status,
  verdict: null,
  digests: {},
})

test('a model is told by its files, and no connection stands in the wrong one', () => {
  const files = [file('completed', 'sha256:1'), file('active', 'sha256:2')]
  const model = { ...running, kind: 'model', files }
  assert.equal(said(model, null), '25% is here (2.00 MiB of 8.00 MiB): 1 of 2 files are whole.')
  assert.deepEqual(mapView(model, null).connections, [])
  assert.equal(said({ ...model, status: 'completed', bytesDone: 8 * MiB }, null), 'All 8.00 MiB are here, in 2 files.')
})

test('a model whose files are not known yet is told like any other', () => {
  const model = { ...running, kind: 'model', files: [file('active', null)] }
  assert.equal(mapView(model, null).files, null)
})

test('only a digest that matched makes the map a checked one', () => {
  assert.equal(mapView({ ...running, status: 'completed', verdict: 'verified' }, null).verified, true)
  assert.equal(mapView({ ...running, status: 'completed', verdict: 'length-only' }, null).verified, false)
  assert.equal(mapView({ ...running, verdict: 'verified' }, null).verified, false)
})

test('a pause keeps the places that were seen', () => {
  const before = mapView(running, null)
  const paused = { ...running, status: 'paused' as const, segments: [], connectionDetails: [] }
  const view = mapView(paused, before)
  assert.equal(view.placesUnknown, false)
  assert.deepEqual(
    view.segments.map(({ start, done, active }) => ({ start, done, active })),
    [
      { start: 0, done: MiB, active: false },
      { start: 4 * MiB, done: MiB, active: false },
    ],
  )
})

test('places that were never seen are not made up', () => {
  const paused = { ...running, status: 'paused' as const, segments: [], connectionDetails: [] }
  assert.equal(mapView(paused, null).placesUnknown, true)
  assert.equal(said(paused, null), '2.00 MiB of 8.00 MiB are here. Where they lie in the file shows when it runs.')
  assert.equal(mapView({ ...paused, bytesDone: 100 }, mapView(running, null)).placesUnknown, true)
})
