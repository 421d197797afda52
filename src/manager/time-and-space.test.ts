import assert from 'node:assert/strict'
import { test } from 'node:test'
import { manualClock } from '../../test/support/manager-parts.ts'
import { openManagerLab, until } from '../../test/support/manager-lab.ts'

const begin = new Date(2030, 0, 7, 9, 59, 30).getTime()
const minute = 60_000
const MiB = 1024 * 1024

/** Time passes in steps until something holds. */
async function pass(clock: ReturnType<typeof manualClock>, step: number, holds: () => boolean): Promise<number> {
  const from = clock.now()
  let passing = Promise.resolve()
  await until(() => {
    if (holds()) return true
    passing = passing.then(() => clock.advance(step))
    return false
  }, 'it happens as time passes')
  // Otherwise the clock would go on behind the back of what follows.
  await passing
  return clock.now() - from
}

test('a start time begins a download, also when it is days away', async (t) => {
  const clock = manualClock(begin)
  const lab = await openManagerLab(t, { clock })
  const id = await lab.add({ startAt: new Date(begin + 3 * 24 * 60 * minute).toISOString() })
  await clock.advance(60 * minute)
  assert.equal(lab.of(id).status, 'queued')
  await clock.advance(3 * 24 * 60 * minute)
  await lab.is(id, 'active')
})

test('failures that may pass are tried again after 1, 2, 4 ... minutes, and a byte begins anew', async (t) => {
  const clock = manualClock(begin)
  const lab = await openManagerLab(t, { clock })
  const id = await lab.running()
  const failAndWait = async (): Promise<number> => {
    lab.engine.job(id).fail('connection-lost')
    await lab.is(id, 'error')
    const wait = Date.parse(lab.of(id).retryAt ?? '') - clock.now()
    await pass(clock, 1000, () => lab.engine.jobs.length === 1)
    return wait / minute
  }
  assert.deepEqual([await failAndWait(), await failAndWait(), await failAndWait()], [1, 2, 4])
  lab.engine.job(id).start(100)
  lab.engine.job(id).progress(10)
  assert.equal(await failAndWait(), 1)
  await lab.manager.changeSettings({ autoRetry: false })
  lab.engine.job(id).fail('connection-lost')
  await lab.is(id, 'error')
  assert.equal(lab.of(id).retryAt, null)
})

test('a clock that was ahead and is put back keeps no download waiting for longer than an hour', async (t) => {
  const clock = manualClock(begin)
  const lab = await openManagerLab(t, { clock })
  const failed = async (): Promise<string> => {
    const id = await lab.running()
    lab.engine.job(id).fail('connection-lost')
    await lab.is(id, 'error')
    return id
  }
  const wait = (id: string): number => Date.parse(lab.of(id).retryAt ?? '') - clock.now()
  const running = await failed()
  clock.putBack(40 * 24 * 60 * minute)
  await pass(clock, 1000, () => wait(running) <= 60 * minute)
  await pass(clock, 10_000, () => lab.engine.jobs.some(({ key }) => key === running))

  const stopped = await failed()
  await lab.manager.close()
  clock.putBack(40 * 24 * 60 * minute)
  await lab.reopen()
  await until(() => wait(stopped) <= 60 * minute, 'the time is nearer')
  await pass(clock, 10_000, () => lab.engine.jobs.some(({ key }) => key === stopped))
})

test('speed limits come and go with their windows, and with a change of the settings', async (t) => {
  const clock = manualClock(begin)
  const lab = await openManagerLab(t, { clock })
  const last = (): string | undefined => lab.engine.calls.findLast((call) => call.startsWith('rate'))
  await until(() => last() === 'rate undefined', 'no cap')
  const day = new Date(begin).getDay()
  await lab.manager.changeSettings({
    speedLimit: 1000,
    connectionsPerHost: 7,
    speedWindows: [{ days: [day], from: '10:00', to: '10:02', bytesPerSecond: 50 }],
  })
  await until(() => last() === 'rate 1000', 'the general cap')
  assert.ok(lab.engine.calls.includes('host 7'))
  await clock.advance(minute / 2)
  await until(() => last() === 'rate 50', 'the cap of the window')
  await clock.advance(2 * minute)
  await until(() => last() === 'rate 1000', 'the general cap again')
})

