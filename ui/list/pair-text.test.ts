import { test } from 'node:test'
import assert from 'node:assert/strict'
import { pairText } from './pair-text.ts'

test('a unit that both sizes have is written once', () => {
  assert.equal(pairText('3.83\u00a0MiB', '40.0\u00a0MiB'), '3.83 / 40.0\u00a0MiB')
  assert.equal(pairText('512\u00a0KiB', '40.0\u00a0MiB'), '512\u00a0KiB / 40.0\u00a0MiB')
  assert.equal(
    pairText('\u2067۳٫۸۳\u00a0MiB\u2069', '\u2067۴۰\u00a0MiB\u2069'),
    '\u2067۳٫۸۳\u2069 / \u2067۴۰\u00a0MiB\u2069',
  )
  assert.equal(pairText('512\u00a0KiB', '?'), '512\u00a0KiB / ?')
})
