import assert from 'node:assert/strict'
import { it } from 'node:test'
import { problemAt } from './problem-at.ts'

const fields = ['cron', 'reference', 'dir'] as const

it('puts a refusal at the field that it names', () => {
  const error = { message: 'cron: that is no schedule of cron.', hint: 'Five fields.' }
  assert.deepEqual(problemAt(error, fields, 'reference'), { cron: 'That is no schedule of cron. Five fields.' })
})

it('finds a field inside of another', () => {
  const error = { message: 'request.dir: text without control characters.', hint: '' }
  assert.deepEqual(problemAt(error, fields, 'reference'), { dir: 'Text without control characters.' })
})

it('puts what names no field where people look first', () => {
  const error = { message: 'The daemon does not answer.', hint: '' }
  assert.deepEqual(problemAt(error, fields, 'reference'), { reference: 'The daemon does not answer.' })
})
