import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { dayOf, ranked } from './figures.ts'

describe('a ranking', () => {
  it('has the largest first, and those of the same value by name', () => {
    const { rows } = ranked({ b: 10, a: 10, c: 40 }, 5)
    assert.deepEqual(rows, [
      { name: 'c', value: 40, part: 1 },
      { name: 'a', value: 10, part: 0.25 },
      { name: 'b', value: 10, part: 0.25 },
    ])
  })

  it('sums up what it does not show', () => {
    assert.deepEqual(ranked({ a: 5, b: 3, c: 2 }, 1).rest, { names: 2, value: 5 })
  })

  it('leaves out what has nothing', () => {
    assert.deepEqual(ranked({ a: 0 }, 3), { rows: [], rest: { names: 0, value: 0 } })
  })
})

it('reads a day as that day wherever the browser is', () => {
  assert.equal(dayOf('2026-11-21').getDate(), 21)
})