test('completed downloads leave the list after their time and stay in history', async (t) => {
  const clock = manualClock(begin)
  const lab = await openManagerLab(t, { clock })
  const id = await lab.running()
  lab.engine.job(id).finish()
  await lab.is(id, 'completed')
  await clock.advance(120 * minute)
  assert.equal(lab.of(id).status, 'completed')
  await lab.manager.changeSettings({ clearCompleted: 24 })
  await clock.advance(21 * 60 * minute)
  assert.equal(lab.of(id).status, 'completed')
  await clock.advance(60 * minute)
  assert.throws(() => lab.of(id))
  const { total } = await lab.manager.history({ sort: 'date', descending: true, limit: 1, offset: 0 })
  assert.equal(total, 1)
})

test('downloads wait while the disk is nearly full, and go on when there is space again', async (t) => {
  const clock = manualClock(begin)
  let free = 500 * MiB
  const lab = await openManagerLab(t, { clock, freeSpace: async () => free })
  const warnings: string[] = []
  lab.manager.events.listen((event) => event.type === 'warning' && warnings.push(event.code))
  const id = await lab.running()
  free = 99 * MiB
  await pass(clock, 1000, () => lab.of(id).status === 'queued')
  assert.equal(lab.of(id).waitingFor, 'low-disk')
  const { status, problems } = await lab.manager.health()
  assert.deepEqual([status, problems.length], ['degraded', 1])
  free = 105 * MiB
  await clock.advance(30_000)
  assert.equal(lab.of(id).status, 'queued')
  free = 120 * MiB
  await pass(clock, 1000, () => lab.engine.jobs.length === 1)
  assert.equal(lab.of(id).status, 'active')
  assert.deepEqual(warnings, ['low-disk'])
})

test('where the disk is nearly full from the start, downloads begin when there is space', async (t) => {
  const clock = manualClock(begin)
  let free = 1 * MiB
  const lab = await openManagerLab(t, { clock, freeSpace: async () => free })
  const id = await lab.add()
  await until(() => lab.of(id).waitingFor === 'low-disk', 'it waits')
  free = 500 * MiB
  await pass(clock, 1000, () => lab.of(id).status === 'active')
})

test('a download that the disk has no room for waits by itself and does not try again and again', async (t) => {
  const clock = manualClock(begin)
  let free = 500 * MiB
  const lab = await openManagerLab(t, { clock, freeSpace: async () => free })
  const [large, small] = [await lab.running(), await lab.running()]
  lab.engine.job(large).start(2000 * MiB)
  lab.engine.job(large).fail('disk-full')
  await lab.is(large, 'queued')
  assert.equal(lab.of(large).waitingFor, 'low-disk')
  await clock.advance(60_000)
  assert.deepEqual([lab.of(large).status, lab.of(small).status], ['queued', 'active'])
  free = 3000 * MiB
  await pass(clock, 1000, () => lab.of(large).status === 'active')
  await lab.manager.changeSettings({ pauseOnLowDisk: false })
  lab.engine.job(large).fail('disk-full')
  await lab.is(large, 'error')
})

test('one that waits for space starts at once where space is no longer waited for', async (t) => {
  const lab = await openManagerLab(t, { freeSpace: async () => 500 * MiB })
  const id = await lab.running()
  lab.engine.job(id).start(2000 * MiB)
  lab.engine.job(id).fail('disk-full')
  await lab.is(id, 'queued')
  await lab.manager.changeSettings({ pauseOnLowDisk: false })
  await lab.is(id, 'active')
})

test('numbers of active downloads are told once a second in one event, and nothing ticks when none is active', async (t) => {
  const clock = manualClock(begin)
  const lab = await openManagerLab(t, { clock })
  const events: Array<readonly string[]> = []
  lab.manager.events.listen((event) => event.type === 'progress' && events.push(event.downloads.map((one) => one.id)))
  const ids = [await lab.running(), await lab.running()]
  await clock.advance(3000)
  assert.deepEqual(events, [ids, ids, ids])
  for (const id of ids) {
    lab.engine.job(id).finish()
    await lab.is(id, 'completed')
  }
  await clock.advance(20_000)
  const then = clock.delays.length
  await clock.advance(10 * minute)
  assert.ok(clock.delays.length - then <= 10, `${clock.delays.length - then} timers in ten idle minutes`)
})
