import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { byteTicks } from './rate-axis.ts'

const KiB = 1024
const MiB = 1024 * KiB

test('marks are round in the unit that is shown', () => {
  assert.deepEqual(byteTicks(7 * MiB), [0, 2 * MiB, 4 * MiB, 6 * MiB, 8 * MiB])
  assert.deepEqual(byteTicks(300 * KiB), [0, 100 * KiB, 200 * KiB, 300 * KiB])
  assert.deepEqual(byteTicks(1.2 * MiB), [0, 512 * KiB, MiB, 1.5 * MiB])
})

test('nothing yet still gives an axis', () => {
  assert.deepEqual(byteTicks(0), [0, 1])
  assert.deepEqual(byteTicks(Number.NaN), [0, 1])
})

test('the last mark is not below the highest value, and there are few of them', () => {
  fc.assert(
    fc.property(fc.double({ min: 0, max: 1e15, noNaN: true }), (most) => {
      const ticks = byteTicks(most)
      assert.ok((ticks.at(-1) ?? 0) >= most)
      assert.ok(ticks.length >= 2 && ticks.length <= 6)
    }),
  )
})
