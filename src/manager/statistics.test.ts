import assert from 'node:assert/strict'
import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import { openManagerLab, until } from '../../test/support/manager-lab.ts'
import { manualClock } from '../../test/support/manager-parts.ts'

const noon = new Date(2030, 0, 7, 12).getTime()
const day = 24 * 60 * 60_000

test('each completed download counts once, on its day; failed and cancelled ones do not count', async (t) => {
  const clock = manualClock(noon)
  const lab = await openManagerLab(t, { clock })
  const complete = async (reference: string, bytes: number): Promise<void> => {
    const id = await lab.running({ reference })
    lab.engine.job(id).fail('http-not-found')
    await lab.is(id, 'error')
    await lab.manager.retry(id)
    await until(() => lab.engine.jobs.length === 1, 'it runs')
    lab.engine.job(id).start(bytes, reference.split('/').at(-1) ?? '')
    await clock.advance(2000)
    lab.engine.job(id).finish()
    await lab.is(id, 'completed')
  }
  await complete('https://a.example/one.zip', 100)
  await clock.advance(day)
  await complete('https://b.example/two.zip', 300)
  await complete('https://b.example/three.iso', 500)
  await lab.manager.cancel(await lab.running())
  const expected = {
    totalFiles: 3,
    totalBytes: 900,
    totalTime: 6,
    averageSpeed: 150,
    todayFiles: 2,
    todayBytes: 800,
    topDomains: { 'b.example': 800, 'a.example': 100 },
    fileTypeStats: { zip: 2, iso: 1 },
  }
  const { sessionFiles, sessionBytes, speed, counts, week, ...lasting } = await lab.manager.statistics()
  assert.deepEqual(lasting, expected)
  assert.deepEqual([sessionFiles, sessionBytes, speed, counts.completed, counts.cancelled], [3, 900, 0, 3, 1])
  assert.deepEqual(
    week.map((one) => [one.date, one.files]),
    [
      ['2030-01-02', 0],
      ['2030-01-03', 0],
      ['2030-01-04', 0],
      ['2030-01-05', 0],
      ['2030-01-06', 0],
      ['2030-01-07', 1],
      ['2030-01-08', 2],
    ],
  )
  await lab.reopen()
  const {
    sessionFiles: none,
    sessionBytes: _,
    speed: __,
    counts: ___,
    week: same,
    ...again
  } = await lab.manager.statistics()
  assert.deepEqual(again, expected)
  assert.deepEqual([none, same], [0, week])
})

test('statistics.json holds the same, and only its owner can read it', async (t) => {
  const clock = manualClock(noon)
  const lab = await openManagerLab(t, { clock })
  const file = join(lab.dataDir, '.history', 'statistics.json')
  const id = await lab.running()
  lab.engine.job(id).finish(7)
  await lab.is(id, 'completed')
  await clock.advance(5000)
  await until(() => statSync(file, { throwIfNoEntry: false }) !== undefined, 'the file is there')
  assert.equal(statSync(file).mode & 0o777, 0o600)
  await lab.manager.close()
  const { totalFiles, totalBytes, counts } = JSON.parse(readFileSync(file, 'utf8'))
  assert.deepEqual([totalFiles, totalBytes, counts.completed], [1, 7, 1])
})

test('how long a download was active is kept every five seconds, so that a crash costs no more', async (t) => {
  const clock = manualClock(noon)
  const lab = await openManagerLab(t, { clock })
  const id = await lab.running()
  lab.engine.job(id).start(100)
  lab.engine.job(id).progress(10)
  for (let second = 0; second < 5; second++) await clock.advance(1000)
  using database = new DatabaseSync(join(lab.dataDir, '.history', 'downloads.db'), { readOnly: true })
  const kept = database.prepare('select active_seconds as seconds from downloads')
  await until(() => kept.get()?.['seconds'] === 5, 'the row has them')
  await clock.advance(2000)
  lab.engine.job(id).finish()
  await lab.is(id, 'completed')
  assert.equal(lab.of(id).activeSeconds, 7)
})
