import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import type { TestContext } from 'node:test'
import { startDaemon, until } from '../support/daemon.ts'
import type { Daemon } from '../support/daemon.ts'
import { startFarm } from '../support/farm.ts'

const MiB = 1_048_576

/** Why a small file system cannot be mounted here, or false. */
function whyNot(): string | false {
  if (process.platform !== 'linux') return 'a small tmpfs is mounted, which needs Linux'
  if (process.getuid?.() !== 0) return 'a small tmpfs is mounted, which needs root'
  return false
}

/** A daemon whose downloads go to a file system of 32 MiB. */
async function onSmallDisk(t: TestContext): Promise<Daemon> {
  const dir = mkdtempSync(join(tmpdir(), 'sluice-small-'))
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=32m', 'tmpfs', dir])
  t.after(() => {
    // Lazily, because a daemon that is still to be killed holds files open.
    execFileSync('umount', ['-l', dir])
    rmdirSync(dir)
  })
  return startDaemon(t, { dir })
}

async function waitsForDisk(daemon: Daemon, id: string): Promise<void> {
  await until(
    async () => {
      const { status, waitingFor } = await daemon.get(id)
      return (status === 'queued' && waitingFor === 'low-disk') || undefined
    },
    60_000,
    () => 'it does not wait for space',
  )
}

describe('a disk that is nearly full', { skip: whyNot(), concurrency: 3 }, () => {
  it('lets downloads wait, says so, and they go on when there is room', async (t) => {
    const farm = await startFarm(t)
    const daemon = await onSmallDisk(t)
    const other = join(daemon.dir, 'other')
    writeFileSync(other, Buffer.alloc(26 * MiB))
    await daemon.ask('PUT', '/api/settings', { minFreeSpace: 8 * MiB })
    const id = await daemon.add(farm.plant('/a.bin', 4 * MiB))
    await waitsForDisk(daemon, id)
    assert.equal(farm.sent('/a.bin'), 0)
    assert.equal((await daemon.ask<{ status: string }>('GET', '/api/health')).status, 'degraded')
    rmSync(other)
    await daemon.becomes(id, 'completed', 60_000)
  })

  it('stops those that run, which keep what they have', async (t) => {
    const farm = await startFarm(t)
    const daemon = await onSmallDisk(t)
    await daemon.ask('PUT', '/api/settings', { minFreeSpace: 8 * MiB })
    farm.rate = MiB
    const id = await daemon.add(farm.plant('/a.bin', 16 * MiB), { connections: 1 })
    await until(
      async () => (await daemon.get(id)).bytesDone > 2 * MiB || undefined,
      60_000,
      () => 'nothing comes',
    )
    const other = join(daemon.dir, 'other')
    writeFileSync(other, Buffer.alloc(22 * MiB))
    await waitsForDisk(daemon, id)
    const sent = farm.sent()
    rmSync(other)
    farm.rate = Infinity
    const { bytesDone } = await daemon.becomes(id, 'completed', 60_000)
    assert.equal(bytesDone, 16 * MiB)
    assert.ok(farm.sent() < sent + 16 * MiB, 'it began anew')
  })

  it('is no reason to wait when the setting says so', async (t) => {
    const farm = await startFarm(t)
    const daemon = await onSmallDisk(t)
    await daemon.ask('PUT', '/api/settings', { pauseOnLowDisk: false })
    const fits = await daemon.add(farm.plant('/fits.bin', 4 * MiB))
    await daemon.becomes(fits, 'completed')
    const tooLarge = await daemon.add(farm.plant('/too-large.bin', 64 * MiB))
    const { error } = await daemon.becomes(tooLarge, 'error')
    assert.equal(error?.code, 'disk-full')
  })
})
