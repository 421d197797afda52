import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createPullProgress } from './pull-progress.ts'

test('the sums of all blobs make one progress, with the speed of all together', () => {
  let now = 0
  const progress = createPullProgress(1000, () => now)
  progress.set('a', 100, 0)
  assert.deepEqual(progress.now(), { bytesDone: 100, bytesTotal: 1000, speed: 0, eta: null, connections: 0 })
  now = 1000
  progress.set('a', 300, 2)
  progress.set('b', 200, 1)
  assert.deepEqual(progress.now(), { bytesDone: 500, bytesTotal: 1000, speed: 400, eta: 1.25, connections: 3 })
  progress.set('a', 400, 0)
  assert.equal(progress.due(), null, 'at most ten a second')
  now = 1100
  assert.equal(progress.due()?.bytesDone, 600)
})

test('what was here before is no speed', () => {
  let now = 0
  const progress = createPullProgress(1000, () => now)
  progress.set('a', 900, 0)
  progress.now()
  now = 1000
  assert.equal(progress.now().speed, 0)
})
