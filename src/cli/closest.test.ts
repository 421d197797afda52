import assert from 'node:assert/strict'
import { test } from 'node:test'
import { closest } from './closest.ts'

const flags = ['--url', '--json', '--status', '--search', '--since']

test('a slip of the fingers is recognised, whatever the case', () => {
  for (const typed of ['--jsno', '--jso', '--JSON', '-json', '--jsson']) assert.equal(closest(typed, flags), '--json')
})

test('the beginning of one candidate is enough, of several it is none', () => {
  assert.equal(closest('--stat', flags), '--status')
  assert.equal(closest('--s', flags), undefined)
  assert.equal(closest('--se', flags), '--search')
})

test('what is like nothing gets no suggestion', () => {
  for (const typed of ['--all', '-j', '--', '', 'x'.repeat(5000)]) assert.equal(closest(typed, flags), undefined, typed)
})
