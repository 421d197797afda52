import assert from 'node:assert/strict'
import { test } from 'node:test'
import { autoRetryDelay, autoRetryLimit } from './auto-retry.ts'

const minutes = (tries: number, retryAfter?: number): number => (autoRetryDelay(tries, retryAfter) ?? NaN) / 60_000

test('the pauses double from one minute to an hour', () => {
  assert.deepEqual(
    [0, 1, 2, 3, 4, 5, 6, 7, 19].map((tries) => minutes(tries)),
    [1, 2, 4, 8, 16, 32, 60, 60, 60],
  )
})

test('after twenty tries without a byte nothing is tried any more', () => {
  assert.notEqual(autoRetryDelay(autoRetryLimit - 1), null)
  assert.equal(autoRetryDelay(autoRetryLimit), null)
})

test('a server that asks for a longer pause gets it, up to an hour', () => {
  assert.equal(minutes(0, 300), 5)
  assert.equal(minutes(3, 60), 8)
  assert.equal(minutes(0, 86_400), 60)
})
