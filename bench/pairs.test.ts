import assert from 'node:assert/strict'
import { test } from 'node:test'
import { median, pairedRatio, rotated } from './pairs.ts'

test('the median of an odd count is the middle value whatever the order', () => {
  assert.equal(median([9, 1, 5]), 5)
  assert.equal(median([10, 9, 100]), 10)
})

test('the median of an even count is the mean of the two middle values', () => {
  assert.equal(median([4, 1, 3, 100]), 3.5)
})

test('no values have no median', () => {
  assert.ok(Number.isNaN(median([])))
})

test('taking a median leaves its input as it was', () => {
  const values = [3, 1, 2]
  median(values)
  assert.deepEqual(values, [3, 1, 2])
})

test('a round in which the whole machine was slow does not move the ratio', () => {
  assert.equal(pairedRatio([1, 10, 1], [2, 20, 2]), 0.5)
})

test('the ratio is that of pairs, not that of the two medians', () => {
  assert.equal(pairedRatio([1, 2, 9], [4, 2, 3]), 1)
})

test('rounds that only one side finished do not count', () => {
  assert.equal(pairedRatio([1, 1, 50], [2, 4]), 0.375)
  assert.ok(Number.isNaN(pairedRatio([], [1, 2])))
})

test('over as many rounds as there are contenders each one stands once at every place', () => {
  assert.deepEqual(
    [0, 1, 2, 3].map((round) => rotated(['a', 'b', 'c'], round).join('')),
    ['abc', 'bca', 'cab', 'abc'],
  )
  assert.deepEqual(rotated([], 4), [])
})
