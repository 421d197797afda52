import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { addRange, removeRange, totalBytes } from './ranges.ts'
import type { RangeSet } from './ranges.ts'
import { nextWork } from './segments.ts'
import type { Running, SegmentView } from './segments.ts'

const KiB = 1024
const MiB = 1024 * KiB
const step = 5

interface Lane {
  readonly id: number
  readonly slot: number
  readonly start: number
  readonly sentAt: number
  position: number
  end: number
  hedgeOf: Lane | null
  speed: number
  markAt: number
  markPosition: number
}

interface World {
  readonly size: number
  /** Bytes per second of each connection. */
  readonly speeds: readonly number[]
  /** Milliseconds. */
  readonly roundTrip: number
  /** Which lane breaks down in a step, by number of the step and slot. */
  readonly breaks?: (step: number, slot: number) => boolean
}

interface Outcome {
  readonly ms: number
  /** When each connection last wrote a byte. */
  readonly lastByte: ReadonlyMap<number, number>
  readonly fetched: number
  readonly requests: number
}

/**
 * A file, connections with speeds of their own and a clock: applies the decisions of `nextWork` in the way of
 * src/transfer/schedule.ts and checks in every step that no byte is lost and none belongs to two.
 */
function simulate({ size, speeds, roundTrip, breaks = () => false }: World): Outcome {
  let lanes: Lane[] = []
  let free: RangeSet = [[0, size]]
  let done: RangeSet = []
  let now = 0
  let count = 0
  let fetched = 0
  const lastByte = new Map<number, number>()

  function begin(start: number, end: number, hedgeOf: Lane | null): void {
    const slot = speeds.findIndex((_, one) => lanes.every((lane) => lane.slot !== one))
    lanes.push({
      id: count++,
      slot,
      start,
      sentAt: now,
      position: start,
      end,
      hedgeOf,
      speed: 0,
      markAt: now,
      markPosition: start,
    })
  }

  function view(): SegmentView {
    const raced = new Set(lanes.map((lane) => lane.hedgeOf))
    const running = lanes
      .filter((lane) => lane.hedgeOf === null)
      .map((lane): Running => ({
        id: lane.id,
        position: lane.position,
        end: lane.end,
        speed: steadySpeed(lane, now),
        age: now - lane.sentAt,
        hedged: raced.has(lane),
      }))
    return {
      free,
      running,
      connections: speeds.length,
      idle: speeds.length - lanes.length,
      lastSpeed: 0,
      proven: true,
      limit: 16,
      largestBlock: 256 * 1024 * 1024,
      roundTrip,
    }
  }

  function pump(): void {
    for (let turns = 0; lanes.length < speeds.length; turns++) {
      assert.ok(turns < 1000, 'the decisions go round in a circle')
      const work = nextWork(view())
      if (work.kind === 'none') return
      const victim = work.kind === 'claim' ? undefined : lanes.find((lane) => lane.id === work.id)
      if (work.kind === 'claim') {
        assert.equal(totalBytes(removeRange([[work.start, work.end]], 0, size)), 0, 'a claim lies in the file')
        assert.equal(
          totalBytes(free) - totalBytes(removeRange(free, work.start, work.end)),
          work.end - work.start,
          'only free bytes are claimed',
        )
        assert.ok(work.end > work.start)
        free = removeRange(free, work.start, work.end)
        begin(work.start, work.end, null)
      } else if (work.kind === 'cut') {
        assert.ok(
          victim && victim.hedgeOf === null && work.newEnd > victim.position && work.newEnd < victim.end,
          'a cut leaves both sides work',
        )
        free = addRange(free, work.newEnd, victim.end)
        victim.end = work.newEnd
      } else {
        assert.ok(victim && work.start === victim.position && work.end === victim.end)
        assert.ok(
          lanes.every((lane) => lane.hedgeOf !== victim),
          'one race for a range is enough',
        )
        begin(work.start, work.end, victim)
      }
    }
  }

  function finish(lane: Lane): void {
    stop(lane)
    for (const other of [...lanes]) if (other.hedgeOf === lane || lane.hedgeOf === other) stop(other)
    pump()
  }

  function stop(lane: Lane): void {
    done = addRange(done, lane.start, lane.position)
    lanes = lanes.filter((one) => one !== lane)
  }

  function breakDown(lane: Lane): void {
    stop(lane)
    const racer = lanes.find((one) => one.hedgeOf === lane)
    if (racer) racer.hedgeOf = null
    else if (lane.hedgeOf === null) free = addRange(free, lane.position, lane.end)
  }

  function check(): void {
    const owners = lanes.filter((lane) => lane.hedgeOf === null)
    let all: RangeSet = free
    let bytes = totalBytes(free)
    for (const { position, end } of owners) {
      all = addRange(all, position, end)
      bytes += end - position
    }
    assert.equal(totalBytes(all), bytes, 'a byte belongs to two')
    for (const { start, position } of lanes) all = addRange(all, start, position)
    for (const [start, end] of done) all = addRange(all, start, end)
    assert.equal(totalBytes(all), size, 'a byte is lost')
  }

  pump()
  for (let turn = 0; totalBytes(done) < size; turn++) {
    assert.ok(turn < 200_000, 'the download never ends')
    now += step
    for (const lane of [...lanes]) {
      if (!lanes.includes(lane)) continue
      if (breaks(turn, lane.slot)) {
        breakDown(lane)
        continue
      }
      if (now - lane.sentAt > roundTrip) {
        const more = Math.min(lane.end - lane.position, Math.ceil(((speeds[lane.slot] ?? 0) * step) / 1000))
        lane.position += more
        fetched += more
        lastByte.set(lane.slot, now)
      }
      if (lane.position >= lane.end) finish(lane)
    }
    if (turn % 10 === 9) {
      for (const lane of lanes) {
        const fresh = ((lane.position - lane.markPosition) / Math.max(now - lane.markAt, 1)) * 1000
        if (now - lane.markAt < 80) continue
        lane.speed = lane.markPosition === lane.start ? fresh : (lane.speed + fresh) / 2
        lane.markAt = now
        lane.markPosition = lane.position
      }
      pump()
      check()
    }
  }
  return { ms: now, lastByte, fetched, requests: count }
}

