import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { runSluice } from '../support/cli.ts'
import { startDaemon } from '../support/daemon.ts'
import { startFarm } from '../support/farm.ts'
import { startPostgres } from '../support/postgres.ts'
import type { Postgres } from '../support/postgres.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const MiB = 1_048_576

describe('the daemon on PostgreSQL', () => {
  let postgres: Postgres
  before(async () => {
    postgres = await startPostgres()
  })
  after(() => postgres.stop())

  it('keeps queue, history and figures there, also over kill -9', async (t) => {
    const farm = await startFarm(t)
    const database = await postgres.createDatabase()
    const daemon = await startDaemon(t, { flags: ['--database', database] })
    const done = await daemon.add(farm.plant('/done.bin', 2 * MiB))
    const gone = await daemon.add(farm.plant('/gone.bin', 1, 'missing'))
    await daemon.becomes(done, 'completed')
    await daemon.becomes(gone, 'error')
    farm.rate = MiB
    const running = await daemon.add(farm.plant('/running.bin', 30 * MiB), {
      headers: { Authorization: 'Bearer not-to-be-seen' },
    })
    await daemon.becomes(running, 'active')
    await daemon.ask('PUT', '/api/settings', { maxConcurrent: 7 })
    await daemon.kill()
    await daemon.restart()

    farm.rate = Infinity
    await daemon.becomes(running, 'completed')
    assert.equal(farm.requests.at(-1)?.headers.authorization, 'Bearer not-to-be-seen')
    const { entries, total } = await daemon.history()
    assert.equal(total, 3)
    assert.deepEqual(
      entries.map(({ id, status }) => `${id} ${status}`).sort(),
      [`${done} completed`, `${gone} error`, `${running} completed`].sort(),
    )
    const { totalFiles, totalBytes } = await daemon.statistics()
    assert.deepEqual([totalFiles, totalBytes], [2, 32 * MiB])
    assert.equal((await daemon.ask<{ maxConcurrent: number }>('GET', '/api/settings')).maxConcurrent, 7)
    assert.equal(postgres.run(database, 'select count(*) from history').trim(), '3')
    assert.doesNotMatch(postgres.run(database, 'select * from downloads'), /not-to-be-seen/)
    assert.ok(!existsSync(join(daemon.dataDir, '.history', 'downloads.db')), 'an SQLite database was made as well')
    await daemon.stop()
    const copy = JSON.parse(readFileSync(join(daemon.dataDir, '.history', 'statistics.json'), 'utf8'))
    assert.equal(copy.totalFiles, 2)
  })

  it('is refused where another daemon uses the database', async (t) => {
    const database = await postgres.createDatabase()
    const first = await startDaemon(t, { flags: ['--database', database] })
    const other = join(first.dir, '..', 'other')
    const args = ['serve', '--no-open', '--port', '0', '--dir', other, '--data-dir', other, '--database', database]
    const { code, stderr } = await runSluice(args, { timeout: 120 })
    assert.equal(code, 1, stderr)
    assert.match(stderr, /already|another/i)
  })

  it('says what is wrong with an address that leads to no database, and no password', async (t) => {
    const other = temporaryFolder(t)
    const address = 'postgres://me:hunter2@127.0.0.1:9/nothing'
    const args = ['serve', '--no-open', '--port', '0', '--dir', other, '--data-dir', other, '--database', address]
    const { code, stdout, stderr } = await runSluice(args, { timeout: 120 })
    assert.equal(code, 6, stderr)
    assert.doesNotMatch(stdout + stderr, /hunter2|\n\s+at /)
  })
})
