import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseRetryAfter } from './retry-after.ts'

const now = Date.UTC(1994, 10, 6, 8, 49, 37)

test('seconds are taken as they are', () => {
  assert.equal(parseRetryAfter('120', now), 120)
  assert.equal(parseRetryAfter(' 0 ', now), 0)
  assert.equal(parseRetryAfter('9'.repeat(400), now), 2 ** 31 - 1)
})

test('dates in all three forms are counted from now, rounded up to whole seconds', () => {
  assert.equal(parseRetryAfter('Sun, 06 Nov 1994 08:50:37 GMT', now), 60)
  assert.equal(parseRetryAfter('Sunday, 06-Nov-94 08:50:37 GMT', now), 60)
  assert.equal(parseRetryAfter('Sun Nov  6 08:50:37 1994', now + 1), 60)
})

test('a date that has passed means at once', () => {
  assert.equal(parseRetryAfter('Sun, 06 Nov 1994 08:00:00 GMT', now), 0)
})

test('anything else is ignored', () => {
  for (const value of ['', 'soon', '-5', '1.5', '12s', '0x10', '10, 20', 'Sun, 06 Nov'])
    assert.equal(parseRetryAfter(value, now), null, value)
})
