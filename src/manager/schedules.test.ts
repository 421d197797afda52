import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { listLog, manualClock, memoryRecords } from '../../test/support/manager-parts.ts'
import { SluiceError } from '../core/errors.ts'
import { createSchedules } from './schedules.ts'
import type { Schedules } from './schedules.ts'
import { openSecrets } from './secrets.ts'
import type { Secrets } from './secrets.ts'
import type { AddRequest, ScheduleInput } from './types.ts'

let secrets: Secrets
before(async () => {
  secrets = await openSecrets('/', { SLUICE_KEY: 'ab'.repeat(32) })
})

const minute = 60_000
const hour = 60 * minute
const start = new Date(2026, 0, 5, 1, 0, 0).getTime()
const request = { reference: 'https://h/nightly.zip', priority: 3 }

async function setUp(given: { store?: ReturnType<typeof memoryRecords>; at?: number } = {}) {
  const { store = memoryRecords(), at = start } = given
  const [clock, log, added] = [manualClock(at), listLog(), new Array<[number, AddRequest]>()]
  let failure: Error | undefined
  const open = (): Promise<Schedules> =>
    createSchedules({
      store,
      secrets,
      log,
      clock,
      check: ({ dir }) => {
        if (dir === '/outside') throw new SluiceError('usage', 'The folder leads out.')
      },
      add: async (one) => {
        if (failure) throw failure
        added.push([clock.now(), one])
      },
    })
  return { store, clock, log, added, open, fail: (error?: Error) => (failure = error), schedules: await open() }
}

test('a schedule adds its download at each of its times, and tells the last and the next', async () => {
  const { schedules, clock, added } = await setUp()
  const { id, ...shown } = await schedules.add({ name: 'nightly', cron: '30 2 * * *', request })
  assert.match(id, /^sc-[0-9a-f]{16}$/)
  const first = start + 1.5 * hour
  assert.deepEqual(shown, {
    name: 'nightly',
    cron: '30 2 * * *',
    request,
    enabled: true,
    lastRun: null,
    nextRun: new Date(first).toISOString(),
  })
  await clock.advance(1.5 * hour - 1)
  assert.equal(added.length, 0)
  await clock.advance(1)
  assert.deepEqual(added, [[first, request]])
  assert.equal(schedules.list()[0]?.lastRun, new Date(first).toISOString())
  await clock.advance(24 * hour)
  assert.equal(added.length, 2)
  await schedules.close()
})

test('schedules outlive the daemon; what was missed meanwhile is not made up for', async () => {
  const first = await setUp()
  await first.schedules.add({ cron: '0 * * * *', request })
  await first.schedules.close()
  const { schedules, clock, added } = await setUp({ store: first.store, at: start + 5.5 * hour })
  assert.equal(schedules.list()[0]?.lastRun, null)
  await clock.advance(29 * minute)
  assert.equal(added.length, 0)
  await clock.advance(minute)
  assert.equal(added.length, 1)
  await schedules.close()
})

test('a run that a sleeping machine missed is left out with a warning', async () => {
  const { schedules, clock, added, log } = await setUp()
  await schedules.add({ cron: '0 2 * * *', request })
  const { now } = clock
  Object.assign(clock, { now: () => now() + 3 * hour })
  await clock.advance(minute)
  assert.equal(added.length, 0)
  assert.match(log.lines.join(), /missed/)
  assert.equal(schedules.list()[0]?.lastRun, null)
  await schedules.close()
})

test('switched off and removed schedules do not run, closed ones neither', async () => {
  const { schedules, clock, added, store } = await setUp()
  const one = await schedules.add({ cron: '* * * * *', request })
  const two = await schedules.add({ cron: '* * * * *', request, enabled: false })
  assert.equal(two.nextRun, null)
  assert.equal((await schedules.change(one.id, { enabled: false })).nextRun, null)
  await clock.advance(5 * minute)
  assert.equal(added.length, 0)
  await schedules.change(one.id, { enabled: true })
  await clock.advance(minute)
  assert.equal(added.length, 1)
  await schedules.remove(one.id)
  assert.deepEqual(
    schedules.list().map(({ id }) => id),
    [two.id],
  )
  assert.equal(store.kept.size, 1)
  await schedules.change(two.id, { enabled: true })
  await schedules.close()
  await clock.advance(hour)
  assert.equal(added.length, 1)
})