/** As schedule.ts has it. */
const steadySpeed = (lane: Lane, now: number): number =>
  Math.min(lane.speed, ((lane.position - lane.start) / Math.max(now - lane.sentAt, 1)) * 1000)

const ratio = (ms: number, bytes: number, rate: number): number => ms / ((bytes / rate) * 1000)

test('property: with any speeds and any failures no byte is lost or claimed twice, and the download ends', () => {
  const world = fc.record({
    size: fc.integer({ min: 1, max: 24 * MiB }),
    speeds: fc.array(fc.integer({ min: 200 * KiB, max: 20 * MiB }), { minLength: 1, maxLength: 8 }),
    roundTrip: fc.nat(200),
    trouble: fc.nat(20),
    seed: fc.nat(),
  })
  fc.assert(
    fc.property(world, ({ size, speeds, roundTrip, trouble, seed }) => {
      // A cheap mixer instead of a generator with state, so that a case shrinks without changing its failures.
      const breaks = (turn: number, slot: number): boolean =>
        (Math.imul(turn * 31 + slot + seed, 2_654_435_761) >>> 16) % 1000 < trouble
      simulate({ size, speeds, roundTrip, breaks })
    }),
    { numRuns: 60 },
  )
})

for (const connections of [2, 4, 8, 16]) {
  test(`one of ${connections} connections that is 20 times slower costs at most 15 % over doing without it`, () => {
    const rate = 10 * MiB
    const size = connections * 32 * MiB
    const others = Array.from({ length: connections - 1 }, () => rate)
    for (const roundTrip of connections === 2 ? [1] : [1, 30]) {
      const without = simulate({ size, speeds: others, roundTrip })
      for (const speeds of [
        [rate / 20, ...others],
        [...others, rate / 20],
      ]) {
        const over = simulate({ size, speeds, roundTrip }).ms / without.ms
        assert.ok(over <= 1.15, `${over.toFixed(3)} times at ${roundTrip} ms`)
      }
    }
  })
}

test('connections of equal speed finish together', () => {
  for (const connections of [2, 4, 8, 16]) {
    const size = connections * 32 * MiB
    const { ms, lastByte } = simulate({
      size,
      speeds: Array.from({ length: connections }, () => 10 * MiB),
      roundTrip: 20,
    })
    assert.ok(ratio(ms, size, connections * 10 * MiB) <= 1.1, `${connections}: ${ms} ms`)
    for (const [slot, at] of lastByte)
      assert.ok(ms - at <= 0.1 * ms, `connection ${slot} of ${connections} ends at ${at} of ${ms} ms`)
  }
})

