import assert from 'node:assert/strict'
import { test } from 'node:test'
import { allPairs } from './all-pairs.ts'

test('every value meets every value of the other dimensions, in far fewer cells than there are', () => {
  const dimensions = { a: ['1', '2', '3'], b: ['x', 'y'], c: ['p', 'q', 'r', 's'] } as const
  const cells = allPairs(dimensions)
  for (const a of dimensions.a) {
    for (const b of dimensions.b) assert.ok(cells.some((cell) => cell.a === a && cell.b === b))
    for (const c of dimensions.c) assert.ok(cells.some((cell) => cell.a === a && cell.c === c))
  }
  for (const b of dimensions.b)
    for (const c of dimensions.c) assert.ok(cells.some((cell) => cell.b === b && cell.c === c))
  assert.ok(cells.length < 18)
})
