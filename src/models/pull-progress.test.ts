import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createPullProgress } from './pull-progress.ts'

test('the sums of all blobs make one progress, with the speed of all together', () => {
  let now = 0
  const progress = createPullProgress(1000, () => now)
  progress.found('a', 100)
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

test('what was here before, or came by another hand, is no speed, and what is lost and comes again is one', () => {
  let now = 0
  const progress = createPullProgress(1000, () => now)
  progress.found('a', 600)
  now = 1000
  assert.deepEqual([progress.due()?.bytesDone, progress.now().speed], [600, 0])
  progress.set('a', 700, 1)
  progress.found('b', 200)
  now = 2000
  assert.deepEqual([progress.now().bytesDone, progress.now().speed, progress.now().connections], [900, 100, 1])
  progress.found('a', 0)
  progress.set('a', 100, 1)
  now = 3000
  assert.deepEqual([progress.now().bytesDone, progress.now().speed], [300, 100])
})
