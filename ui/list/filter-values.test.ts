import { test } from 'node:test'
import assert from 'node:assert/strict'
import fc from 'fast-check'
import { firstView } from '../state/view.ts'
import { filtersInUse, nextSort, parseSize, readSort, sizeText } from './filter-values.ts'

test('sizes are read as people write them', () => {
  assert.equal(parseSize('700'), 700)
  assert.equal(parseSize('1.5 GB'), 1.5 * 1024 ** 3)
  assert.equal(parseSize('200 MiB'), 200 * 1024 ** 2)
  assert.equal(parseSize('2,5g'), 2.5 * 1024 ** 3)
  assert.equal(parseSize('۲۰ m'), 20 * 1024 ** 2)
  assert.equal(parseSize('  '), undefined)
})

test('what is no size is said to be none', () => {
  for (const text of ['big', '-5', '1..2', '5 parsecs', '9'.repeat(30)]) assert.equal(parseSize(text), null, text)
})

test('a size written into a field is read as the same size', () => {
  fc.assert(fc.property(fc.nat(2 ** 31), (bytes) => assert.equal(parseSize(sizeText(bytes)), bytes)))
  assert.equal(sizeText(1.5 * 1024 ** 3), '1.5 GiB')
  assert.equal(sizeText(undefined), '')
})

test('filters in use are counted without the search field', () => {
  assert.equal(filtersInUse(firstView), 0)
  assert.equal(filtersInUse({ ...firstView, search: 'iso' }), 0)
  assert.equal(filtersInUse({ ...firstView, host: 'example.org', minSize: 0, maxSize: 10, status: ['paused'] }), 3)
})

test('a column is first sorted the way one wants it, then the other way round', () => {
  assert.equal(nextSort('queue', 'size'), '-size')
  assert.equal(nextSort('-size', 'size'), 'size')
  assert.equal(nextSort('-size', 'name'), 'name')
  assert.equal(nextSort('name', 'name'), '-name')
  assert.deepEqual(readSort('-date'), { column: 'date', descending: true })
})
