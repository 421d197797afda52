import assert from 'node:assert/strict'
import { rmSync } from 'node:fs'
import { test } from 'node:test'
import { openManagerLab, until } from '../../test/support/manager-lab.ts'

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
  assert.equal(value('sluice_received_bytes_total'), 90)
  assert.equal(value('sluice_completed_total'), 1)
  assert.equal(value('sluice_failed_total'), 1)
  assert.equal(value('sluice_downloads', 'error'), 1)
})
