import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { grow, mostConnections, refuse, startGrowth } from './growth.ts'
import type { Growth, Observation } from './growth.ts'

const MB = 1_000_000

interface Server {
  /** Bytes per second of one connection, and of all together. */
  readonly each: number
  readonly total: number
  /** Milliseconds. */
  readonly roundTrip: number
  /** More connections than this are turned away. */
  readonly most?: number
  /** Bytes per second of all together from 3 seconds on. */
  readonly totalLater?: number
}

/** Runs a long download against a server; gives the search at its end and every target that it had. */
function simulate(
  server: Server,
  ms: number,
  first: Growth = startGrowth(mostConnections, undefined, 0),
): { growth: Growth; targets: readonly number[]; refusals: number } {
  const size = 100_000 * MB
  const { each, total, roundTrip, most = Infinity, totalLater = total } = server
  let growth = first
  let bytes = 0
  let movedAt = 0
  const begun: number[] = []
  const targets = [growth.target]
  let refusals = 0
  for (let now = 0; now <= ms; now += 10) {
    const flowing = begun.filter((at) => now - at > 1.5 * roundTrip).length
    const more = Math.min(flowing * each, now < 3000 ? total : totalLater) / 100
    bytes += more
    if (more > 0) movedAt = now
    if (now % 100 === 0)
      growth = grow(growth, {
        now,
        bytes,
        bytesLeft: size - bytes,
        flowing,
        silence: now - movedAt,
        roundTrip,
        busy: 0,
      })
    begun.length = Math.min(begun.length, growth.target)
    while (begun.length < growth.target) {
      if (begun.length < most) begun.push(now)
      else {
        growth = refuse(growth, begun.length, now)
        refusals++
      }
    }
    targets.push(growth.target)
  }
  return { growth, targets, refusals }
}

for (const roundTrip of [1, 30, 100]) {
  test(`a server that caps each connection gets as many as bring nearly all within 1.5 seconds, at ${roundTrip} ms`, () => {
    for (const [each, total] of [
      [2, 32],
      [1, 100],
      [5, 20],
      [3, 30],
      [1, 6],
    ] as const) {
      const { growth } = simulate({ each: each * MB, total: total * MB, roundTrip }, 1500)
      const best = Math.min(total, mostConnections * each)
      const reached = Math.min(total, growth.target * each)
      assert.ok(reached >= 0.9 * best, `${growth.target} connections of ${each} MB/s for ${total} MB/s`)
      assert.ok(growth.target <= 4 * (best / each), `${growth.target} connections are too many`)
    }
  })

  test(`a server that one connection fills is left with few connections, at ${roundTrip} ms`, () => {
    for (const total of [1, 10, 100]) {
      const { growth } = simulate({ each: total * MB, total: total * MB, roundTrip }, 3000)
      assert.equal(growth.phase, 'settled')
      assert.ok(growth.target <= 4, `${growth.target} connections`)
    }
  })
}

test('a refused connection is the limit; one more is tried seldom', () => {
  const { targets, refusals } = simulate({ each: 2 * MB, total: 100 * MB, roundTrip: 20, most: 5 }, 60_000)
  assert.ok(targets.slice(targets.indexOf(5)).every((target) => target === 5))
  assert.ok(refusals <= 7, `${refusals} refusals in a minute`)
})

test('a speed that has fallen for good starts a new search', () => {
  const falling: Server = { each: 1 * MB, total: 2 * MB, roundTrip: 10, totalLater: 0.5 * MB }
  const { targets } = simulate(falling, 20_000)
  const settled = targets[290] ?? 0
  assert.ok(targets.slice(300).some((target) => target > settled))
})

test('an even speed is left alone', () => {
  const { targets } = simulate({ each: 2 * MB, total: 8 * MB, roundTrip: 10 }, 60_000)
  assert.equal(new Set(targets.slice(200)).size, 1)
})

test('the search begins with what the host gave last time, within the cap', () => {
  assert.equal(startGrowth(32, undefined, 0).target, 1)
  assert.equal(startGrowth(32, 8, 0).target, 8)
  assert.equal(startGrowth(4, 8, 0).target, 4)
  assert.equal(startGrowth(32, 0, 0).target, 1)
})

test('the rest of a file that is nearly here is not worth another connection', () => {
  const seen: Observation = { now: 1000, bytes: 10 * MB, bytesLeft: MB, flowing: 1, silence: 0, roundTrip: 10, busy: 0 }
  assert.equal(grow(startGrowth(32, undefined, 0), seen).target, 1)
  assert.ok(grow(startGrowth(32, undefined, 0), { ...seen, bytesLeft: 1000 * MB }).target > 1)
})

test('when this machine is the limit, one connection stays alone', () => {
  const seen: Observation = {
    now: 1000,
    bytes: 1000 * MB,
    bytesLeft: 1000 * MB,
    flowing: 1,
    silence: 0,
    roundTrip: 1,
    busy: 0.95,
  }
  const growth = grow(startGrowth(32, undefined, 0), seen)
  assert.deepEqual([growth.target, growth.phase], [1, 'settled'])
})

test('connections that all wait for a slow server become more', () => {
  const seen: Observation = { now: 90, bytes: 0, bytesLeft: 100 * MB, flowing: 1, silence: 89, roundTrip: 10, busy: 0 }
  assert.ok(grow(startGrowth(32, undefined, 0), seen).target > 1)
})

test('property: whatever is seen and refused, there is at least one connection, never more than the limit, and after a refusal at most one more', () => {
  const step = fc.record({
    pause: fc.integer({ min: 1, max: 8000 }),
    more: fc.nat(100 * MB),
    bytesLeft: fc.nat(10_000 * MB),
    flowing: fc.nat(40),
    silence: fc.nat(20_000),
    roundTrip: fc.nat(2000),
    busy: fc.double({ min: 0, max: 1, noNaN: true }),
    refusedAt: fc.option(fc.nat(40)),
  })
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 32 }),
      fc.option(fc.nat(64)),
      fc.array(step, { maxLength: 60 }),
      (limit, remembered, steps) => {
        let growth = startGrowth(limit, remembered ?? undefined, 0)
        let now = 0
        let bytes = 0
        let refused = limit
        for (const { pause, more, refusedAt, ...seen } of steps) {
          now += pause
          bytes += more
          growth = grow(growth, { ...seen, now, bytes })
          assert.ok(
            Number.isInteger(growth.target) && growth.target >= 1 && growth.target <= limit,
            `${growth.target} of ${limit}`,
          )
          assert.ok(growth.target <= refused + 1, `${growth.target} after ${refused}`)
          refused = Math.max(refused, growth.target)
          if (refusedAt === null) continue
          growth = refuse(growth, refusedAt, now)
          refused = Math.max(1, Math.min(refused, refusedAt))
          assert.ok(growth.target <= refused)
        }
      },
    ),
  )
})

test('what a host refused last time is the cap, and is tried again after a while', () => {
  const growth = startGrowth(16, 4, 0, 4)
  assert.deepEqual([growth.target, growth.cap, growth.limit], [4, 4, 16])
  const seen: Observation = {
    now: 11_000,
    bytes: 100 * MB,
    bytesLeft: 1000 * MB,
    flowing: 4,
    silence: 0,
    roundTrip: 10,
    busy: 0,
  }
  assert.equal(grow({ ...growth, phase: 'settled' }, seen).target, 5)
})
