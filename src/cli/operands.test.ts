import assert from 'node:assert/strict'
import { test } from 'node:test'
import { timeOf } from './operands.ts'

test('a time without a zone is local, one with a zone is that moment', () => {
  assert.equal(timeOf('2030-12-31T22:00Z', 'since'), '2030-12-31T22:00:00.000Z')
  assert.equal(timeOf('2030-12-31 22:00:30+02:00', 'since'), '2030-12-31T20:00:30.000Z')
  assert.equal(timeOf('2030-12-31', 'since'), new Date(2030, 11, 31).toISOString())
  assert.equal(timeOf('2030-12-31T22:00', 'since'), new Date(2030, 11, 31, 22).toISOString())
})

test('what is no time is wrong usage that names the flag', () => {
  for (const text of [
    '',
    'now',
    '2030',
    '2030-13-01',
    '2030-02-30',
    '2029-02-29T10:00',
    '2030-11-31T23:59Z',
    '2030-12-31T25:00',
    '31.12.2030',
    '\x1b[2J',
  ]) {
    assert.throws(() => timeOf(text, 'until'), { code: 'usage', message: /^--until: "[^\x1b]*" is not a time\.$/ })
  }
})
