import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { rarePart, wholePart } from './sqlite-sample.ts'

const urls = Array.from({ length: 200 }, (_, index) => `https://example.com/resolve/main/file-${index}.zip`)

test('a word of common triples is looked for by its rare part', () => {
  const { text } = rarePart('resolve/maim', urls)
  assert.ok(text.length < 6 && text.includes('aim'), text)
})

test('a word that many entries contain is looked for as it is', () => {
  assert.equal(rarePart('resolve/main', urls).text, 'resolve/main')
})

test('the part of any word stands in it and is long enough for the index', () => {
  const words = fc.string({ unit: 'grapheme', minLength: 3, maxLength: 80 }).filter((word) => [...word].length >= 3)
  fc.assert(
    fc.property(words, fc.array(fc.string()), (word, sample) => {
      for (const { text } of [rarePart(word, sample), wholePart(word, sample)]) {
        assert.ok(word.includes(text) && [...text].length >= 3)
      }
    }),
  )
})
