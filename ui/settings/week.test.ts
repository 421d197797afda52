import assert from 'node:assert/strict'
import { it } from 'node:test'
import { weekOf, withDay } from './week.ts'

it('begins the week as the language does', () => {
  assert.deepEqual(weekOf('en'), [0, 1, 2, 3, 4, 5, 6])
  assert.deepEqual(weekOf('de'), [1, 2, 3, 4, 5, 6, 0])
  assert.deepEqual(weekOf('fa'), [6, 0, 1, 2, 3, 4, 5])
})

it('adds and takes away a day, and keeps them in order', () => {
  assert.deepEqual(withDay([1, 5], 3, true), [1, 3, 5])
  assert.deepEqual(withDay([1, 5], 1, true), [1, 5])
  assert.deepEqual(withDay([1, 5], 1, false), [5])
})
