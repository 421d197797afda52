import assert from 'node:assert/strict'
import { test } from 'node:test'
import { excerpt, showCharacter } from './excerpt.ts'

test('an excerpt is printable ASCII, cut where it is too long', () => {
  assert.equal(excerpt('plain text'), 'plain text')
  assert.equal(excerpt('\u001b[31m\n\u202e\u0430'), '?[31m???')
  assert.equal(excerpt('x'.repeat(80)), 'x'.repeat(80))
  assert.equal(excerpt('x'.repeat(81)), `${'x'.repeat(80)}…`)
  assert.equal(excerpt('abcdef', 3), 'abc…')
})

test('a character is shown as it is, or by its number', () => {
  assert.equal(showCharacter('%x'), '"%"')
  assert.equal(showCharacter(' '), 'a blank')
  assert.equal(showCharacter('\0'), 'U+0000')
  assert.equal(showCharacter('\u{1f600}'), 'U+1F600')
})
