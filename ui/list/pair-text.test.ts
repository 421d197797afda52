import { test } from 'node:test'
import assert from 'node:assert/strict'
import { pairText } from './pair-text.ts'

test('a unit that both sizes have is written once', () => {
  assert.equal(pairText('3.83\u00a0MiB', '40.0\u00a0MiB'), '3.83 / 40.0\u00a0MiB')
  assert.equal(pairText('512\u00a0KiB', '40.0\u00a0MiB'), '512\u00a0KiB / 40.0\u00a0MiB')
  assert.equal(pairText('512\u00a0KiB', '?'), '512\u00a0KiB / ?')
})
