import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { sparkline } from './sparkline.ts'

describe('the sparkline', () => {
  it('ends with the newest value at the right edge', () => {
    assert.equal(sparkline([0, 5, 10], 3, 60, 20).line, 'M0 20L30 10L60 0')
  })

  it('fills from the right while there are few values', () => {
    assert.equal(sparkline([10, 10], 61, 60, 20).line, 'M59 0L60 0')
  })

  it('begins with a flat line', () => {
    assert.equal(sparkline([10], 61, 60, 20).line, 'M59 0L60 0')
  })

  it('shows the newest values only', () => {
    assert.equal(sparkline([99, 0, 1], 2, 10, 10).line, 'M0 10L10 0')
  })

  it('lies on the lower edge when nothing moves', () => {
    assert.equal(sparkline([0, 0], 2, 10, 10).line, 'M0 10L10 10')
    assert.deepEqual(sparkline([], 2, 10, 10), { line: 'M0 10H10', area: '' })
  })
})
