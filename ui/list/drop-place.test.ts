import { test } from 'node:test'
import assert from 'node:assert/strict'
import { dropPlace, stepPlace } from './drop-place.ts'

const queue = [
  { id: 'a', priority: 8 },
  { id: 'b', priority: 5 },
  { id: 'c', priority: 5 },
  { id: 'd', priority: 5 },
  { id: 'e', priority: 2 },
]

test('a drop counts places from 1 among those of the same priority', () => {
  assert.deepEqual(dropPlace(queue, 'd', { id: 'b', side: 'before' }), { priority: 5, place: 1 })
  assert.deepEqual(dropPlace(queue, 'd', { id: 'b', side: 'behind' }), { priority: 5, place: 2 })
  assert.deepEqual(dropPlace(queue, 'b', { id: 'd', side: 'behind' }), { priority: 5, place: 3 })
})

test('a drop where it already lies changes nothing', () => {
  assert.equal(dropPlace(queue, 'c', { id: 'b', side: 'behind' }), null)
  assert.equal(dropPlace(queue, 'c', { id: 'd', side: 'before' }), null)
  assert.equal(dropPlace(queue, 'c', { id: 'c', side: 'before' }), null)
})

test('a drop among others of another priority takes that priority', () => {
  assert.deepEqual(dropPlace(queue, 'e', { id: 'c', side: 'before' }), { priority: 5, place: 2 })
  assert.deepEqual(dropPlace(queue, 'b', { id: 'e', side: 'behind' }), { priority: 2, place: 2 })
  assert.deepEqual(dropPlace(queue, 'e', { id: 'a', side: 'before' }), { priority: 8, place: 1 })
})

test('at the border of two priorities the own one is kept', () => {
  assert.deepEqual(dropPlace(queue, 'd', { id: 'a', side: 'behind' }), { priority: 5, place: 1 })
  assert.deepEqual(dropPlace(queue, 'b', { id: 'e', side: 'before' }), { priority: 5, place: 3 })
})

test('nothing is done when one of the two has left the queue', () => {
  assert.equal(dropPlace(queue, 'b', { id: 'gone', side: 'before' }), null)
  assert.equal(dropPlace(queue, 'gone', { id: 'b', side: 'before' }), null)
})

test('a step up or down stays within the priority', () => {
  assert.deepEqual(stepPlace(queue, 'c', -1), { priority: 5, place: 1 })
  assert.deepEqual(stepPlace(queue, 'c', 1), { priority: 5, place: 3 })
  assert.equal(stepPlace(queue, 'b', -1), null)
  assert.equal(stepPlace(queue, 'd', 1), null)
  assert.equal(stepPlace(queue, 'gone', 1), null)
})
