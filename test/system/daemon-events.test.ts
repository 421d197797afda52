import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { startDaemon, until } from '../support/daemon.ts'
import { openEvents } from '../support/event-stream.ts'
import type { EventStream, StreamEvent } from '../support/event-stream.ts'
import { startFarm } from '../support/farm.ts'

const MiB = 1_048_576

function dataOf(event: StreamEvent | undefined): Record<string, unknown> {
  return JSON.parse(event?.data ?? '{}') as Record<string, unknown>
}

function waitFor(stream: EventStream, is: (event: StreamEvent) => boolean, withinMs = 5000): Promise<StreamEvent> {
  return until(
    () => stream.events().find(is),
    withinMs,
    () => `no such event among ${stream.text().slice(-500)}`,
  )
}

describe('the stream of events', { concurrency: 2 }, () => {
  it('begins with a snapshot, counts on, and tells the numbers of active downloads once a second', async (t) => {
    const farm = await startFarm(t)
    farm.rate = MiB
    const daemon = await startDaemon(t)
    const id = await daemon.add(farm.plant('/a.bin', 40 * MiB), { connections: 1 })
    await daemon.becomes(id, 'active')
    const begun = performance.now()
    const stream = await openEvents(t, daemon.origin)
    const snapshot = await waitFor(stream, () => true)
    assert.equal(snapshot.type, 'snapshot')
    assert.ok(snapshot.data.includes(id))
    const progress = (): StreamEvent[] => stream.events().filter(({ type }) => type === 'progress')
    await until(
      () => progress().length >= 3 || undefined,
      60_000,
      () => `${progress().length} in 6 s`,
    )
    const seconds = (performance.now() - begun) / 1000
    assert.ok(progress().length <= seconds * 1.5 + 2, `${progress().length} in ${seconds} s`)
    const ids = stream.events().map((event) => Number(event.id))
    assert.deepEqual(
      ids.slice(1).filter((number, index) => number !== (ids[index] ?? 0) + 1),
      [],
      `not one by one: ${ids.join(' ')}`,
    )
  })

  it('goes on where a reader was, and after a restart with numbers that are higher', async (t) => {
    const farm = await startFarm(t)
    const daemon = await startDaemon(t)
    const first = await openEvents(t, daemon.origin)
    const snapshot = await waitFor(first, () => true)
    first.close()
    const id = await daemon.add(farm.plant('/a.bin', 1000))
    await daemon.becomes(id, 'completed')

    const second = await openEvents(t, daemon.origin, { 'last-event-id': snapshot.id })
    const completed = await waitFor(second, (event) => event.data.includes('"completed"') && event.type === 'changed')
    assert.deepEqual(
      second.events().filter(({ type }) => type === 'snapshot'),
      [],
    )
    const heard = second.events().filter(({ data }) => data.includes(id))
    assert.equal(heard[0]?.type, 'added')
    assert.deepEqual((dataOf(completed)['download'] as { id: string }).id, id)
    const last = Number(second.events().at(-1)?.id)

    await daemon.kill()
    await until(
      () => second.isOver || undefined,
      60_000,
      () => 'the stream of a dead daemon goes on',
    )
    await daemon.restart()
    const third = await openEvents(t, daemon.origin, { 'last-event-id': String(last) })
    const event = await waitFor(third, () => true)
    assert.ok(Number(event.id) > last, `${event.id} after ${last}`)
  })
})
