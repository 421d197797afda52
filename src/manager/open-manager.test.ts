import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { test } from 'node:test'
import { everything, openManagerLab, until } from '../../test/support/manager-lab.ts'

test('a download goes from created to completed, and history and statistics know of it', async (t) => {
  const lab = await openManagerLab(t)
  const { manager, engine } = lab
  const id = await lab.running({ reference: 'https://example.org/a/data.tar.gz', priority: 7 })
  engine.job(id).start(1000, 'data.tar.gz')
  engine.job(id).progress(400, 50)
  const half = lab.of(id)
  assert.deepEqual([half.status, half.bytesDone, half.bytesTotal, half.speed], ['active', 400, 1000, 50])
  engine.job(id).finish()
  await lab.is(id, 'completed')
  const done = await manager.get(id)
  assert.deepEqual(
    done.timeline.map((step) => step.event),
    ['created', 'validating', 'queued', 'active', 'completed'],
  )
  assert.deepEqual([done.bytesDone, done.verdict, done.type, done.speed], [1000, 'length-only', 'tar.gz', 0])
  const statistics = await manager.statistics()
  assert.deepEqual([statistics.totalFiles, statistics.totalBytes, statistics.todayFiles], [1, 1000, 1])
  assert.deepEqual([statistics.topDomains, statistics.week.length], [{ 'example.org': 1000 }, 7])
  // An action resolves when the store has all that was before it.
  await manager.setPriority(id, 7)
  const page = await manager.history({ sort: 'date', descending: true, limit: 10, offset: 0 })
  assert.deepEqual(
    page.entries.map((entry) => [entry.id, entry.status, entry.fileSize]),
    [[id, 'completed', 1000]],
  )
  assert.deepEqual(await manager.historyEntry(id), page.entries[0])
  await assert.rejects(manager.historyEntry('dl-0000000000000000'), { code: 'not-found' })
})

test('no more run at once than the settings say, and the next starts when one ends', async (t) => {
  const lab = await openManagerLab(t)
  await lab.manager.changeSettings({ maxConcurrent: 2 })
  const ids = [await lab.running(), await lab.running(), await lab.add(), await lab.add()]
  assert.equal(lab.engine.jobs.length, 2)
  lab.engine.job(ids[0] ?? '').finish()
  await lab.is(ids[2] ?? '', 'active')
  assert.equal(lab.of(ids[3] ?? '').status, 'queued')
  assert.equal(lab.engine.most, 2)
})

test('a place is free only when the engine has let go of a paused download', async (t) => {
  const lab = await openManagerLab(t)
  await lab.manager.changeSettings({ maxConcurrent: 1 })
  const first = await lab.running()
  const second = await lab.add()
  lab.engine.slow = true
  const held = lab.engine.job(first)
  await lab.manager.pause(first)
  await lab.manager.resume(first)
  assert.equal(held.stopped, true)
  assert.deepEqual(lab.engine.started, [first])
  lab.engine.slow = false
  held.letGo()
  await until(() => lab.engine.jobs.length === 1, 'one runs')
  assert.deepEqual([lab.of(first).status, lab.of(second).status], ['active', 'queued'])
})

test('a lower cap sends the surplus back to the queue, a higher one lets more start', async (t) => {
  const lab = await openManagerLab(t)
  const ids = [await lab.running({ priority: 9 }), await lab.running(), await lab.running()]
  await lab.manager.changeSettings({ maxConcurrent: 1 })
  await until(() => lab.engine.jobs.length === 1, 'one runs')
  assert.deepEqual(
    ids.map((id) => lab.of(id).status),
    ['active', 'queued', 'queued'],
  )
  await lab.manager.changeSettings({ maxConcurrent: 4 })
  await until(() => lab.engine.jobs.length === 3, 'three run')
})

test('a move that is not allowed is refused, and so is an id that is not listed', async (t) => {
  const lab = await openManagerLab(t)
  const id = await lab.running()
  await assert.rejects(lab.manager.resume(id), { code: 'wrong-state' })
  lab.engine.job(id).finish()
  await lab.is(id, 'completed')
  for (const act of ['pause', 'resume', 'cancel', 'retry'] as const)
    await assert.rejects(lab.manager[act](id), { code: 'wrong-state' })
  await assert.rejects(lab.manager.pause('dl-0000000000000000'), { code: 'not-found' })
  await assert.rejects(lab.manager.get('dl-0000000000000000'), { code: 'not-found' })
})

