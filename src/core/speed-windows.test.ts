import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { capNow } from './speed-windows.ts'
import type { TimeWindow } from './speed-windows.ts'

const at = (day: number, clock: string) => ({ day, minutes: Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3)) })
const work: TimeWindow = { days: [1, 2, 3, 4, 5], from: '08:00', to: '18:00', bytesPerSecond: 100 }

test('without a window the general limit counts, 0 is none', () => {
  assert.equal(capNow(0, [], at(1, '12:00')), undefined)
  assert.equal(capNow(500, [], at(1, '12:00')), 500)
})

test('a window replaces the limit on its days, from its begin until just before its end', () => {
  assert.equal(capNow(500, [work], at(1, '07:59')), 500)
  assert.equal(capNow(500, [work], at(1, '08:00')), 100)
  assert.equal(capNow(50, [work], at(5, '17:59')), 100)
  assert.equal(capNow(500, [work], at(5, '18:00')), 500)
  assert.equal(capNow(500, [work], at(6, '12:00')), 500)
})

test('0 in a window lifts the limit; of several windows the lowest cap counts', () => {
  const lifted = { ...work, bytesPerSecond: 0 }
  assert.equal(capNow(500, [lifted], at(1, '12:00')), undefined)
  assert.equal(capNow(500, [lifted, work, { ...work, bytesPerSecond: 900 }], at(1, '12:00')), 100)
})

test('a window past midnight belongs to the day on which it begins', () => {
  const night: TimeWindow = { days: [6], from: '22:00', to: '06:00', bytesPerSecond: 100 }
  assert.equal(capNow(0, [night], at(6, '21:59')), undefined)
  assert.equal(capNow(0, [night], at(6, '22:00')), 100)
  assert.equal(capNow(0, [night], at(0, '05:59')), 100)
  assert.equal(capNow(0, [night], at(0, '06:00')), undefined)
  assert.equal(capNow(0, [night], at(6, '05:59')), undefined)
})

test('equal times are a whole day', () => {
  const day: TimeWindow = { days: [2], from: '10:00', to: '10:00', bytesPerSecond: 100 }
  assert.deepEqual(
    [at(2, '09:59'), at(2, '10:00'), at(3, '09:59'), at(3, '10:00')].map((time) => capNow(0, [day], time)),
    [undefined, 100, 100, undefined],
  )
})

const clock = fc
  .tuple(fc.nat(23), fc.nat(59))
  .map((both) => both.map((part) => String(part).padStart(2, '0')).join(':'))
const window = fc.record({
  days: fc.uniqueArray(fc.nat(6), { minLength: 1, maxLength: 7 }),
  from: clock,
  to: clock,
  bytesPerSecond: fc.nat(1000),
})
const moment = fc.record({ day: fc.nat(6), minutes: fc.nat(1439) })

test('property: a window holds in one week for its days times its length', () => {
  fc.assert(
    fc.property(window, (times) => {
      const [begin, end] = [at(0, times.from).minutes, at(0, times.to).minutes]
      let held = 0
      for (let day = 0; day < 7; day++)
        for (let minutes = 0; minutes < 1440; minutes++)
          if (capNow(0, [{ ...times, bytesPerSecond: 1 }], { day, minutes }) === 1) held++
      assert.equal(held, times.days.length * (begin < end ? end - begin : 1440 - begin + end))
    }),
    { numRuns: 20 },
  )
})

test('property: the cap is that of a window that holds, or the limit when none does; order does not matter', () => {
  fc.assert(
    fc.property(fc.nat(1000), fc.array(window, { maxLength: 5 }), moment, (limit, windows, time) => {
      const cap = capNow(limit, windows, time)
      assert.equal(capNow(limit, windows.toReversed(), time), cap)
      assert.ok([limit, ...windows.map((one) => one.bytesPerSecond), undefined].includes(cap))
      assert.notEqual(cap, 0)
    }),
  )
})
