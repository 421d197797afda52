import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { compareQueue, nextToStart, positionAt, surplusOf } from './queue-order.ts'
import type { QueueRules, Waiting } from './queue-order.ts'

const now = 1_000
const rules: QueueRules = { running: 0, maxConcurrent: 4, autoStart: true, lowDisk: false, now }

function waiting(id: string, more: Partial<Waiting> = {}): Waiting {
  return { id, priority: 5, position: Number(id), notBefore: null, wanted: false, held: false, ...more }
}

const anyQueue = fc
  .array(
    fc.record({
      priority: fc.integer({ min: 1, max: 10 }),
      notBefore: fc.option(fc.integer({ min: 0, max: 2 * now })),
      wanted: fc.boolean(),
      held: fc.boolean(),
    }),
    { maxLength: 60 },
  )
  .map((items) => items.map((item, at): Waiting => ({ id: String(at), position: at, ...item })))
const anyRules = fc.record({
  running: fc.nat(40),
  maxConcurrent: fc.integer({ min: 1, max: 32 }),
  autoStart: fc.boolean(),
  lowDisk: fc.boolean(),
  now: fc.constant(now),
})

test('a higher priority starts first, and the first that came among equals', () => {
  const queue = [waiting('1'), waiting('2', { priority: 9 }), waiting('3'), waiting('4', { priority: 9 })]
  assert.deepEqual(nextToStart(queue.sort(compareQueue), { ...rules, maxConcurrent: 3 }), ['2', '4', '1'])
})

test('never more start than there are free places, and none while the disk is nearly full', () => {
  fc.assert(
    fc.property(anyQueue, anyRules, (queue, given) => {
      const started = nextToStart(queue, given)
      const free = given.lowDisk ? 0 : Math.max(0, given.maxConcurrent - given.running)
      assert.ok(started.length <= free)
    }),
  )
})

test('what starts is exactly the front of the queue without those that must wait', () => {
  fc.assert(
    fc.property(anyQueue, anyRules, (queue, given) => {
      const free = given.lowDisk ? 0 : Math.max(0, given.maxConcurrent - given.running)
      const ready = queue
        .filter((one) => !one.held && (given.autoStart || one.wanted) && (one.notBefore ?? 0) <= now)
        .sort(compareQueue)
      assert.deepEqual(
        nextToStart(queue.sort(compareQueue), given),
        ready.slice(0, free).map((one) => one.id),
      )
    }),
  )
})

test('nobody behind the last that starts is looked at', () => {
  let looked = 0
  function* endless() {
    for (;;) yield waiting(String(looked++))
  }
  assert.deepEqual(nextToStart(endless(), { ...rules, maxConcurrent: 2 }), ['0', '1'])
  assert.equal(looked, 2)
})

test('a start time is waited for', () => {
  const queue = [waiting('1', { notBefore: now + 1 }), waiting('2', { notBefore: now })]
  assert.deepEqual(nextToStart(queue, rules), ['2'])
})

test('without automatic start only those begin that the user asked for', () => {
  assert.deepEqual(nextToStart([waiting('1'), waiting('2', { wanted: true })], { ...rules, autoStart: false }), ['2'])
})

test('a lower cap sends the least important and latest back', () => {
  const active = [waiting('1', { priority: 2 }), waiting('2'), waiting('3'), waiting('4', { priority: 9 })]
  assert.deepEqual(
    surplusOf(active, 2).map((one) => one.id),
    ['3', '1'],
  )
  assert.deepEqual(surplusOf(active, 4), [])
})

test('a place among others is what the order then shows', () => {
  const sorted = fc
    .uniqueArray(fc.integer({ min: -1e6, max: 1e6 }), { maxLength: 30 })
    .map((numbers) => numbers.sort((a, b) => a - b))
  fc.assert(
    fc.property(sorted, fc.integer({ min: 1, max: 40 }), (others, place) => {
      const position = positionAt(others, place)
      assert.notEqual(position, null)
      const order = [...others, position ?? NaN].sort((a, b) => a - b)
      assert.equal(order.indexOf(position ?? NaN), Math.min(place - 1, others.length))
    }),
  )
})

test('where no number is left between two neighbours it says so', () => {
  assert.equal(positionAt([1, 1 + Number.EPSILON], 2), null)
  assert.equal(positionAt([3, 3], 2), null)
})