test('stealing and racing fetch little twice and ask little', () => {
  const speeds = [10, 9, 8, 7, 6, 5, 4, 0.5].map((rate) => rate * MiB)
  const { fetched, requests } = simulate({ size: 256 * MiB, speeds, roundTrip: 30 })
  assert.ok(fetched <= 1.02 * 256 * MiB, `${fetched} bytes`)
  assert.ok(requests <= 120, `${requests} requests`)
})

test('one connection takes the whole gap in one request', () => {
  const view = {
    free: [[10, 500 * MiB]] as const,
    running: [],
    connections: 1,
    idle: 1,
    lastSpeed: 0,
    proven: true,
    limit: 16,
    largestBlock: 256 * 1024 * 1024,
    roundTrip: 10,
  }
  assert.deepEqual(nextWork(view), { kind: 'claim', start: 10, end: 500 * MiB })
})

test('work comes from the front of the file', () => {
  const view = {
    free: [
      [5 * MiB, 100 * MiB],
      [200 * MiB, 300 * MiB],
    ] as const,
    running: [],
    connections: 4,
    idle: 4,
    lastSpeed: 0,
    proven: true,
    limit: 16,
    largestBlock: 256 * 1024 * 1024,
    roundTrip: 10,
  }
  const work = nextWork(view)
  assert.ok(work.kind === 'claim' && work.start === 5 * MiB && work.end < 100 * MiB)
})

test('nothing is cut from a range that is nearly here, and nothing raced for that is fast', () => {
  const running = (more: Partial<Running>): Running => ({
    id: 1,
    position: 0,
    end: 100 * KiB,
    speed: 50 * MiB,
    age: 1000,
    hedged: false,
    ...more,
  })
  const view = (one: Running): SegmentView => ({
    free: [],
    running: [one],
    connections: 2,
    idle: 1,
    lastSpeed: 0,
    proven: true,
    limit: 16,
    largestBlock: 256 * 1024 * 1024,
    roundTrip: 50,
  })
  assert.equal(nextWork(view(running({}))).kind, 'none')
  assert.equal(nextWork(view(running({ end: 20 * MiB, speed: 500 * MiB }))).kind, 'none')
  assert.equal(nextWork({ ...view(running({})), running: [] }).kind, 'none')
})

test('a range that stands still is cut, and its last bytes are raced for once', () => {
  const still: Running = { id: 7, position: 0, end: 10 * MiB, speed: 0, age: 5000, hedged: false }
  const fast: Running = { id: 8, position: 0, end: MiB, speed: 10 * MiB, age: 5000, hedged: false }
  const view = (one: Running): SegmentView => ({
    free: [],
    running: [one, fast],
    connections: 3,
    idle: 1,
    lastSpeed: 0,
    proven: true,
    limit: 16,
    largestBlock: 256 * 1024 * 1024,
    roundTrip: 20,
  })
  assert.deepEqual(nextWork(view(still)), { kind: 'cut', id: 7, newEnd: 64 * KiB })
  assert.deepEqual(nextWork(view({ ...still, end: 64 * KiB })), { kind: 'hedge', id: 7, start: 0, end: 64 * KiB })
  assert.notEqual(nextWork(view({ ...still, end: 64 * KiB, hedged: true })).kind, 'hedge')
})

test('a slow range is cut by the speeds of both sides, and its last bytes are raced for', () => {
  const slow: Running = { id: 7, position: MiB, end: 12 * MiB, speed: MiB, age: 5000, hedged: false }
  const fast: Running = { id: 8, position: 0, end: MiB, speed: 10 * MiB, age: 5000, hedged: false }
  const view = (one: Running): SegmentView => ({
    free: [],
    running: [one, fast],
    connections: 3,
    idle: 1,
    lastSpeed: 0,
    proven: true,
    limit: 16,
    largestBlock: 256 * 1024 * 1024,
    roundTrip: 20,
  })
  const cut = nextWork(view(slow))
  assert.ok(cut.kind === 'cut' && cut.id === 7)
  assert.ok(Math.abs(cut.newEnd - 2 * MiB) < 64 * KiB, `it keeps ${cut.newEnd - MiB} bytes`)
  const last = { ...slow, position: 0, end: 100 * KiB, speed: 10 * KiB }
  assert.deepEqual(nextWork(view(last)), { kind: 'hedge', id: 7, start: 0, end: 100 * KiB })
})
