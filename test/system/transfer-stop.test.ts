import assert from 'node:assert/strict'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { content, MiB, openLab, serve, sha256, startFileServer } from '../support/transfer-lab.ts'

const within = { timeout: 180_000 }

test(
  'two gets of one reference in one engine: the second is told that the file is in use, the first goes on',
  within,
  async (t) => {
    const body = content(3 * MiB)
    const begun = Promise.withResolvers<void>()
    const go = Promise.withResolvers<void>()
    const server = await startFileServer(t, async (request, response) => {
      begun.resolve()
      await go.promise
      serve(request, response, { body })
    })
    const lab = await openLab(t)
    const first = lab.get(server.url('/f.bin'))
    await begun.promise
    const second = lab.get(server.url('/f.bin'))
    go.resolve()
    const outcomes = await Promise.allSettled([first, second])
    const refused = outcomes.filter((outcome) => outcome.status === 'rejected')
    assert.deepEqual(
      refused.map(({ reason }) => (reason as { code: string }).code),
      ['in-use'],
    )
    assert.ok(lab.read('f.bin').equals(body))
  },
)

test('a signal that was aborted before is an interruption, and no request is made', within, async (t) => {
  const server = await startFileServer(t, (request, response) => serve(request, response, { body: content(10) }))
  const lab = await openLab(t)
  await assert.rejects(lab.get(server.url('/f.bin'), {}, AbortSignal.abort()), { code: 'interrupted', exitCode: 130 })
  const preview = Promise.resolve().then(() =>
    lab.engine.preview(
      { reference: server.url('/f.bin'), dir: lab.dir, digests: [], mirrors: [] },
      { signal: AbortSignal.abort() },
    ),
  )
  await assert.rejects(preview, { code: 'interrupted' })
  assert.equal(server.seen.length, 0)
})

test('an interruption while the file that is already there is checked ends in an orderly way', within, async (t) => {
  const body = content(96 * MiB)
  const server = await startFileServer(t, (request, response) => serve(request, response, { body }))
  const lab = await openLab(t)
  mkdirSync(lab.dir, { recursive: true })
  writeFileSync(join(lab.dir, 'f.bin'), body)
  const controller = new AbortController()
  const running = lab.get(server.url('/f.bin'), { digests: [sha256(body)] }, controller.signal)
  setImmediate(() => controller.abort())
  // Either is right; a rejection that nobody handles would end the process.
  const [outcome] = await Promise.allSettled([running])
  assert.ok(
    outcome.status === 'fulfilled'
      ? outcome.value.alreadyThere
      : (outcome.reason as { code: string }).code === 'interrupted',
  )
  assert.equal(server.seen.length, 0)
})

test('an interruption before the first byte leaves nothing behind', within, async (t) => {
  const asked = Promise.withResolvers<void>()
  const server = await startFileServer(t, () => asked.resolve())
  const lab = await openLab(t)
  const controller = new AbortController()
  const running = lab.get(server.url('/f.bin'), {}, controller.signal)
  await asked.promise
  controller.abort()
  await assert.rejects(running, { code: 'interrupted' })
  assert.deepEqual(lab.names(), [])
})

test('the overall timeout ends a download, keeps the part and says what to do', within, async (t) => {
  const body = content(3 * MiB)
  const server = await startFileServer(t, (_request, response) => {
    response.writeHead(200, { 'Content-Length': body.length, ETag: '"one"', 'Accept-Ranges': 'bytes' })
    response.write(body.subarray(0, 2 * MiB))
  })
  const lab = await openLab(t, { overallTimeout: 400, connections: 1 })
  await assert.rejects(lab.get(server.url('/f.bin')), { code: 'overall-timeout', exitCode: 3 })
  assert.ok(lab.names().includes('f.bin.part'))
})

test('closing waits for what runs', within, async (t) => {
  const body = content(2 * MiB)
  const server = await startFileServer(t, (request, response) =>
    setTimeout(() => serve(request, response, { body }), 50),
  )
  const lab = await openLab(t)
  const running = lab.get(server.url('/f.bin'))
  await lab.engine.close()
  await running
  assert.deepEqual(lab.names(), ['f.bin'])
})

test('the last event is completed or error, with what the promise settles with', within, async (t) => {
  const body = content(2 * MiB)
  const server = await startFileServer(t, (request, response) =>
    request.url === '/f.bin' ? serve(request, response, { body }) : response.writeHead(404).end(),
  )
  const lab = await openLab(t)
  const finished = await lab.get(server.url('/f.bin'))
  const last = lab.events.at(-1)
  assert.ok(last?.type === 'completed' && last.path === finished.path && last.reference === server.url('/f.bin'))
  await assert.rejects(lab.get(server.url('/none')), { code: 'http-not-found' })
  const end = lab.events.at(-1)
  assert.ok(end?.type === 'error' && end.error.code === 'http-not-found')
  assert.equal(lab.of('start').length, 1)
})
