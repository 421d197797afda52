import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { columnsOf, ellipsis, padded } from './width.ts'

test('wide characters take two columns, combining marks none', () => {
  const samples: Array<[string, number]> = [
    ['abc', 3],
    ['', 0],
    ['日本語', 6],
    ['한글', 4],
    ['ｆｕｌｌ', 8],
    ['e\u0301', 1],
    ['é', 1],
    ['🎉', 2],
    ['👨‍👩‍👧', 2],
    ['☎️', 2],
    ['a日b', 4],
    ['…', 1],
    ['سلام', 4],
  ]
  for (const [text, columns] of samples) assert.equal(columnsOf(text), columns, text)
})

test('a long name loses its middle and keeps its extension', () => {
  assert.equal(ellipsis('debian-13.2.0-amd64-netinst.iso', 15), 'debian-…nst.iso')
  assert.equal(ellipsis('short.iso', 15), 'short.iso')
  assert.equal(ellipsis('日本語のファイル.zip', 10), '日本….zip')
  assert.equal(ellipsis('abc', 1), '…')
  assert.equal(ellipsis('abc', 0), '')
})

test('an ellipsis never exceeds its columns, and padding reaches them', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 60 }), fc.integer({ min: 0, max: 50 }), (text, columns) => {
      assert.ok(columnsOf(ellipsis(text, columns)) <= columns)
      assert.ok(columnsOf(padded(ellipsis(text, columns), columns)) === columns)
    }),
  )
})
