import { test } from 'node:test'
import assert from 'node:assert/strict'
import fc from 'fast-check'
import { between, findNear, moveFocus } from './selection-range.ts'

test('a range goes from the upper end to the lower one, whichever was clicked first', () => {
  assert.deepEqual(between(2, 5), [2, 5])
  assert.deepEqual(between(5, 2), [2, 5])
})

test('arrows move by one and stop at the ends', () => {
  assert.equal(moveFocus('ArrowDown', 3, 10, 5), 4)
  assert.equal(moveFocus('ArrowDown', 9, 10, 5), 9)
  assert.equal(moveFocus('ArrowUp', 0, 10, 5), 0)
})

test('Home and End go to the ends, a page leaves one row in sight', () => {
  assert.equal(moveFocus('Home', 7, 10, 5), 0)
  assert.equal(moveFocus('End', 7, 10, 5), 9)
  assert.equal(moveFocus('PageDown', 0, 100, 5), 4)
  assert.equal(moveFocus('PageUp', 3, 100, 5), 0)
})

test('other keys, and an empty list, move nothing', () => {
  assert.equal(moveFocus('a', 0, 10, 5), null)
  assert.equal(moveFocus('toString', 0, 10, 5), null)
  assert.equal(moveFocus('ArrowDown', 0, 0, 5), null)
})

test('a row that moved is found again wherever it is', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.string(), { minLength: 1, maxLength: 30 }),
      fc.nat(40),
      fc.nat(29),
      (ids, near, at) => {
        const wanted = ids[at % ids.length]!
        assert.equal(
          findNear(wanted, near % ids.length, ids.length, (index) => ids[index]),
          at % ids.length,
        )
      },
    ),
  )
  assert.equal(
    findNear('gone', 1, 3, (index) => ['a', 'b', 'c'][index]),
    -1,
  )
})
