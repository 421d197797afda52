import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { SluiceError } from '../../src/core/errors.ts'
import { sendMany } from './send-many.ts'

const requests = ['a', 'b', 'c', 'd', 'e'].map((reference) => ({ reference }))

describe('adding many', () => {
  it('sends a few at a time and counts places over all of them', async () => {
    const sizes: number[] = []
    const result = await sendMany(
      requests,
      async (some) => {
        sizes.push(some.length)
        const [first] = some
        return {
          added: [first?.reference ?? ''],
          errors: [{ line: 2, code: 'usage', message: 'No.' }],
          skipped: [{ line: 1, id: 'x' }],
        }
      },
      2,
    )
    assert.deepEqual(sizes, [2, 2, 1])
    assert.deepEqual(result.added, ['a', 'c', 'e'])
    assert.deepEqual(
      result.errors.map(({ line }) => line),
      [2, 4, 6],
    )
    assert.deepEqual(
      result.skipped.map(({ line }) => line),
      [1, 3, 5],
    )
  })

  it('tells of each that was not sent when the daemon fails in between', async () => {
    let calls = 0
    const send = async () => {
      if (++calls === 2) throw new SluiceError('stopping', 'It stops.')
      return { added: ['1', '2'], errors: [], skipped: [] }
    }
    const { added, errors, failure } = await sendMany(requests, send, 2)
    assert.equal(added.length, 2)
    assert.deepEqual(
      errors.map(({ line, message }) => [line, message]),
      [
        [3, 'It stops.'],
        [4, 'It stops.'],
        [5, 'It stops.'],
      ],
    )
    assert.equal(failure?.code, 'stopping')
    assert.equal(calls, 2)
  })
})
