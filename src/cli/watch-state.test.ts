import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Download } from '../server/api-types.ts'
import { SluiceError } from '../core/errors.ts'
import { changeLines, progressLines, watchPicture } from './print/watch-view.ts'
import { columnsOf } from './print/width.ts'
import { applyEvent, applyList, createWatchState, shownDownloads } from './watch-state.ts'
import type { WatchState } from './watch-state.ts'

function download(id: string, fields: Partial<Download> = {}): Download {
  return {
    id,
    reference: `http://host/${id}`,
    url: `http://host/${id}`,
    filename: `${id}.bin`,
    path: `/files/${id}.bin`,
    kind: 'http',
    host: 'host',
    type: 'bin',
    status: 'queued',
    priority: 5,
    position: 1,
    bytesDone: 0,
    bytesTotal: 1000,
    speed: 0,
    eta: null,
    connections: 0,
    retries: 0,
    maxRetries: 5,
    speedLimit: null,
    verdict: null,
    digests: {},
    error: null,
    addedAt: '2030-01-01T00:00:00.000Z',
    startedAt: null,
    completedAt: null,
    startAt: null,
    retryAt: null,
    activeSeconds: 0,
    missing: false,
    waitingFor: null,
    target: null,
    files: [],
    ...fields,
  }
}

function watching(...downloads: Download[]): WatchState {
  const state = createWatchState()
  const counts: Record<string, number> = {}
  for (const { status } of downloads) counts[status] = (counts[status] ?? 0) + 1
  // The settings of a snapshot are of no interest here.
  const snapshot = { type: 'snapshot', sequence: 1, counts, speed: 0, downloads, total: downloads.length } as never
  applyEvent(state, snapshot)
  return state
}

test('a change replaces what was known and keeps the counts true', () => {
  const state = watching(download('a'), download('b', { status: 'active' }))
  applyEvent(state, { type: 'changed', sequence: 2, download: download('a', { status: 'active' }) })
  assert.deepEqual(state.counts, { queued: 0, active: 2 })
  applyEvent(state, { type: 'added', sequence: 3, download: download('c') })
  applyEvent(state, { type: 'removed', sequence: 4, id: 'b' })
  assert.deepEqual(state.counts, { queued: 1, active: 1 })
  assert.deepEqual([...state.downloads.keys()], ['a', 'c'])
})

test('progress changes only the numbers, and one of an unknown download asks for the list', () => {
  const state = watching(download('a', { status: 'active' }))
  const numbers = { id: 'a', bytesDone: 10, bytesTotal: 1000, speed: 5, eta: 198, connections: 2 }
  applyEvent(state, { type: 'progress', sequence: 2, speed: 5, downloads: [numbers] })
  assert.deepEqual(state.downloads.get('a'), download('a', { status: 'active', ...numbers }))
  assert.equal(state.speed, 5)
  assert.equal(state.stale, false)
  applyEvent(state, { type: 'progress', sequence: 3, speed: 5, downloads: [{ ...numbers, id: 'z' }] })
  assert.equal(state.stale, true)
})

test('after a refresh the list is read again and counts as new', () => {
  const state = watching(download('a'))
  applyEvent(state, { type: 'refresh', sequence: 2 })
  assert.equal(state.stale, true)
  applyList(state, { downloads: [download('b')] }, { queued: 1 })
  assert.deepEqual([[...state.downloads.keys()], state.stale], [['b'], false])
})

test('a lost connection shows until the next event', () => {
  const state = watching(download('a'))
  applyEvent(state, { type: 'disconnected', error: new SluiceError('connection-lost', 'Gone.') })
  assert.match(watchPicture(state, { columns: 80, rows: 24 })[0] ?? '', /connection is lost/)
  applyEvent(state, { type: 'removed', sequence: 2, id: 'a' })
  assert.doesNotMatch(watchPicture(state, { columns: 80, rows: 24 })[0] ?? '', /lost/)
})

test('active downloads stand first, completed ones last', () => {
  const state = watching(download('a', { status: 'completed' }), download('b'), download('c', { status: 'active' }))
  assert.deepEqual(
    shownDownloads(state).map(({ id }) => id),
    ['c', 'b', 'a'],
  )
})

test('a picture fits any terminal and holds no control characters of names', () => {
  const nasty = Array.from({ length: 50 }, (_, index) =>
    download(`dl-${index}`, { filename: '\x1b]0;owned\x07\u202eevil\n.bin', status: 'active', bytesDone: 500 }),
  )
  for (const columns of [1, 20, 40, 80, 200]) {
    for (const rows of [1, 5, 24]) {
      const lines = watchPicture(watching(...nasty), { columns, rows })
      assert.ok(lines.length <= Math.max(1, rows - 1))
      for (const line of lines) {
        assert.ok(columnsOf(line) <= Math.max(10, columns - 1))
        assert.doesNotMatch(line, /[\x00-\x1f\x7f\u202e]/)
      }
    }
  }
})

test('a narrow terminal shows how far a download is, and how fast, rather than its id', () => {
  const one = download('dl-0123456789abcdef', { filename: 'some-long-name.iso', status: 'active', bytesDone: 500 })
  const [, heading = '', row = ''] = watchPicture(watching(one), { columns: 40, rows: 20 })
  assert.match(heading, /^STATUS +DONE +SPEED +LEFT +NAME$/)
  assert.match(row, /^active +50% /)
  assert.match(watchPicture(watching(one), { columns: 80, rows: 20 })[1] ?? '', /^ID +STATUS +DONE/)
})

test('a log tells each change of state once', () => {
  const state = watching(download('a'))
  const changed = (fields: Partial<Download>) =>
    ({ type: 'changed', sequence: 2, download: download('a', fields) }) as const
  assert.deepEqual(changeLines(changed({ bytesDone: 5 }), state), [])
  assert.match(changeLines(changed({ status: 'active' }), state).join(), /^a {2}active +a\.bin$/)
  const error = { code: 'http-not-found', message: 'Not\nthere.', hint: '', retryable: false } as const
  assert.match(changeLines(changed({ status: 'error', error }), state).join(), /a\.bin: Not there\.$/)
  assert.match(changeLines({ type: 'removed', sequence: 3, id: 'a' }, state).join(), /removed/)
})

test('a log begins with what has not ended, and after a lost connection tells what became of it', () => {
  const snapshot = (downloads: Download[]) =>
    ({ type: 'snapshot', sequence: 1, counts: {}, speed: 0, downloads, total: downloads.length }) as never
  const fresh = createWatchState()
  const first = [download('a', { status: 'active' }), download('b'), download('c', { status: 'completed' })]
  assert.deepEqual(
    changeLines(snapshot(first), fresh).map((line) => line.split(/ +/)[0]),
    ['a', 'b'],
  )
  applyEvent(fresh, snapshot(first))
  const later = [download('a', { status: 'completed', bytesDone: 1000 }), download('b'), download('d')]
  assert.deepEqual(
    changeLines(snapshot(later), fresh).map((line) => line.split(/ +/).slice(0, 2).join(' ')),
    ['a completed', 'd queued'],
  )
})

test('a log tells how far the active ones are, and of many only how many', () => {
  const active = (id: string) => download(id, { status: 'active', bytesDone: 512, speed: 1024, eta: 61 })
  assert.deepEqual(progressLines(watching(active('a'), download('b'))), [
    'a  active      a.bin: 512 B / 1000 B, 1.00 KiB/s, 1 min 1 s left',
  ])
  assert.equal(progressLines(watching(...Array.from({ length: 9 }, (_, index) => active(`${index}`)))).length, 1)
})
