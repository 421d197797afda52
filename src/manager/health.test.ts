import assert from 'node:assert/strict'
import { renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { openManagerLab, until } from '../../test/support/manager-lab.ts'
import { manualClock } from '../../test/support/manager-parts.ts'

test('health tells what runs, what waits and what is wrong', async (t) => {
  const lab = await openManagerLab(t)
  await lab.manager.changeSettings({ maxConcurrent: 1 })
  await lab.running()
  await lab.add()
  const { status, version, active, queued, database, freeSpace, problems } = await lab.manager.health()
  assert.deepEqual([status, version, active, queued, problems], ['ok', '1.2.3', 1, 1, []])
  assert.match(database, /sqlite/i)
  assert.ok((freeSpace ?? 0) > 0)
  await lab.manager.pauseAll()
  await until(() => lab.engine.jobs.length === 0, 'none runs')
  rmSync(lab.dir, { recursive: true, force: true })
  const without = await lab.manager.health()
  assert.deepEqual([without.status, without.freeSpace, without.problems.length], ['degraded', null, 1])
})

test('a database whose file was taken away is told in health, the log and an event, once', async (t) => {
  const lab = await openManagerLab(t)
  const warnings: string[] = []
  lab.manager.events.listen((event) => event.type === 'warning' && warnings.push(event.code))
  const path = join(lab.dataDir, '.history', 'downloads.db')
  renameSync(path, `${path}.away`)
  await lab.manager.health()
  const { status, problems } = await lab.manager.health()
  assert.deepEqual([status, problems.length, warnings], ['degraded', 1, ['database']])
  assert.match(problems[0] ?? '', /deleted or replaced/)
  assert.equal(lab.log.lines.filter((line) => line.startsWith('error') && line.includes('replaced')).length, 1)
  renameSync(`${path}.away`, path)
  assert.equal((await lab.manager.health()).status, 'ok')
})

test('a database whose file was taken away is noticed although nobody asks', async (t) => {
  const clock = manualClock(0)
  const lab = await openManagerLab(t, { clock })
  let warned = false
  lab.manager.events.listen((event) => (warned ||= event.type === 'warning'))
  const path = join(lab.dataDir, '.history', 'downloads.db')
  renameSync(path, `${path}.away`)
  await clock.advance(60_000)
  await until(() => warned, 'a warning')
  renameSync(`${path}.away`, path)
})

test('metrics count what was received, completed and failed', async (t) => {
  const lab = await openManagerLab(t)
  const [done, failed] = [await lab.running(), await lab.running()]
  lab.engine.job(done).start(100)
  lab.engine.job(done).progress(40)
  lab.engine.job(done).progress(90)
  lab.engine.job(done).finish()
  lab.engine.job(failed).fail('http-not-found')
  await lab.is(done, 'completed')
  await lab.is(failed, 'error')
  const value = (name: string, status?: string): number | undefined =>
    lab.manager.metrics().find((one) => one.name === name && one.labels?.['status'] === status)?.value
  assert.equal(value('sluice_received_bytes_total'), 100)
  assert.equal(value('sluice_completed_total'), 1)
  assert.equal(value('sluice_failed_total'), 1)
  assert.equal(value('sluice_downloads', 'error'), 1)
})
