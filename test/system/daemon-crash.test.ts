import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { test } from 'node:test'
import { startDaemon, until } from '../support/daemon.ts'
import { startFarm } from '../support/farm.ts'

const MiB = 1_048_576

test('kill -9 in the middle of 16 downloads loses no more than what came since the last checkpoint', async (t) => {
  const farm = await startFarm(t)
  const daemon = await startDaemon(t)
  await daemon.ask('PUT', '/api/settings', { maxConcurrent: 16 })

  const finished = await daemon.add(farm.plant('/finished.bin', 300_000))
  const deleted = await daemon.add(farm.plant('/deleted.bin', 2 * MiB))
  const gone = await daemon.add(farm.plant('/gone.bin', 1000, 'missing'))
  await daemon.becomes(finished, 'completed')
  await daemon.becomes(deleted, 'completed')
  await daemon.becomes(gone, 'error')
  rmSync((await daemon.get(deleted)).path)

  farm.rate = MiB
  const paused = await daemon.add(farm.plant('/paused.bin', 6 * MiB), { connections: 1 })
  await until(
    async () => (await daemon.get(paused)).bytesDone > 2 * MiB || undefined,
    60_000,
    () => 'nothing comes',
  )
  await daemon.ask('POST', `/api/download/${paused}/pause`)
  const atPause = (await daemon.becomes(paused, 'paused')).bytesDone
  assert.ok(atPause >= 2 * MiB, `${atPause} bytes at the pause`)

  const names = Array.from({ length: 16 }, (_, index) => `/big-${index}.bin`)
  const ids: string[] = []
  farm.rate = 0.75 * MiB
  for (const name of names) ids.push(await daemon.add(farm.plant(name, 10 * MiB), { connections: 2 }))
  await daemon.counts('active', 16)
  const sentBefore = (): number => names.reduce((sum, name) => sum + farm.sent(name), 0)
  await until(
    () => sentBefore() > 16 * 4 * MiB || undefined,
    60_000,
    () => `${sentBefore()} bytes sent`,
  )
  await daemon.kill()

  await t.test('no final name is there before its file is complete', () => {
    assert.deepEqual(
      names.filter((name) => existsSync(daemon.dir + name)),
      [],
    )
  })
  const asked = { finished: farm.count('/finished.bin'), deleted: farm.count('/deleted.bin') }
  const before = await until(
    () => (farm.open().length === 0 ? sentBefore() : undefined),
    60_000,
    () => 'the server still sends',
  )
  await daemon.restart()

  await t.test('all are listed with a status that is true, and what is paused stays so with its bytes', async () => {
    const all = await daemon.all()
    assert.equal(all.length, 20)
    const running = all.filter((one) => ids.includes(one.id))
    assert.deepEqual(
      running.filter((one) => !['queued', 'active', 'completed'].includes(one.status)),
      [],
    )
    const one = await daemon.get(paused)
    assert.equal(one.status, 'paused')
    assert.ok(one.bytesDone >= atPause && one.bytesDone < atPause + MiB, `${one.bytesDone} bytes, ${atPause} before`)
    assert.equal(one.bytesTotal, 6 * MiB)
  })

  farm.rate = Infinity
  await t.test('each goes on by itself from its checkpoint to the right bytes', async () => {
    for (const [index, id] of ids.entries()) {
      const { path, error } = await daemon.becomes(id, ['completed', 'error'], 60_000)
      assert.equal(error, null)
      const digest = createHash('sha256').update(readFileSync(path)).digest('hex')
      assert.equal(digest, farm.content(names[index] ?? '').sha256())
    }
    // Checkpoints come each second: allowed is what two seconds bring (1.5 MiB/s for each file), and the buffers.
    const again = sentBefore() - 16 * 10 * MiB
    assert.ok(again <= 16 * 4.5 * MiB && again < 0.8 * before, `${again} bytes twice of ${before} before the kill`)
  })

  await t.test('what had ended is as it was: nothing is fetched again, a deleted file shows as missing', async () => {
    assert.deepEqual({ finished: farm.count('/finished.bin'), deleted: farm.count('/deleted.bin') }, asked)
    const one = await daemon.get(finished)
    assert.deepEqual([one.status, one.missing], ['completed', false])
    const other = await daemon.get(deleted)
    assert.deepEqual([other.status, other.missing], ['completed', true])
    const third = await daemon.get(gone)
    assert.deepEqual([third.status, third.error?.code], ['error', 'http-not-found'])
  })

  await t.test('what was paused goes on from where it was', async () => {
    const sent = farm.sent('/paused.bin')
    const { bytesDone } = await daemon.get(paused)
    await daemon.ask('POST', `/api/download/${paused}/resume`)
    const { path } = await daemon.becomes(paused, 'completed')
    assert.equal(createHash('sha256').update(readFileSync(path)).digest('hex'), farm.content('/paused.bin').sha256())
    assert.equal(farm.sent('/paused.bin') - sent, 6 * MiB - bytesDone)
    assert.deepEqual(
      readdirSync(daemon.dir).filter((name) => name.endsWith('.part') || name === '.staging'),
      [],
    )
  })
})
