import { test } from 'node:test'
import assert from 'node:assert/strict'
import fc from 'fast-check'
import { splitName } from './middle-ellipsis.ts'

test('a short name stays in one piece', () => {
  assert.deepEqual(splitName('ubuntu.iso'), { head: 'ubuntu.iso', tail: '' })
})

test('a long name keeps its extension and what stands before it', () => {
  const { head, tail } = splitName('a-rather-long-model-name-00001-of-00004.safetensors')
  assert.equal(tail, '1-of-00004.safetensors')
  assert.equal(head, 'a-rather-long-model-name-0000')
})

test('without an extension, or with one that is none, the last letters are kept', () => {
  assert.equal(splitName('x'.repeat(30)).tail.length, 10)
  assert.equal(splitName(`.${'x'.repeat(40)}`).tail.length, 10)
  assert.equal(splitName(`a long name with a dot. and then a sentence`).tail.length, 10)
})

test('no letter is cut in two, and no letter is lost', () => {
  const family = '👩‍👩‍👧'
  const { head, tail } = splitName(family.repeat(30))
  assert.equal(tail, family.repeat(10))
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 80 }), (name) => {
      const split = splitName(name)
      assert.equal(split.head + split.tail, name)
    }),
  )
  assert.equal(head, family.repeat(20))
})
