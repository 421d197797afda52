import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { compareValidators, ifRangeValue, noValidators } from './validators.ts'
import type { Validators } from './validators.ts'

const modified = 'Sat, 14 Nov 2026 10:00:00 GMT'
const sameSecond = 'Sat, 14 Nov 2026 10:00:00 GMT'
const later = 'Sat, 14 Nov 2026 10:00:01 GMT'

function marks(etag: string | null, lastModified: string | null = null, date: string | null = later): Validators {
  return { etag, lastModified, date }
}

test('If-Range is the strong ETag, else a date that is a second older than the answer, else nothing (RFC 9110 13.1.5, 8.8.2.2)', () => {
  const table: ReadonlyArray<readonly [string, Validators, string | null]> = [
    ['a strong tag', marks('"a"'), '"a"'],
    ['an empty strong tag', marks('""'), '""'],
    ['a strong tag before a date', marks('"a"', modified), '"a"'],
    ['a weak tag is never sent', marks('W/"a"'), null],
    ['a weak tag leaves the strong date', marks('W/"a"', modified), modified],
    ['a tag without quotes is none', marks('a'), null],
    ['a tag with a quote inside is none', marks('"a"b"'), null],
    ['two tags are none', marks('"a", "b"'), null],
    ['a strong date', marks(null, modified), modified],
    ['a date of the same second is weak', marks(null, modified, sameSecond), null],
    ['a date after the answer is weak', marks(null, later, modified), null],
    ['a date without Date is weak', marks(null, modified, null), null],
    ['a date that is none', marks(null, 'yesterday', later), null],
    ['a Date that is none', marks(null, modified, 'now'), null],
    ['nothing', noValidators, null],
  ]
  for (const [name, validators, expected] of table) assert.equal(ifRangeValue(validators), expected, name)
})

test('property: a weak tag is never sent, whatever else is known', () => {
  const dates = fc.constantFrom(null, modified, later, 'yesterday')
  fc.assert(
    fc.property(fc.string(), dates, dates, (tag, lastModified, date) => {
      const value = ifRangeValue(marks(`W/"${tag}"`, lastModified, date))
      assert.ok(value === null || value === lastModified)
    }),
  )
})

test('two answers are compared by tag first, then by date, then by size (RFC 9110 8.8)', () => {
  const table: ReadonlyArray<
    readonly [string, Validators, Validators, boolean | null, ReturnType<typeof compareValidators>]
  > = [
    ['equal tags', marks('"a"'), marks('"a"'), true, 'same'],
    ['equal tags, size unknown', marks('"a"'), marks('"a"'), null, 'same'],
    ['equal tags, sizes differ', marks('"a"'), marks('"a"'), false, 'changed'],
    ['weak comparison', marks('W/"a"'), marks('"a"'), true, 'same'],
    ['equal tags, dates differ', marks('"a"', modified), marks('"a"', later), true, 'same'],
    ['tags differ', marks('"a"'), marks('"b"'), true, 'changed'],
    ['tags differ, dates differ', marks('"a"', modified), marks('"b"', later), true, 'changed'],
    ['tags differ, size and strong date agree', marks('"a"', modified), marks('"b"', modified), true, 'unstable-tag'],
    ['tags differ, date agrees, size unknown', marks('"a"', modified), marks('"b"', modified), null, 'changed'],
    [
      'tags differ, only a weak date agrees',
      marks('"a"', modified, sameSecond),
      marks('"b"', modified),
      true,
      'changed',
    ],
    ['dates agree', marks(null, modified), marks(null, modified), true, 'same'],
    ['dates differ', marks(null, modified), marks(null, later), true, 'changed'],
    ['dates differ, size unknown', marks(null, modified), marks(null, later), null, 'changed'],
    ['a tag on one side, dates agree', marks('"a"', modified), marks(null, modified), true, 'same'],
    ['a tag on one side, dates differ', marks('"a"', modified), marks(null, later), true, 'changed'],
    ['nothing but sizes that agree', noValidators, noValidators, true, 'same'],
    ['nothing but sizes that differ', noValidators, noValidators, false, 'changed'],
    ['nothing at all', noValidators, noValidators, null, 'same'],
    ['nothing in common', marks('"a"'), marks(null, modified), true, 'same'],
  ]
  for (const [name, known, seen, sizes, expected] of table)
    assert.equal(compareValidators(known, seen, sizes), expected, name)
})

test('tags are case-sensitive and so is their weakness mark', () => {
  assert.equal(compareValidators(marks('"A"'), marks('"a"'), true), 'changed')
  assert.equal(compareValidators(marks('w/"a"'), marks('"a"'), true), 'changed')
})

test('property: sizes that differ are never the same file', () => {
  const one = fc.record({
    etag: fc.option(fc.constantFrom('"a"', '"b"', 'W/"a"')),
    lastModified: fc.option(fc.constantFrom(modified, later)),
    date: fc.option(fc.constantFrom(modified, later)),
  })
  fc.assert(fc.property(one, one, (a, b) => compareValidators(a, b, false) === 'changed'))
})
