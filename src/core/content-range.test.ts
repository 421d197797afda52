import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { parseContentRange } from './content-range.ts'

test('a range with a known and an unknown total', () => {
  assert.deepEqual(parseContentRange('bytes 0-99/100'), { kind: 'range', first: 0, last: 99, total: 100 })
  assert.deepEqual(parseContentRange('Bytes 5-5/*'), { kind: 'range', first: 5, last: 5, total: null })
})

test('an unsatisfied range tells the total', () => {
  assert.deepEqual(parseContentRange('bytes */47'), { kind: 'unsatisfied', total: 47 })
  assert.deepEqual(parseContentRange('bytes */0'), { kind: 'unsatisfied', total: 0 })
})

test('what is malformed or contradicts itself proves nothing', () => {
  const lies = [
    '',
    'bytes',
    'bytes 0-99',
    'bytes 0-99/',
    'bytes=0-99/100',
    'bytes 9-3/100',
    'bytes 0-100/100',
    'bytes 0-0/0',
    'bytes */*',
    'items 0-1/2',
    'bytes -1-5/10',
    'bytes 0 - 9/10',
    'bytes 0-9/10, bytes 10-19/20',
    'bytes 0x0-0x9/10',
    'bytes 0-9/10 ',
    'bytes  0-9/10',
    'bytes 1e1-99/100',
    'bytes 0-9007199254740992/*',
    'bytes 0-1/9007199254740992',
    'bytes 0-9/١٠',
    `bytes 0-9/${'9'.repeat(400)}`,
  ]
  for (const lie of lies) assert.equal(parseContentRange(lie), null, lie)
})

test('property: what a correct server writes is read back', () => {
  fc.assert(
    fc.property(fc.maxSafeNat(), fc.maxSafeNat(), fc.maxSafeNat(), (a, b, c) => {
      const [first = 0, last = 0, total = 0] = [a, b, c].sort((x, y) => x - y)
      fc.pre(last < total)
      assert.deepEqual(parseContentRange(`bytes ${first}-${last}/${total}`), { kind: 'range', first, last, total })
    }),
  )
})
