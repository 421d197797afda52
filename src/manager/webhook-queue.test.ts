import assert from 'node:assert/strict'
import { getEventListeners } from 'node:events'
import { test } from 'node:test'
import { manualClock, settled } from '../../test/support/manager-parts.ts'
import { createWebhookQueue } from './webhook-queue.ts'
import type { Sent, WebhookMessage } from './webhook-request.ts'

const message = (delivery: string): WebhookMessage => ({ event: 'download.completed', delivery, body: '{}' })
const good: Sent = { ok: true, message: '', again: false }
const later: Sent = { ok: false, message: 'busy', again: true }

function setUp(answer: (id: string, delivery: string) => Promise<Sent | undefined> | Sent | undefined) {
  const [clock, stop] = [manualClock(0), new AbortController()]
  const [sent, finished, dropped] = [new Array<string>(), new Array<[string, boolean]>(), new Array<string>()]
  const queue = createWebhookQueue({
    send: async (id, { delivery }) => {
      sent.push(`${id} ${delivery}`)
      return answer(id, delivery)
    },
    finished: async (id, { ok }) => void finished.push([id, ok]),
    dropped: (id) => dropped.push(id),
    clock,
    signal: stop.signal,
  })
  return { queue, clock, stop, sent, finished, dropped }
}

test('what fails for now is tried again after 1, 5 and 25 s, then given up', async () => {
  const { queue, clock, sent, finished } = setUp(() => later)
  queue.push('a', message('1'))
  await clock.advance(60_000)
  assert.equal(sent.length, 4)
  assert.deepEqual(clock.delays, [1000, 5000, 25_000])
  assert.deepEqual(finished, [['a', false]])
  await queue.idle()
})

test('what will not go better is not tried again', async () => {
  const { queue, sent, finished } = setUp(() => ({ ok: false, message: '404', again: false }))
  queue.push('a', message('1'))
  await queue.idle()
  assert.deepEqual([sent.length, finished], [1, [['a', false]]])
})

test('a delivery that nobody wants any longer ends without a word', async () => {
  const { queue, finished } = setUp(() => undefined)
  queue.push('a', message('1'))
  await queue.idle()
  assert.deepEqual(finished, [])
})

test('deliveries of one webhook keep their order, and one that waits holds up no other', async () => {
  const { queue, clock, sent } = setUp((id) => (id === 'slow' && clock.now() < 5000 ? later : good))
  for (const id of ['slow', 'fast']) for (const delivery of ['1', '2']) queue.push(id, message(delivery))
  await settled()
  assert.deepEqual(sent, ['slow 1', 'fast 1', 'fast 2'])
  await clock.advance(60_000)
  assert.deepEqual(sent.slice(3), ['slow 1', 'slow 1', 'slow 2'])
})

test('at most 1000 wait; the oldest gives way', async () => {
  const { promise, resolve } = Promise.withResolvers<Sent>()
  const { queue, sent, dropped } = setUp(() => promise)
  for (let index = 0; index <= 1002; index++) queue.push('a', message(String(index)))
  assert.equal(dropped.length, 2)
  resolve(good)
  await queue.idle()
  assert.equal(sent.length, 1001)
  assert.deepEqual(sent.slice(0, 2), ['a 0', 'a 3'])
})

test('a delivery that was tried again leaves nothing at the signal of the daemon', async () => {
  const { queue, clock, stop } = setUp(() => later)
  queue.push('a', message('1'))
  await clock.advance(60_000)
  await queue.idle()
  assert.equal(getEventListeners(stop.signal, 'abort').length, 0)
})

test('after the end nothing is sent, and waiting ends at once', async () => {
  const { queue, stop, sent, finished } = setUp(() => later)
  queue.push('a', message('1'))
  queue.push('a', message('2'))
  await settled()
  stop.abort()
  queue.push('b', message('3'))
  await queue.idle()
  assert.deepEqual([sent, finished], [['a 1'], []])
})
