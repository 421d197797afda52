import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { startDaemon, until } from '../support/daemon.ts'
import { mostAtOnce, startFarm } from '../support/farm.ts'

const MiB = 1_048_576

describe('the queue', { concurrency: 3 }, () => {
  it('runs four at once by default, more or fewer at once when the setting changes', async (t) => {
    const farm = await startFarm(t)
    const daemon = await startDaemon(t)
    farm.rate = 0.5 * MiB
    for (let index = 0; index < 14; index++) await daemon.add(farm.plant(`/f${index}`, 20 * MiB), { connections: 1 })
    await daemon.counts('active', 4)
    await delay(500)
    await daemon.counts('active', 4, 0)
    assert.equal(mostAtOnce(farm.requests, 'path', 0), 4)

    await daemon.ask('PUT', '/api/settings', { maxConcurrent: 9 })
    await daemon.counts('active', 9, 60_000)
    await daemon.ask('PUT', '/api/settings', { maxConcurrent: 2 })
    farm.rate = Infinity
    await daemon.counts('completed', 14, 60_000)
    const late = farm.requests.slice(9 - farm.requests.length)
    assert.ok(mostAtOnce(farm.requests) <= 9)
    assert.ok(mostAtOnce(late) <= 9)
  })

  it('gives the place of a paused one to the next, and a resumed one waits for a place', async (t) => {
    const farm = await startFarm(t)
    const daemon = await startDaemon(t)
    await daemon.ask('PUT', '/api/settings', { maxConcurrent: 2 })
    farm.rate = 0.5 * MiB
    const ids: string[] = []
    for (let index = 0; index < 4; index++) ids.push(await daemon.add(farm.plant(`/f${index}`, 20 * MiB)))
    const [first = '', second = '', third = ''] = ids
    await daemon.becomes(first, 'active')
    await daemon.becomes(second, 'active')
    assert.equal((await daemon.get(third)).status, 'queued')
    await daemon.ask('POST', `/api/download/${first}/pause`)
    await daemon.becomes(third, 'active')
    await daemon.ask('POST', `/api/download/${first}/resume`)
    await delay(300)
    assert.equal((await daemon.get(first)).status, 'queued')
    await daemon.ask('POST', `/api/download/${second}/cancel`)
    await daemon.becomes(first, 'active')
    await daemon.counts('active', 2, 0)
  })

  it('goes by priority, then by age, then as it was moved', async (t) => {
    const farm = await startFarm(t)
    const daemon = await startDaemon(t)
    await daemon.ask('PUT', '/api/settings', { maxConcurrent: 1 })
    farm.rate = 0.25 * MiB
    const blocker = await daemon.add(farm.plant('/blocker', 8 * MiB), { connections: 1 })
    await daemon.becomes(blocker, 'active')
    const id: Record<string, string> = {}
    for (const [name, priority] of [
      ['low', 2],
      ['a', 5],
      ['b', 5],
      ['c', 5],
      ['high', 9],
      ['late', 1],
    ] as const)
      id[name] = await daemon.add(farm.plant(`/${name}`, 1000), { priority })
    await daemon.ask('POST', `/api/download/${id['late']}/priority`, { priority: 10 })
    await daemon.ask('POST', `/api/download/${id['c']}/move`, { to: 'top' })
    await daemon.ask('POST', `/api/download/${id['a']}/move`, { to: 'bottom' })
    farm.rate = Infinity
    await daemon.counts('completed', 7)
    const order = farm.requests.map(({ path }) => path.slice(1)).filter((name) => name !== 'blocker')
    assert.deepEqual(order, ['late', 'high', 'c', 'b', 'a', 'low'])
  })

  it('opens no more connections to a host than allowed, over all downloads', async (t) => {
    const farm = await startFarm(t)
    const daemon = await startDaemon(t)
    await daemon.ask('PUT', '/api/settings', { connectionsPerHost: 5, maxConcurrent: 3 })
    farm.rate = MiB
    for (let index = 0; index < 3; index++) await daemon.add(farm.plant(`/f${index}`, 12 * MiB), { connections: 8 })
    await until(
      () => farm.sent() > 16 * MiB || undefined,
      60_000,
      () => `${farm.sent()} bytes sent`,
    )
    farm.rate = Infinity
    await daemon.counts('completed', 3)
    const most = mostAtOnce(farm.requests, 'request')
    assert.ok(most <= 5, `${most} connections at once`)
    assert.ok(most > 3, `only ${most} connections at once`)
  })

  it('keeps the caps of speed, of all and of one, and lifts them at once', async (t) => {
    const farm = await startFarm(t)
    const daemon = await startDaemon(t)
    await daemon.ask('PUT', '/api/settings', { speedLimit: 2 * MiB })
    const begun = performance.now()
    const two = [await daemon.add(farm.plant('/a', 4 * MiB)), await daemon.add(farm.plant('/b', 4 * MiB))]
    for (const id of two) await daemon.becomes(id, 'completed', 60_000)
    const seconds = (performance.now() - begun) / 1000
    // Four seconds by arithmetic; a bucket may begin full, and a busy machine is slower.
    assert.ok(seconds > 2 && seconds < 60, `8 MiB at 2 MiB/s took ${seconds} s`)

    // Without a change these two would take minutes.
    await daemon.ask('PUT', '/api/settings', { speedLimit: 100 * 1024 })
    const global = await daemon.add(farm.plant('/c', 30 * MiB))
    await daemon.becomes(global, 'active')
    await daemon.ask('PUT', '/api/settings', { speedLimit: 0 })
    await daemon.becomes(global, 'completed', 60_000)

    const own = await daemon.add(farm.plant('/d', 30 * MiB), { speedLimit: 200 * 1024 })
    const free = await daemon.add(farm.plant('/e', 30 * MiB))
    await daemon.becomes(free, 'completed', 60_000)
    const { status, bytesDone, speedLimit } = await daemon.get(own)
    assert.deepEqual([status, speedLimit], ['active', 200 * 1024])
    assert.ok(bytesDone < 15 * MiB, `${bytesDone} bytes came despite the cap`)
    await daemon.ask('POST', `/api/download/${own}/limit`, { bytesPerSecond: 0 })
    await daemon.becomes(own, 'completed', 60_000)
  })

  it('does not start one before its time, nor any while starting by itself is off', async (t) => {
    const farm = await startFarm(t)
    const daemon = await startDaemon(t)
    const startAt = new Date(Date.now() + 2000).toISOString()
    const later = await daemon.add(farm.plant('/later', 1000), { startAt })
    const waiting = await daemon.get(later)
    assert.deepEqual([waiting.status, waiting.waitingFor, waiting.startAt], ['queued', 'start-at', startAt])

    await daemon.ask('PUT', '/api/settings', { autoStart: false })
    const held = await daemon.add(farm.plant('/held', 1000))
    await until(
      async () => ((await daemon.get(held)).waitingFor === 'auto-start-off' ? true : undefined),
      60_000,
      () => 'it does not tell why it waits',
    )
    assert.equal(farm.count('/held'), 0)
    await daemon.ask('PUT', '/api/settings', { autoStart: true })
    await daemon.becomes(held, 'completed')
    const { startedAt } = await daemon.becomes(later, 'completed')
    assert.ok(startedAt !== null && startedAt >= startAt, `started at ${startedAt}, not before ${startAt}`)
  })
})
