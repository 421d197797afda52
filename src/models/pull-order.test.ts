import assert from 'node:assert/strict'
import { test } from 'node:test'
import { takeFromBothEnds } from './pull-order.ts'

const things = [5, 1, 9, 3].map((size) => ({ size }))

test('the first of several workers takes the largest, the others the smallest', () => {
  const take = takeFromBothEnds(things, 2)
  assert.deepEqual([take(1)?.size, take(0)?.size, take(1)?.size, take(0)?.size, take(0)], [1, 9, 3, 5, undefined])
})

test('a worker alone begins with the smallest', () => {
  const take = takeFromBothEnds(things, 1)
  assert.deepEqual(
    things.map(() => take(0)?.size),
    [1, 3, 5, 9],
  )
})
