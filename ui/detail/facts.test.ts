import assert from 'node:assert/strict'
import { test } from 'node:test'
import { downloadStatuses } from '../../src/core/download-states.ts'
import type { Download } from '../../src/server/api-types.ts'
import { averageSpeed, changeMark, digestList, panelActions, partDone } from './facts.ts'

const download: Download = {
  id: 'dl-0123456789abcdef',
  reference: 'http://h/f',
  url: 'http://h/f',
  filename: 'f',
  path: '/files/f',
  kind: 'http',
  host: 'h',
  type: 'unknown',
  status: 'active',
  priority: 5,
  position: 1,
  bytesDone: 10,
  bytesTotal: 100,
  speed: 1,
  eta: 90,
  connections: 1,
  retries: 0,
  maxRetries: 5,
  speedLimit: null,
  verdict: null,
  digests: {},
  error: null,
  addedAt: '2026-11-21T14:00:00Z',
  startedAt: null,
  completedAt: null,
  startAt: null,
  retryAt: null,
  activeSeconds: 0,
  missing: false,
  waitingFor: null,
  target: null,
  files: [],
}

test('the average speed is over the time it was active, and unknown in the first moment', () => {
  assert.equal(averageSpeed({ bytesDone: 100, activeSeconds: 4 }), 25)
  assert.equal(averageSpeed({ bytesDone: 100, activeSeconds: 0.02 }), null)
  assert.equal(averageSpeed({ bytesDone: 0, activeSeconds: 9 }), null)
})

test('the part done is unknown without a size, and whole for an empty file that is complete', () => {
  assert.equal(partDone({ bytesDone: 5, bytesTotal: 10, status: 'active' }), 0.5)
  assert.equal(partDone({ bytesDone: 5, bytesTotal: null, status: 'active' }), null)
  assert.equal(partDone({ bytesDone: 0, bytesTotal: 0, status: 'completed' }), 1)
  assert.equal(partDone({ bytesDone: 12, bytesTotal: 10, status: 'active' }), 1)
})

test('digests are listed strongest first by their usual names', () => {
  assert.deepEqual(
    digestList({ md5: 'aa', sha256: 'bb' }).map(({ name }) => name),
    ['SHA-256', 'MD5'],
  )
})

test('in every state it can be removed, and what the state does not allow is not offered', () => {
  for (const status of downloadStatuses) assert.ok(panelActions({ status, waitingFor: null }).includes('remove'))
  assert.deepEqual(panelActions({ status: 'active', waitingFor: null })[0], 'pause')
  assert.deepEqual(panelActions({ status: 'error', waitingFor: null })[0], 'retry')
  assert.deepEqual(panelActions({ status: 'completed', waitingFor: null }), ['redownload', 'remove'])
})

test('the folder of a finished file is opened first, where that is possible and the file is there', () => {
  const completed = { status: 'completed', waitingFor: null } as const
  assert.equal(panelActions(completed, true)[0], 'openFolder')
  assert.ok(!panelActions({ ...completed, missing: true }, true).includes('openFolder'))
  assert.ok(!panelActions(completed, false).includes('openFolder'))
})

test('a queued one that waits for a time or a person can be told to start', () => {
  assert.equal(panelActions({ status: 'queued', waitingFor: 'start-at' })[0], 'resume')
  assert.equal(panelActions({ status: 'queued', waitingFor: null })[0], 'pause')
})

test('running numbers do not ask for the details anew, a new state or limit does', () => {
  const mark = changeMark(download)
  assert.equal(changeMark({ ...download, bytesDone: 50, speed: 7, eta: 3, connections: 4, activeSeconds: 9 }), mark)
  assert.notEqual(changeMark({ ...download, status: 'paused' }), mark)
  assert.notEqual(changeMark({ ...download, speedLimit: 1024 }), mark)
  assert.equal(changeMark(undefined), '')
})