test('pausing keeps the part and tells what is on the disk, cancelling discards it', async (t) => {
  const lab = await openManagerLab(t)
  const id = await lab.running()
  lab.engine.job(id).start(100)
  lab.engine.job(id).progress(40)
  lab.engine.parts.set(id, 44)
  await lab.manager.pause(id)
  await until(() => lab.of(id).bytesDone === 44, 'the bytes of the disk')
  assert.equal(lab.engine.calls.includes(`discard ${id}`), false)
  await lab.manager.cancel(id)
  await until(() => lab.engine.calls.includes(`discard ${id}`), 'the part is discarded')
  assert.equal(lab.of(id).status, 'cancelled')
})

test('parts stay where the settings keep them', async (t) => {
  const lab = await openManagerLab(t)
  await lab.manager.changeSettings({ keepPartFiles: true })
  const [one, two] = [await lab.running(), await lab.running()]
  await lab.manager.cancel(one)
  await lab.manager.remove(two, { deleteFile: true })
  assert.equal(lab.manager.list(everything).total, 1)
  assert.equal(
    lab.engine.calls.some((call) => call.startsWith('discard')),
    false,
  )
})

test('what was paused too late is complete', async (t) => {
  const lab = await openManagerLab(t)
  const id = await lab.running()
  lab.engine.slow = true
  const job = lab.engine.job(id)
  await lab.manager.pause(id)
  job.finish(5)
  await lab.is(id, 'completed')
})

test('an error that may pass is tried again by itself, others wait for the user', async (t) => {
  const lab = await openManagerLab(t)
  const [passing, lasting] = [await lab.running(), await lab.running()]
  lab.engine.job(passing).fail('connection-lost')
  lab.engine.job(lasting).fail('http-not-found')
  await lab.is(passing, 'error')
  await lab.is(lasting, 'error')
  const wait = Date.parse(lab.of(passing).retryAt ?? '') - Date.now()
  assert.ok(wait > 50_000 && wait <= 60_000, `${wait} ms`)
  assert.equal(lab.of(lasting).retryAt, null)
  assert.deepEqual(lab.of(lasting).error, {
    code: 'http-not-found',
    message: 'It failed.',
    hint: 'Check the address for typing errors; the file may have moved.',
    retryable: false,
  })
  await lab.manager.retry(passing)
  await lab.is(passing, 'active')
  assert.deepEqual([lab.of(passing).error, lab.of(passing).retryAt], [null, null])
})

test('without automatic start downloads wait for the user', async (t) => {
  const lab = await openManagerLab(t)
  await lab.manager.changeSettings({ autoStart: false })
  const id = await lab.add()
  assert.equal(lab.of(id).waitingFor, 'auto-start-off')
  await lab.manager.resume(id)
  await lab.is(id, 'active')
  await assert.rejects(lab.manager.resume(id), { code: 'wrong-state' })
})

test('a start time is waited for, unless the user wants it now', async (t) => {
  const lab = await openManagerLab(t)
  const id = await lab.add({ startAt: '2099-01-01T00:00:00Z' })
  assert.deepEqual([lab.of(id).status, lab.of(id).waitingFor], ['queued', 'start-at'])
  await lab.manager.resume(id)
  await lab.is(id, 'active')
})

test('closing keeps what was running, and opening goes on with it and leaves the rest alone', async (t) => {
  const lab = await openManagerLab(t)
  const [running, paused, finished] = [await lab.running(), await lab.running(), await lab.running()]
  lab.engine.job(running).start(100)
  lab.engine.job(running).progress(60)
  await lab.manager.pause(paused)
  lab.engine.job(finished).finish()
  await lab.is(finished, 'completed')
  lab.engine.parts.set(running, 70)
  await lab.reopen()
  assert.deepEqual(
    [paused, finished].map((id) => lab.of(id).status),
    ['paused', 'completed'],
  )
  await lab.is(running, 'active')
  assert.equal(lab.of(running).bytesDone, 70)
  assert.equal(lab.engine.started.filter((id) => id === finished).length, 1)
  await until(() => lab.of(finished).missing, 'the file that was never there is missing')
  assert.ok(existsSync(`${lab.dataDir}/.history/statistics.json`))
})
