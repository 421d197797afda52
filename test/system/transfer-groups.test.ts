import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createEngineThread } from '../../src/transfer/engine-thread.ts'
import { createEngine } from '../../src/transfer/engine.ts'
import { drip } from '../support/slow-answer.ts'
import { content, MiB, openLab, serve, startFileServer } from '../support/transfer-lab.ts'

const within = { timeout: 180_000 }
const group = 'dl-00000000000000c0'
const keys = ['dl-00000000000000c1', 'dl-00000000000000c2', 'dl-00000000000000c3'] as const

/** Polls until it is so. */
async function until(what: string, condition: () => boolean | Promise<boolean>): Promise<void> {
  for (let i = 0; i < 2000; i++) {
    if (await condition()) return
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
  assert.fail(`never: ${what}`)
}

for (const [where, create] of [
  ['', createEngine],
  [', in a thread', createEngineThread],
] as const) {
  test(`files of a group keep to one rate together, others do not${where}`, within, async (t) => {
    const body = content(MiB)
    const server = await startFileServer(t, (request, response) => serve(request, response, { body }))
    const lab = await openLab(t, { connections: 2 }, create)
    const started = performance.now()
    const seconds = (): number => (performance.now() - started) / 1000
    const grouped = keys.map((key, n) => lab.get(server.url(`/${n}`), { key, group, options: { limitRate: MiB } }))
    await lab.get(server.url('/alone'), { options: { limitRate: 100 * MiB } })
    const alone = seconds()
    await Promise.all(grouped)
    assert.ok(alone < seconds() / 2, `${alone}`)
    assert.ok(seconds() > 2.4 && seconds() < 30, `${seconds()}`)
    for (const name of ['0', '1', '2', 'alone']) assert.ok(lab.read(name).equals(body))
  })

  test(`the rate of a group is changed and lifted at once, and its connections are seen${where}`, within, async (t) => {
    const body = content(8 * MiB)
    const server = await startFileServer(t, (request, response) => serve(request, response, { body }))
    const lab = await openLab(t, { connections: 1 }, create)
    const running = keys.map((key, n) =>
      lab.get(server.url(`/${n}`), { key, group, options: { limitRate: 64 * 1024 } }),
    )
    await until('connections', async () => ((await lab.engine.inspect(group))?.connections.length ?? 0) === 3)
    assert.deepEqual((await lab.engine.inspect(group))?.segments, [])
    assert.equal((await lab.engine.inspect(keys[0]))?.connections.length, 1)
    await until('bytes', () => lab.of('progress').length > 3)
    lab.engine.adjust(group, { limitRate: null })
    await Promise.all(running)
    assert.equal(await lab.engine.inspect(group), null)
    lab.engine.adjust(group, { limitRate: 1 })
    await lab.get(server.url('/later'), { group })
  })
}

test('what was changed for a group holds for files that begin later with the cap of before', within, async (t) => {
  const body = content(4 * MiB)
  const server = await startFileServer(t, (request, response) => serve(request, response, { body }))
  const lab = await openLab(t, { connections: 1 })
  const slow = { group, options: { limitRate: 64 * 1024 } }
  const first = lab.get(server.url('/0'), { ...slow, key: keys[0] })
  await until('the first', () => lab.of('start').length === 1)
  lab.engine.adjust(group, { limitRate: null })
  await lab.get(server.url('/1'), { ...slow, key: keys[1] })
  await first
  const held = lab.get(server.url('/2'), { group, key: keys[2], options: { limitRate: 64 * 1024 } })
  await until('the third', () => lab.of('start').length === 3)
  const begun = performance.now()
  await lab.get(server.url('/3'), { group, options: { limitRate: 64 * MiB } })
  await held
  assert.ok(performance.now() - begun < 40_000)
})

test('the cap of connections of a group is that of each file in it', within, async (t) => {
  const body = content(24 * MiB)
  const server = await startFileServer(t, (request, response) => drip(request, response, body, 25))
  const lab = await openLab(t, { connections: 4 })
  const controller = new AbortController()
  const running = keys.slice(0, 2).map((key, n) => lab.get(server.url(`/${n}`), { key, group }, controller.signal))
  const counts = async (): Promise<number[]> =>
    Promise.all(keys.slice(0, 2).map(async (key) => (await lab.engine.inspect(key))?.connections.length ?? 0))
  await until('four each', async () => (await counts()).every((count) => count === 4))
  assert.equal((await lab.engine.inspect(group))?.connections.length, 8)
  lab.engine.adjust(group, { connections: 1 })
  await until('one each', async () => (await counts()).every((count) => count === 1))
  controller.abort()
  await Promise.allSettled(running)
  assert.equal(await lab.engine.inspect(group), null)
})

test('a name that is a key is that file, whatever group has it too', within, async (t) => {
  const body = content(4 * MiB)
  const server = await startFileServer(t, (request, response) => serve(request, response, { body }))
  const lab = await openLab(t, { connections: 1 })
  const controller = new AbortController()
  const options = { limitRate: 64 * 1024 }
  const alone = lab.get(server.url('/0'), { key: group, options }, controller.signal)
  const grouped = lab.get(server.url('/1'), { key: keys[1], group, options }, controller.signal)
  await until('both', () => lab.of('progress').length > 3)
  assert.equal((await lab.engine.inspect(group))?.connections.length, 1)
  assert.notEqual((await lab.engine.inspect(group))?.segments.length, 0)
  lab.engine.adjust(group, { limitRate: null })
  await alone
  assert.equal(lab.of('completed').length, 1)
  assert.deepEqual((await lab.engine.inspect(group))?.segments, [])
  controller.abort()
  await assert.rejects(grouped, { code: 'interrupted' })
})

test(
  'a group whose name is no key is refused, and one whose file cannot begin is not left behind',
  within,
  async (t) => {
    const lab = await openLab(t)
    await assert.rejects(lab.get('http://127.0.0.1:1/', { group: '../x' }), { code: 'usage' })
    const aborted = AbortSignal.abort()
    await assert.rejects(lab.get('http://127.0.0.1:1/', { group }, aborted), { code: 'interrupted' })
    assert.equal(await lab.engine.inspect(group), null)
  },
)
