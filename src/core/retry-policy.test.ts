import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { SluiceError } from './errors.ts'
import { backoff, comeBackHint, decideRetry, longestRetryAfter, withTime } from './retry-policy.ts'

const lost = new SluiceError('connection-lost', 'The connection was lost.')
const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })
const busy = (retryAfter: number): SluiceError => new SluiceError('http-busy', 'Busy.', { retryAfter })

test('the pause doubles from half a second to a minute', () => {
  const longest = 1 - Number.EPSILON
  const full = [1, 2, 3, 4, 5, 6, 7, 8, 9, 100, 5000].map(
    (failures) => Math.round(backoff(failures, longest) * 100) / 100,
  )
  assert.deepEqual(full, [0.5, 1, 2, 4, 8, 16, 32, 60, 60, 60, 60])
})

test('property: jitter takes away up to half of the pause and adds nothing', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 10_000 }), random, (failures, dice) => {
      const full = Math.min(60, 0.5 * 2 ** (failures - 1))
      const pause = backoff(failures, dice)
      assert.ok(pause >= full / 2 && pause <= full, `${pause} of ${full}`)
    }),
  )
})

test('property: the budget is the number of further attempts', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 50 }), fc.nat(50), random, (failures, retries, dice) => {
      assert.equal(decideRetry(lost, failures, retries, dice).kind, failures > retries ? 'give-up' : 'wait')
    }),
  )
})

test('no budget means one attempt', () => {
  assert.equal(decideRetry(lost, 1, 0, 0.5).kind, 'give-up')
})

test('an error that nothing can mend is not tried again, whatever the budget and the server say', () => {
  assert.equal(decideRetry(new SluiceError('http-not-found', 'Gone.', { retryAfter: 1 }), 1, 100, 0).kind, 'give-up')
})

test('property: Retry-After is obeyed in full up to an hour; beyond it the download ends', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 2 * longestRetryAfter }), random, (seconds, dice) => {
      const decision = decideRetry(busy(seconds), 1, 5, dice)
      assert.deepEqual(decision, seconds <= longestRetryAfter ? { kind: 'wait', seconds } : { kind: 'give-up' })
    }),
  )
})

test('Retry-After of no time at all is not a tight loop', () => {
  const decision = decideRetry(busy(0), 1, 5, 0)
  assert.ok(decision.kind === 'wait' && decision.seconds > 0)
})

test('a refusal is final', () => {
  const refused = new SluiceError('http-forbidden', 'Forbidden.')
  assert.deepEqual(decideRetry(refused, 1, 5, 0.5), { kind: 'give-up' })
})

test('a time that nobody waits for is told as what to do next', () => {
  assert.equal(comeBackHint(undefined), null)
  assert.equal(comeBackHint(longestRetryAfter), null)
  assert.match(comeBackHint(7200) ?? '', /come back in 2 h;/)
  assert.equal(withTime(lost), lost)
  const told = withTime(busy(90_000))
  assert.deepEqual([told.code, told.message, told.retryAfter], ['http-busy', 'Busy.', 90_000])
  assert.match(told.hint, /in 1 d 1 h;/)
})
