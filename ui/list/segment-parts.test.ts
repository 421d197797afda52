import { test } from 'node:test'
import assert from 'node:assert/strict'
import { partsOf } from './segment-parts.ts'

test('what is there is told as parts of the whole', () => {
  const pieces = [
    { start: 50, end: 100, done: 25 },
    { start: 0, end: 50, done: 10 },
  ]
  assert.deepEqual(partsOf(pieces, 100), [
    { start: 0, end: 0.1 },
    { start: 0.5, end: 0.75 },
  ])
})

test('neighbours are one part, and empty pieces none', () => {
  const pieces = [
    { start: 0, end: 50, done: 50 },
    { start: 50, end: 80, done: 10 },
    { start: 80, end: 100, done: 0 },
  ]
  assert.deepEqual(partsOf(pieces, 100), [{ start: 0, end: 0.6 }])
})

test('a file without bytes has no parts', () => {
  assert.deepEqual(partsOf([{ start: 0, end: 0, done: 0 }], 0), [])
})
