import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { measure, startMeter, timeLeft } from './speed.ts'
import type { SpeedMeter } from './speed.ts'

const close = (actual: number, expected: number): void =>
  assert.ok(Math.abs(actual - expected) <= Math.max(1, expected) * 1e-9, `${actual}, expected ${expected}`)

/** Takes one sample after each step of `[ms, bytes]`. */
function feed(meter: SpeedMeter, steps: ReadonlyArray<readonly [ms: number, bytes: number]>): SpeedMeter {
  let { at, bytes } = meter
  let state = meter
  for (const [ms, more] of steps) {
    at += ms
    bytes += more
    state = measure(state, at, bytes)
  }
  return state
}

test('the first sample is taken as it is', () => {
  assert.equal(measure(startMeter(0, 0), 1000, 5000).speed, 5000)
})

test('after that a second counts 30 % and what was before 70 %', () => {
  close(
    feed(startMeter(0, 0), [
      [1000, 1000],
      [1000, 2000],
    ]).speed,
    0.7 * 1000 + 0.3 * 2000,
  )
  close(
    feed(startMeter(0, 0), [
      [1000, 1000],
      [1000, 2000],
      [1000, 0],
    ]).speed,
    0.7 * (0.7 * 1000 + 0.3 * 2000),
  )
})

test('property: a second of even traffic counts the same in one sample or in several', () => {
  const begun = feed(startMeter(0, 0), [[1000, 4000]])
  const pieces = fc.constantFrom(1, 2, 4, 5)
  fc.assert(
    fc.property(fc.nat(1_000_000), pieces, (perSecond, count) => {
      const step = [1000 / count, perSecond / count] as const
      close(
        feed(
          begun,
          Array.from({ length: count }, () => step),
        ).speed,
        0.7 * 4000 + 0.3 * perSecond,
      )
    }),
  )
})

test('property: the speed stays between the slowest and the fastest sample', () => {
  const sample = fc.tuple(fc.integer({ min: 200, max: 2000 }), fc.integer({ min: 1, max: 1_000_000 }))
  fc.assert(
    fc.property(fc.array(sample, { minLength: 1, maxLength: 40 }), (steps) => {
      const rates = steps.map(([ms, bytes]) => (bytes / ms) * 1000)
      const { speed } = feed(startMeter(0, 0), steps)
      assert.ok(speed >= Math.min(...rates) * (1 - 1e-9) && speed <= Math.max(...rates) * (1 + 1e-9))
    }),
  )
})

test('calls less than 200 ms apart change nothing and lose nothing', () => {
  const busy = feed(startMeter(0, 0), [
    [100, 10],
    [99, 10],
  ])
  assert.equal(busy.speed, 0)
  close(measure(busy, 1000, 1000).speed, 1000)
})

test('before the first byte the speed is 0, and waiting does not lower the first sample', () => {
  const waiting = feed(startMeter(0, 0), [
    [1000, 0],
    [1000, 0],
    [1000, 0],
  ])
  assert.equal(waiting.speed, 0)
  assert.equal(measure(waiting, 4000, 8000).speed, 8000)
})

test('silence makes the speed fall, and 0 after 10 seconds', () => {
  const flowing = feed(startMeter(0, 0), [[1000, 1000]])
  const seconds = (count: number): SpeedMeter =>
    feed(
      flowing,
      Array.from({ length: count }, () => [1000, 0] as const),
    )
  close(seconds(9).speed, 1000 * 0.7 ** 9)
  assert.equal(seconds(10).speed, 0)
})

test('bytes after a silence count at once', () => {
  const silent = feed(startMeter(0, 0), [
    [1000, 1000],
    [12_000, 0],
  ])
  assert.equal(silent.speed, 0)
  assert.ok(measure(silent, 14_000, 3000).speed > 0)
})

test('a total that goes back, as after a fresh start, is not a negative speed', () => {
  assert.ok(
    feed(startMeter(0, 0), [
      [1000, 1000],
      [1000, -900],
    ]).speed >= 0,
  )
})

test('the time left is what is left by the speed', () => {
  assert.equal(timeLeft(1000, 100), 10)
  assert.equal(timeLeft(0, 0), 0)
})

test('the time left is null while it cannot be known', () => {
  assert.equal(timeLeft(null, 100), null)
  assert.equal(timeLeft(1000, 0), null)
  assert.equal(timeLeft(1000, 0.5), null)
})