test('a run that fails is logged, and the schedule goes on', async () => {
  const { schedules, clock, added, log, fail } = await setUp()
  await schedules.add({ cron: '* * * * *', request })
  fail(new SluiceError('duplicate', 'It is listed already.'))
  await clock.advance(minute)
  assert.match(log.lines.join(), /could not add its download: It is listed already/)
  fail()
  await clock.advance(minute)
  assert.equal(added.length, 1)
  await schedules.close()
})

test('addresses are kept sealed and shown without their secrets; sent back as shown they stay', async () => {
  const { schedules, clock, added, store, open } = await setUp()
  const secret = { reference: 'https://u:geheim@h/x', mirrors: ['https://m/x?token=geheim'] }
  const { id } = await schedules.add({ cron: '* * * * *', request: secret })
  const shown = schedules.list()[0]?.request
  assert.deepEqual(shown, { reference: 'https://h/x', mirrors: ['https://m/x?token=…'] })
  assert.doesNotMatch(store.text(), /geheim/)
  await schedules.change(id, { name: 'x', request: { ...shown, priority: 9 } })
  await schedules.close()
  const again = await open()
  await clock.advance(minute)
  assert.deepEqual(added[0]?.[1], { ...secret, priority: 9 })
  await again.close()
})

test('with another key a schedule comes back switched off, and says so', async () => {
  const { schedules, store } = await setUp()
  await schedules.add({ cron: '* * * * *', request })
  await schedules.close()
  const other = await openSecrets('/', { SLUICE_KEY: 'cd'.repeat(32) })
  const log = listLog()
  const again = await createSchedules({
    store,
    secrets: other,
    log,
    add: async () => undefined,
    check: () => undefined,
  })
  assert.deepEqual(
    again.list().map(({ enabled, nextRun }) => [enabled, nextRun]),
    [[false, null]],
  )
  assert.match(log.lines.join(), /switched off/)
  await again.close()
})

test('what is wrong is refused with the name of the field, and nothing changes', async () => {
  const { schedules, store } = await setUp()
  const { id } = await schedules.add({ cron: '0 2 * * *', request })
  const wrong: Array<[unknown, RegExp]> = [
    [{ cron: 5 }, /^cron: /],
    [{ cron: '' }, /^cron: /],
    [{ cron: '* * * *' }, /^cron: /],
    [{ cron: '* * * * * *' }, /^cron: /],
    [{ cron: '@daily' }, /^cron: /],
    [{ cron: '60 * * * *' }, /^cron: /],
    [{ cron: '0 0 30 2 *' }, /^cron: .*never/],
    [{ name: 'a\nb' }, /^name: /],
    [{ enabled: 1 }, /^enabled: /],
    [{ request: {} }, /^request\.reference: /],
    [{ request: { ...request, headers: { cookie: 'geheim' } } }, /^request: .*headers/],
    [{ request: { ...request, startAt: '2030-01-01T00:00:00Z' } }, /^request: .*startAt/],
    [{ request: { ...request, dir: '/outside' } }, /leads out/],
    [{ command: 'rm' }, /command/],
  ]
  for (const [input, words] of wrong) {
    const isRight = (error: unknown): boolean =>
      error instanceof SluiceError &&
      error.code === 'usage' &&
      words.test(error.message) &&
      !/geheim/.test(error.message)
    await assert.rejects(schedules.change(id, input as ScheduleInput), isRight, JSON.stringify(input))
    await assert.rejects(schedules.add({ cron: '* * * * *', request, ...(input as ScheduleInput) }), isRight)
  }
  await assert.rejects(schedules.add({ request }), { code: 'usage', message: /^cron/ })
  await assert.rejects(schedules.add({ cron: '* * * * *' }), { code: 'usage', message: /^request/ })
  for (const call of [schedules.change('sc-0', {}), schedules.remove('sc-0')])
    await assert.rejects(call, { code: 'not-found' })
  assert.equal(store.kept.size, 1)
  await schedules.close()
})
