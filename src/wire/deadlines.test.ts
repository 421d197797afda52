import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { heldUp, patience, tickInterval } from './deadlines.ts'
import { timeoutError } from './timeout-errors.ts'

const timeouts = { connect: 1000, tls: 2000, headers: 3000, stall: 4000 }

describe('deadlines', () => {
  it('have their own length for each phase', () => {
    const phases = ['connecting', 'securing', 'waiting', 'receiving', 'idle', 'closed'] as const
    assert.deepEqual(
      phases.map((phase) => patience(phase, timeouts, 500)),
      [1000, 2000, 3000, 4000, 500, Number.POSITIVE_INFINITY],
    )
  })

  it('are looked at four times within the shortest, at most every 250 ms and at least every 10 ms', () => {
    assert.equal(tickInterval({ ...timeouts, headers: 200 }), 50)
    assert.equal(tickInterval({ ...timeouts, headers: 1 }), 10)
    assert.equal(tickInterval({ connect: 1e9, tls: 1e9, headers: 1e9, stall: 1e9 }), 250)
  })

  it('forgive the time for which the thread was held up', () => {
    assert.equal(heldUp(250, 250), 0)
    assert.equal(heldUp(400, 250), 0)
    assert.equal(heldUp(40_000, 250), 39_750)
  })

  it('have a code and words for each phase', () => {
    const codes = (['connecting', 'securing', 'waiting', 'receiving'] as const).map(
      (phase) => timeoutError(phase, 'host:1', timeouts, true).code,
    )
    assert.deepEqual(codes, ['connect-timeout', 'connect-timeout', 'headers-timeout', 'stalled'])
    assert.equal(timeoutError('connecting', 'host:1', timeouts, false).code, 'dns')
    assert.equal(timeoutError('receiving', 'host:1', timeouts, true).message, 'host:1 sent nothing for 4 s.')
  })
})
