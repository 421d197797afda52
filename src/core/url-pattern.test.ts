import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { SluiceError } from './errors.ts'
import { maxExpansion, readUrlPattern } from './url-pattern.ts'

function expandUrl(text: string): string[] {
  const { count, at } = readUrlPattern(text)
  return Array.from({ length: count }, (_, index) => at(index))
}

function refused(text: string, words: RegExp): void {
  assert.throws(
    () => expandUrl(text),
    (error) => error instanceof SluiceError && error.code === 'usage' && words.test(error.message),
    text,
  )
}

test('numbers keep the digits of the first', () => {
  assert.deepEqual(
    expandUrl('http://h/f[8-11].zip'),
    ['8', '9', '10', '11'].map((n) => `http://h/f${n}.zip`),
  )
  assert.deepEqual(
    expandUrl('http://h/[098-101]'),
    ['098', '099', '100', '101'].map((n) => `http://h/${n}`),
  )
  assert.equal(expandUrl('http://h/file[001-100].zip').length, 100)
})

test('ranges may have steps, and be of letters', () => {
  assert.deepEqual(expandUrl('[1-10:4]'), ['1', '5', '9'])
  assert.deepEqual(expandUrl('[a-e:2]'), ['a', 'c', 'e'])
  assert.deepEqual(expandUrl('[X-Z]'), ['X', 'Y', 'Z'])
})

test('braces list words, one of which may be empty', () => {
  assert.deepEqual(expandUrl('http://h/{a,bc,}.zip'), ['http://h/a.zip', 'http://h/bc.zip', 'http://h/.zip'])
})

test('several patterns multiply, the last turns fastest', () => {
  assert.deepEqual(expandUrl('{a,b}/[1-2]'), ['a/1', 'a/2', 'b/1', 'b/2'])
})

test('what is no pattern stays as it is', () => {
  for (const text of [
    '',
    'http://[::1]:8080/x',
    'http://[fe80::1-2]/x',
    'http://[2001:db8::a-f]/x',
    'http://h/[x]/[]/{}/{id}',
    'http://h/?q[]=1&r[a]=2',
    'http://h/?q={"a":1,"b":2}',
    'http://h/[1-]/[-2]/[a-9]/[aa-bb]/[A-z]',
    `{${','.repeat(300_000)}`,
    '{'.repeat(300_000),
    'http://h/%5B1-3%5D',
  ])
    assert.deepEqual(expandUrl(text), [text])
})

test('an IPv6 address and a pattern go together', () => {
  assert.deepEqual(expandUrl('http://[::1]:80/[1-2]'), ['http://[::1]:80/1', 'http://[::1]:80/2'])
})

test('ranges that run backwards, have no step or stand for too much are refused', () => {
  refused('[10-1]', /\[10-1\] runs backwards/)
  refused('[b-a]', /\[b-a\] runs backwards/)
  refused('[1-9:0]', /no step/)
  refused(`[1-${maxExpansion + 1}]`, /10001 addresses/)
  refused('[1-999999999999999]'.repeat(5), /more than 1000000000 addresses/)
  refused(`${'x'.repeat(8000)}[1-9999]`, /too long together/)
  assert.equal(expandUrl(`[1-${maxExpansion}]`).length, maxExpansion)
})

test('property: as many different addresses as the product, all of the right form', () => {
  const size = fc.integer({ min: 1, max: 9 })
  fc.assert(
    fc.property(size, size, size, (a, b, c) => {
      const results = expandUrl(
        `http://h/[1-${a}]-{${Array.from({ length: b + 1 }, (_, i) => `w${i}`).join(',')}}.[01-0${c}]`,
      )
      assert.equal(new Set(results).size, a * (b + 1) * c)
      for (const result of results) assert.match(result, /^http:\/\/h\/\d-w\d\.0\d$/)
    }),
  )
})

test('property: any text gives addresses or a usage error', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...'[]{}-:,019azAZ/é'), maxLength: 60 }), (text) => {
      try {
        assert.ok(expandUrl(text).length >= 1)
      } catch (error) {
        assert.ok(error instanceof SluiceError && error.code === 'usage', String(error))
      }
    }),
    { numRuns: 2000 },
  )
})
