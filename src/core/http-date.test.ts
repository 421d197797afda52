import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { parseHttpDate } from './http-date.ts'

const now = Date.UTC(2026, 10, 16)

test('the three forms of RFC 9110 are one moment', () => {
  const moment = Date.UTC(1994, 10, 6, 8, 49, 37)
  assert.equal(parseHttpDate('Sun, 06 Nov 1994 08:49:37 GMT', now), moment)
  assert.equal(parseHttpDate('Sunday, 06-Nov-94 08:49:37 GMT', now), moment)
  assert.equal(parseHttpDate('Sun Nov  6 08:49:37 1994', now), moment)
})

test('a two-digit year lies at most 50 years ahead', () => {
  assert.equal(parseHttpDate('Sunday, 06-Nov-76 00:00:00 GMT', now), Date.UTC(2076, 10, 6))
  assert.equal(parseHttpDate('Sunday, 06-Nov-77 00:00:00 GMT', now), Date.UTC(1977, 10, 6))
})

test('what is no such date is null', () => {
  const others = [
    '',
    'tomorrow',
    '2026-11-16T00:00:00Z',
    'Sun, 31 Feb 2026 00:00:00 GMT',
    'Sun, 00 Nov 2026 00:00:00 GMT',
    'Sun, 06 Foo 2026 00:00:00 GMT',
    'Sun, 06 Nov 2026 24:00:00 GMT',
    'Sun, 06 Nov 2026 00:61:00 GMT',
    'Sun, 06 Nov 2026 23:59:61 GMT',
    'Sun, 06 Nov 2026 00:00:00 CET',
    'Sun, 6 Nov 2026 00:00:00 GMT',
    '1731715200',
  ]
  for (const text of others) assert.equal(parseHttpDate(text, now), null, text)
})

test('property: what Date prints is read back to the second', () => {
  fc.assert(
    fc.property(fc.date({ min: new Date(0), max: new Date('9999-12-31'), noInvalidDate: true }), (date) => {
      assert.equal(parseHttpDate(date.toUTCString(), now), Math.floor(date.getTime() / 1000) * 1000)
    }),
  )
})
