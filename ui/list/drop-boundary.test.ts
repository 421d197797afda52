import { test } from 'node:test'
import assert from 'node:assert/strict'
import { dropBoundary, scrollStep } from './drop-boundary.ts'

test('a row is dropped at the nearer edge of the one under the pointer', () => {
  assert.equal(dropBoundary(20, 50, 10), 0)
  assert.equal(dropBoundary(30, 50, 10), 1)
  assert.equal(dropBoundary(-80, 50, 10), 0)
  assert.equal(dropBoundary(9999, 50, 10), 10)
})

test('the list scrolls only near its edges, faster at the edge itself and no faster beyond', () => {
  const box = { top: 100, bottom: 700 }
  assert.equal(scrollStep(400, box), 0)
  assert.ok(scrollStep(130, box) < 0)
  assert.ok(scrollStep(690, box) > scrollStep(660, box))
  assert.equal(scrollStep(99_999, box), scrollStep(700, box))
  assert.equal(scrollStep(-99_999, box), scrollStep(100, box))
})
