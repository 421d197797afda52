import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openManagerLab, until } from '../../test/support/manager-lab.ts'
import { pullFile } from '../../test/support/scripted-puller.ts'
import { SluiceError } from '../core/errors.ts'

test('a model that is queued shows its files and its size before it runs', async (t) => {
  const lab = await openManagerLab(t)
  await lab.manager.changeSettings({ maxConcurrent: 1 })
  const first = await lab.pulling('first:1')
  lab.puller.plan = { ...lab.puller.plan, bytesTotal: 300, files: [{ ...pullFile('ab', 300), url: '' }] }
  const second = await lab.add({ reference: 'second:1' })
  await lab.is(second, 'queued')
  assert.deepEqual([lab.of(second).bytesTotal, lab.of(second).files.length], [300, 1])
  assert.deepEqual(
    (await lab.manager.get(second)).timeline.map(({ event }) => event),
    ['created', 'validating', 'queued'],
  )
  assert.equal(lab.of(first).status, 'active')
})

test('a name that leads nowhere fails without taking a place, and can be tried again', async (t) => {
  const lab = await openManagerLab(t)
  let lost = true
  const { preview } = lab.puller
  lab.puller.preview = async (request, options) => {
    if (lost) throw new SluiceError('model-not-found', 'Model or tag not found: none:1.')
    return preview(request, options)
  }
  const id = await lab.add({ reference: 'none:1' })
  await lab.is(id, 'error')
  assert.equal(lab.of(id).error?.code, 'model-not-found')
  assert.equal(lab.puller.jobs.length, 0)
  assert.equal(lab.of(id).startedAt, null)
  lost = false
  await lab.manager.retry(id)
  await lab.is(id, 'active')
})

test('what may pass is left to the run', async (t) => {
  const lab = await openManagerLab(t)
  lab.puller.preview = async () => {
    throw new SluiceError('dns', 'The host was not found.')
  }
  await lab.pulling('small:1')
})

test('one that is added or made to pause meanwhile stays paused, and its files become known', async (t) => {
  const lab = await openManagerLab(t)
  const gate = Promise.withResolvers<void>()
  const { preview } = lab.puller
  lab.puller.plan = { ...lab.puller.plan, bytesTotal: 300, files: [{ ...pullFile('ab', 300), url: '' }] }
  lab.puller.preview = async (request, options) => {
    await gate.promise
    return preview(request, options)
  }
  const added = await lab.add({ reference: 'one:1', paused: true })
  const paused = await lab.add({ reference: 'two:1' })
  const cancelled = await lab.add({ reference: 'three:1' })
  assert.equal(lab.of(paused).status, 'validating')
  await lab.manager.pause(paused)
  await lab.manager.cancel(cancelled)
  gate.resolve()
  for (const id of [added, paused]) {
    await until(() => lab.of(id).bytesTotal === 300, 'its files are known')
    assert.equal(lab.of(id).status, 'paused')
  }
  assert.deepEqual([lab.of(cancelled).status, lab.of(cancelled).bytesTotal], ['cancelled', null])
  await lab.manager.resume(paused)
  await lab.is(paused, 'active')
})

test('at most four are asked about at once, in the order in which they were added', async (t) => {
  const lab = await openManagerLab(t)
  const asked: string[] = []
  const open: Array<() => void> = []
  const { preview } = lab.puller
  lab.puller.preview = async (request, options) => {
    asked.push(request.model)
    await new Promise<void>((resolve) => open.push(resolve))
    return preview(request, options)
  }
  for (let n = 1; n <= 6; n++) await lab.add({ reference: `model:${n}`, paused: true })
  await until(() => asked.length === 4, 'four are asked about')
  assert.deepEqual(asked, ['model:1', 'model:2', 'model:3', 'model:4'])
  for (let n = 0; n < 6; n++) {
    await until(() => open.length > n, 'the next is asked about')
    open[n]?.()
  }
})
