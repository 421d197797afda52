import assert from 'node:assert/strict'
import { test } from 'node:test'
import { tooltipPlace } from './tooltip-place.ts'

const own = { width: 100, height: 24 }
const view = { width: 400, height: 300 }
const at = (left: number, top: number) => tooltipPlace({ left, top, width: 32, height: 32 }, own, view)

test('a tooltip stands centred above its element', () => assert.deepEqual(at(200, 100), { x: 166, y: 70 }))

test('below where there is no room above', () => assert.deepEqual(at(200, 20), { x: 166, y: 58 }))

test('never out of the window on either side', () => {
  assert.equal(at(0, 100).x, 8)
  assert.equal(at(380, 100).x, 292)
})

test('wider than the window, it begins inside', () => {
  assert.equal(tooltipPlace({ left: 0, top: 100, width: 10, height: 10 }, { width: 500, height: 24 }, view).x, 8)
})
