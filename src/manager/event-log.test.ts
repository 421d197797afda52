import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openManagerLab, until } from '../../test/support/manager-lab.ts'
import type { ManagerEvent } from './types.ts'

test('numbers grow by one, go on from any number that is still known, and grow over a restart', async (t) => {
  const lab = await openManagerLab(t)
  const heard: ManagerEvent[] = []
  const stop = lab.manager.events.listen((event) => heard.push(event))
  const { sequence } = lab.manager.events.snapshot()
  const id = await lab.running()
  await lab.manager.pause(id)
  await until(() => heard.length >= 3, 'events')
  stop()
  assert.deepEqual(
    heard.map((event) => event.sequence),
    heard.map((_, at) => sequence + 1 + at),
  )
  assert.deepEqual(lab.manager.events.since(sequence), heard)
  assert.deepEqual(lab.manager.events.since(sequence + 1), heard.slice(1))
  assert.deepEqual(lab.manager.events.since(sequence + heard.length), [])
  assert.equal(lab.manager.events.since(sequence + heard.length + 1), null)
  assert.equal(lab.manager.events.since(5), null)
  await lab.reopen()
  assert.ok(lab.manager.events.snapshot().sequence > sequence + heard.length)
  assert.equal(lab.manager.events.since(sequence), null)
})

test('only so many events are known', async (t) => {
  const lab = await openManagerLab(t)
  const id = await lab.add({ paused: true })
  const { sequence } = lab.manager.events.snapshot()
  for (let at = 0; at < 5000; at++) await lab.manager.setPriority(id, (at % 2) + 1)
  assert.equal(lab.manager.events.since(sequence), null)
  const now = lab.manager.events.snapshot().sequence
  assert.equal(lab.manager.events.since(now - 2000)?.length, 2000)
  assert.equal(lab.manager.events.since(now - 2001), null)
})

test('a snapshot shows active ones first, then those that wait, then the rest', async (t) => {
  const lab = await openManagerLab(t)
  await lab.manager.changeSettings({ maxConcurrent: 1 })
  const done = await lab.running()
  lab.engine.job(done).finish()
  await lab.is(done, 'completed')
  const active = await lab.running()
  const [low, high] = [await lab.add({ priority: 1 }), await lab.add({ priority: 9 })]
  const { downloads, total, counts, settings } = lab.manager.events.snapshot()
  assert.deepEqual(
    downloads.map((one) => one.id),
    [active, high, low, done],
  )
  assert.deepEqual([total, counts.queued, counts.active, settings.maxConcurrent], [4, 2, 1, 1])
})

test('a listener that fails hinders nobody', async (t) => {
  const lab = await openManagerLab(t)
  lab.manager.events.listen(() => {
    throw new Error('no')
  })
  const heard: string[] = []
  lab.manager.events.listen((event) => heard.push(event.type))
  await lab.add()
  await until(() => heard.includes('added'), 'the other listener hears')
})
