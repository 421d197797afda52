import assert from 'node:assert/strict'
import { test } from 'node:test'
import { daemonHint } from './daemon-hints.ts'
import { SluiceError } from './errors.ts'

test('a usual hint of the command line gives way to one for those who ask a daemon', () => {
  assert.equal(daemonHint(new SluiceError('connection-lost', 'It was lost.')), 'Retry it to go on from here.')
  assert.equal(daemonHint(new SluiceError('usage', 'That is wrong.')), 'See /api/docs for what is possible.')
})

test('a hint that is good for both stays, and so does one that says more', () => {
  const { hint } = new SluiceError('dns', 'There is no such host.')
  assert.equal(daemonHint(new SluiceError('dns', 'There is no such host.')), hint)
  assert.equal(daemonHint(new SluiceError('usage', 'That is wrong.', { hint: 'Give less.' })), 'Give less.')
})
