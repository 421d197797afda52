import assert from 'node:assert/strict'
import { it } from 'node:test'
import { fieldError } from './field-error.ts'

it('drops the name of the field, which stands beside it', () => {
  assert.equal(fieldError('filenameTemplate', 'filenameTemplate: no such token.'), 'No such token.')
})

it('keeps all that is wrong in a list', () => {
  const message = 'speedWindows.0.days: Too small; speedWindows.0.from: a time of day as HH:MM.'
  assert.equal(fieldError('speedWindows', message), 'Too small; a time of day as HH:MM.')
})

it('leaves other sentences as they are', () => {
  assert.equal(fieldError('speedLimit', 'The daemon does not answer.'), 'The daemon does not answer.')
})
