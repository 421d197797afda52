import { test } from 'node:test'
import assert from 'node:assert/strict'
import fc from 'fast-check'
import { cutMiddle } from './cut-middle.ts'

/** Every letter is as wide as every other. */
const widthOf = (text: string): number => [...new Intl.Segmenter().segment(text)].length
const shown = (text: string, room: number): string => {
  const { head, middle, tail } = cutMiddle(text, room, widthOf)
  return middle === '' ? head : `${head}…${tail}`
}

test('a text that fits stays in one piece', () => {
  assert.deepEqual(cutMiddle('ubuntu.iso', 10, widthOf), { head: 'ubuntu.iso', middle: '', tail: '' })
})

test('a long name keeps its beginning, its extension and what stands before that', () => {
  const name = 'a-rather-long-model-name-00001-of-00004.safetensors'
  assert.equal(shown(name, 40), 'a-rather-long-mod…1-of-00004.safetensors')
})

test('with little room the beginning keeps its share', () => {
  assert.equal(shown('debian-13.1.0-amd64-netinst.iso', 16), 'debian…tinst.iso')
  assert.equal(shown('debian-13.1.0-amd64-netinst.iso', 1), '…')
})

test('without an extension, or with one that is none, the last letters are kept', () => {
  for (const name of ['x'.repeat(60), `.${'x'.repeat(60)}`, `${'a long name '.repeat(4)}. and then a sentence`])
    assert.equal(cutMiddle(name, 40, widthOf).tail.length, 10)
})

test('it fits, no letter is cut in two, and none is lost', () => {
  assert.equal(shown('👩‍👩‍👧'.repeat(9), 4), '👩‍👩‍👧👩‍👩‍👧…👩‍👩‍👧')
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 80 }), fc.integer({ min: 1, max: 90 }), (name, room) => {
      const { head, middle, tail } = cutMiddle(name, room, widthOf)
      assert.equal(head + middle + tail, name)
      assert.ok(middle === '' || widthOf(head) + 1 + widthOf(tail) <= room)
    }),
  )
})
