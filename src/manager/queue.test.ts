import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { openManagerLab, until } from '../../test/support/manager-lab.ts'
import { download as someRow } from '../../test/support/store-samples.ts'
import { compareQueue } from '../core/queue-order.ts'
import { createEntry } from './entry.ts'
import { createQueueLine } from './queue-line.ts'

test('ten thousand downloads that end one after another cost little', async (t) => {
  const lab = await openManagerLab(t)
  await lab.manager.changeSettings({ clearCompleted: 24 })
  const count = 10_000
  lab.engine.onStart = () => setImmediate(() => lab.engine.jobs[0]?.finish())
  const before = process.threadCpuUsage()
  const items = Array.from({ length: count }, (_, at) => ({ reference: `https://example.org/${at}/file.bin` }))
  const { added } = await lab.manager.addMany(items)
  await until(() => lab.engine.started.length === count && lab.engine.jobs.length === 0, 'all have ended', 60)
  const { user, system } = process.threadCpuUsage(before)
  assert.deepEqual(new Set(lab.engine.started), new Set(added))
  assert.ok(user + system < 5e6, `${(user + system) / 1e6} s of processor time`)
})

test('the line stays in order while downloads come, go and move', () => {
  const someChange = fc.record({ id: fc.nat(20), priority: fc.integer({ min: 1, max: 3 }), position: fc.nat(5) })
  fc.assert(
    fc.property(fc.array(someChange, { maxLength: 60 }), fc.nat(60), (changes, resetAt) => {
      const queued = new Set<ReturnType<typeof createEntry>>()
      const line = createQueueLine(() => queued)
      for (const [at, { id, priority, position }] of changes.entries()) {
        const known = [...queued].find((entry) => entry.id === `dl-${id}`)
        if (known) {
          line.remove(known)
          queued.delete(known)
        }
        if (!known || priority > 1) {
          const entry = createEntry({ ...someRow(`dl-${id}`), priority, position }, '')
          queued.add(entry)
          line.add(entry)
        }
        if (at === resetAt) line.reset()
        assert.deepEqual(
          line.inOrder().map((entry) => [entry.row.priority, entry.row.position]),
          [...queued]
            .map((entry) => entry.row)
            .sort(compareQueue)
            .map((row) => [row.priority, row.position]),
        )
        assert.deepEqual(new Set(line.inOrder()), queued)
      }
    }),
  )
})
