import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:net'
import type { AddressInfo, Socket } from 'node:net'
import { describe, it } from 'node:test'
import { runSluice } from '../support/cli.ts'
import { startDaemon, until } from '../support/daemon.ts'
import { startFarm } from '../support/farm.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { claimedBytes } from './claims.ts'

const MiB = 1_048_576

describe('the daemon stops', () => {
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    it(`within three seconds of ${signal}, with checkpoints written and exit code 0`, async (t) => {
      const farm = await startFarm(t)
      farm.rate = MiB
      const daemon = await startDaemon(t)
      const ids = []
      for (const name of ['/a.bin', '/b.bin', '/c.bin', '/d.bin'])
        ids.push(await daemon.add(farm.plant(name, 20 * MiB), { connections: 2 }))
      await until(
        () => farm.sent() > 8 * MiB || undefined,
        60_000,
        () => 'nothing comes',
      )
      // A page that listens must not hold it up.
      const listening = daemon.api('GET', '/api/events').catch(() => 'cut')
      const end = await daemon.stop(signal)
      assert.deepEqual([end.code, end.signal], [0, null], daemon.said())
      assert.ok(end.seconds < 10, `${end.seconds} s`)
      await listening

      const sent = farm.sent()
      const claimed = claimedBytes(daemon.dir)
      assert.ok(claimed > sent / 2, `${claimed} bytes claimed of ${sent} sent`)

      await daemon.restart()
      for (const id of ids) assert.ok(['queued', 'active'].includes((await daemon.get(id)).status))
      farm.rate = Infinity
      for (const id of ids) await daemon.becomes(id, 'completed')
      assert.ok(farm.sent() - 80 * MiB <= sent - claimed + 8 * MiB, 'what was claimed was fetched again')
    })
  }

  it('and tells so to who waits for an answer that needs another server', async (t) => {
    const sockets = new Set<Socket>()
    const silent = createServer((socket) => void sockets.add(socket.on('error', () => undefined)))
    silent.listen(0, '127.0.0.1')
    await once(silent, 'listening')
    t.after(() => {
      for (const socket of sockets) socket.destroy()
      silent.close()
    })
    const daemon = await startDaemon(t)
    const url = `http://127.0.0.1:${(silent.address() as AddressInfo).port}/file.bin`
    const asked = once(silent, 'connection')
    const waiting = daemon.api('POST', '/api/preview', { url })
    await asked
    await daemon.stop()
    const { status, text } = await waiting
    assert.equal(status, 503, text)
    assert.match(text, /"code":"stopping"/)
    assert.doesNotMatch(daemon.said(), /unexpected/)
  })
})

describe('a second daemon', () => {
  it('on the same data folder is refused with exit code 1 and the address of the first', async (t) => {
    const daemon = await startDaemon(t)
    const args = ['serve', '--no-open', '--port', '0', '--dir', daemon.dir, '--data-dir', daemon.dataDir]
    const { code, stderr } = await runSluice(args, { timeout: 120 })
    assert.equal(code, 1, stderr)
    assert.match(stderr, /Another Sluice uses/)
    assert.ok(stderr.includes(new URL(daemon.origin).port), `does not tell where: ${stderr}`)
    assert.doesNotMatch(stderr, /\n\s+at /)
    assert.equal((await daemon.api('GET', '/api/health')).status, 200)
  })

  it('starts at once after the first was killed', async (t) => {
    const daemon = await startDaemon(t)
    await daemon.kill()
    await daemon.restart()
    assert.equal((await daemon.api('GET', '/api/health')).status, 200)
  })

  it('takes the next free port when the wished one is busy, and says which', async (t) => {
    const busy = createServer().listen(0, '127.0.0.1')
    await once(busy, 'listening')
    const { port } = busy.address() as AddressInfo
    t.after(() => busy.close())
    const daemon = await startDaemon(t, { flags: ['--port', String(port)] })
    assert.notEqual(Number(new URL(daemon.origin).port), port)
    assert.ok(daemon.said().includes(daemon.origin))
  })

  it('that could be reached from elsewhere is refused without a token', async (t) => {
    const dir = temporaryFolder(t)
    const args = ['serve', '--no-open', '--host', '0.0.0.0', '--port', '0', '--dir', dir, '--data-dir', `${dir}/data`]
    const { code, stderr } = await runSluice(args, { timeout: 120 })
    assert.equal(code, 2, stderr)
    assert.match(stderr, /token/i)
  })
})
