import assert from 'node:assert/strict'
import { it } from 'node:test'
import { problemAt } from './problem-at.ts'

const fields = ['cron', 'reference', 'dir'] as const

it('puts a refusal at the field that it names', () => {
  const error = { code: 'usage', message: 'cron: that is no schedule of cron.', hint: 'Five fields.' } as const
  assert.deepEqual(problemAt(error, fields, 'reference'), { cron: 'That is no schedule of cron. Five fields.' })
})

it('finds a field inside of another', () => {
  const error = { code: 'usage', message: 'request.dir: text without control characters.', hint: '' } as const
  assert.deepEqual(problemAt(error, fields, 'reference'), { dir: 'Text without control characters.' })
})

it('puts what names no field where people look first', () => {
  const error = { code: 'bad-url', message: 'That is no address.', hint: 'See the manual.' } as const
  assert.deepEqual(problemAt(error, fields, 'reference'), {
    reference: 'That is no address. Give an address that begins with http:// or https://.',
  })
})
