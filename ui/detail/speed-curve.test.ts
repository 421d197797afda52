import assert from 'node:assert/strict'
import { test } from 'node:test'
import { curveFigures, speedCurve } from './speed-curve.ts'

const now = 1_000_000

test('samples stand as seconds before now, older than five minutes are left out', () => {
  const samples = [
    { at: now - 301_000, speed: 9 },
    { at: now - 2000, speed: 1 },
    { at: now - 1000, speed: 2 },
    { at: now, speed: 3 },
  ]
  assert.deepEqual(speedCurve(samples, now), { times: [-2, -1, 0], speeds: [1, 2, 3] })
})

test('the curve is broken where nothing was measured', () => {
  const samples = [
    { at: now - 60_000, speed: 1 },
    { at: now - 1000, speed: 2 },
  ]
  assert.deepEqual(speedCurve(samples, now), { times: [-60, -59.999, -1], speeds: [1, null, 2] })
})

test('a clock that stands a little behind draws nothing beyond now', () => {
  assert.deepEqual(speedCurve([{ at: now + 400, speed: 5 }], now).times, [-1, 0])
})

test('a single sample is a short flat line', () => {
  assert.deepEqual(speedCurve([{ at: now - 1000, speed: 5 }], now), { times: [-2, -1], speeds: [5, 5] })
})

test('figures are of what was measured', () => {
  assert.deepEqual(curveFigures({ times: [-3, -2, -1, 0], speeds: [4, null, 2, 3] }), { now: 3, most: 4, mean: 3 })
  assert.equal(curveFigures({ times: [], speeds: [] }), null)
})
