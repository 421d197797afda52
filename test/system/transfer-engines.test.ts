import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { SluiceError } from '../../src/core/errors.ts'
import { createEngine } from '../../src/transfer/engine.ts'
import { createEngineThread } from '../../src/transfer/engine-thread.ts'
import { content, MiB, openLab, serve, sha256, startFileServer } from '../support/transfer-lab.ts'
import type { Answer } from '../support/transfer-lab.ts'

const within = { timeout: 180_000 }
const key = 'dl-00000000000000aa'

/** Sends 2 MiB of a file and then nothing more. */
function halting(body: Buffer): Answer {
  return (_request, response) => {
    response.writeHead(200, { 'Content-Length': body.length, ETag: '"one"', 'Accept-Ranges': 'bytes' })
    response.write(body.subarray(0, 2 * MiB))
  }
}

async function until(condition: () => boolean): Promise<void> {
  for (let i = 0; i < 2000 && !condition(); i++) await new Promise((resolve) => setTimeout(resolve, 5))
  assert.ok(condition())
}

for (const [place, create] of [
  ['in this thread', createEngine],
  ['in a thread of its own', createEngineThread],
] as const) {
  test(`${place}: a file comes with its events in order, the last with what the promise gives`, within, async (t) => {
    const body = content(4 * MiB)
    const server = await startFileServer(t, (request, response) => serve(request, response, { body }))
    const lab = await openLab(t, { connections: 2 }, create)
    const finished = await lab.get(server.url('/f.bin'), { digests: [sha256(body)], options: { limitRate: 8 * MiB } })
    assert.ok(lab.read('f.bin').equals(body))
    const types = lab.events.map((event) => event.type)
    assert.deepEqual([types[0], types.at(-1)], ['start', 'completed'])
    assert.ok(types.slice(1, -1).every((type) => type === 'progress') && types.length > 2)
    const { id: _, type: __, ...completed } = lab.of('completed')[0] ?? { id: 0, type: '' }
    assert.deepEqual(completed, finished)
    assert.deepEqual([finished.verdict, finished.path], ['verified', join(lab.dir, 'f.bin')])
    assert.equal(new Set(lab.events.map((event) => event.id)).size, 1)
  })

  test(`${place}: aborting keeps the part, rejects as interrupted, and the same key goes on`, within, async (t) => {
    const body = content(4 * MiB)
    const halt = halting(body)
    const server = await startFileServer(t, (request, response, count) =>
      count === 1 ? halt(request, response, count) : serve(request, response, { body }),
    )
    const lab = await openLab(t, { connections: 1 }, create)
    const controller = new AbortController()
    const running = lab.get(server.url('/f.bin'), { key }, controller.signal)
    await until(() => (lab.of('progress').at(-1)?.bytesDone ?? 0) === 2 * MiB)
    const inspection = await lab.engine.inspect(key)
    assert.deepEqual(inspection?.segments, [{ start: 0, end: body.length, done: 2 * MiB, active: true }])
    const [connection] = inspection.connections
    assert.ok(connection)
    assert.deepEqual(
      { ...connection, speed: 0 },
      {
        host: new URL(server.origin).host,
        start: 0,
        end: body.length,
        position: 2 * MiB,
        speed: 0,
        state: 'receiving',
      },
    )
    await assert.rejects(lab.engine.discard(lab.dir, key), { code: 'in-use' })
    controller.abort()
    await assert.rejects(running, (error) => error instanceof SluiceError && error.code === 'interrupted')
    assert.equal(lab.events.at(-1)?.type, 'error')
    assert.equal(await lab.engine.inspect(key), null)
    assert.equal((await lab.engine.stored(lab.dir, key))?.bytesDone, 2 * MiB)
    await lab.get(server.url('/f.bin'), { key })
    assert.equal(lab.of('start').at(-1)?.resumedFrom, 2 * MiB)
    assert.ok(lab.read('f.bin').equals(body))
  })

  test(
    `${place}: a signal that was aborted before makes no request, and its reason is the error`,
    within,
    async (t) => {
      const server = await startFileServer(t, (request, response) => serve(request, response, { body: content(10) }))
      const lab = await openLab(t, {}, create)
      await assert.rejects(lab.get(server.url('/f'), {}, AbortSignal.abort()), { code: 'interrupted' })
      const reason = new SluiceError('overall-timeout', 'Too long.', { hint: 'Wait.' })
      await assert.rejects(lab.get(server.url('/f'), {}, AbortSignal.abort(reason)), {
        code: 'overall-timeout',
        message: 'Too long.',
        hint: 'Wait.',
      })
      const request = { reference: server.url('/f'), dir: lab.dir, digests: [], mirrors: [] }
      await assert.rejects(lab.engine.preview(request, { signal: AbortSignal.abort() }), { code: 'interrupted' })
      assert.equal(server.seen.length, 0)
    },
  )

  test(`${place}: errors arrive whole`, within, async (t) => {
    const server = await startFileServer(t, (_request, response) =>
      response.writeHead(503, { 'Retry-After': '7200' }).end(),
    )
    const lab = await openLab(t, {}, create)
    const rejected = lab.get(server.url('/f.bin'))
    await assert.rejects(rejected, (error) => {
      assert.ok(error instanceof SluiceError)
      assert.deepEqual([error.code, error.retry, error.retryAfter], ['http-busy', 'backoff', 7200])
      assert.match(error.hint, /2 h/)
      const last = lab.events.at(-1)
      assert.ok(last?.type === 'error' && last.error === error && last.reference === server.url('/f.bin'))
      return true
    })
    await assert.rejects(lab.get('ftp://x/'), { code: 'bad-url', exitCode: 2 })
    await assert.rejects(lab.get(server.url('/f'), { options: { headers: [['Host', 'x']] } }), { code: 'usage' })
    await assert.rejects(create({ ...optionsFor(lab.dataDir), cacert: '/nowhere.pem' }), { code: 'usage' })
  })

  test(`${place}: a dry run tells of the file`, within, async (t) => {
    const server = await startFileServer(t, (request, response) => serve(request, response, { body: content(10) }))
    const lab = await openLab(t, {}, create)
    const request = { reference: server.url('/f.bin'), dir: lab.dir, digests: [], mirrors: [] }
    const { filename, size, resumable } = await lab.engine.preview(request)
    assert.deepEqual([filename, size, resumable], ['f.bin', 10, true])
  })

  test(`${place}: caps are changed while it runs`, within, async (t) => {
    const body = content(4 * MiB)
    const server = await startFileServer(t, (request, response) => serve(request, response, { body }))
    const lab = await openLab(t, { connections: 1, limitRate: 100_000, hostConnections: 1 }, create)
    const running = lab.get(server.url('/f.bin'), { key, options: { limitRate: 50_000 } })
    await until(() => lab.of('progress').length > 1)
    assert.ok((lab.of('progress').at(-1)?.bytesDone ?? 0) < MiB)
    lab.engine.setLimitRate(undefined)
    lab.engine.setHostConnections(undefined)
    lab.engine.adjust(key, { limitRate: null, connections: 4 })
    const started = performance.now()
    await running
    assert.ok(performance.now() - started < 40_000)
  })

  test(`${place}: what was stopped is discarded`, within, async (t) => {
    const server = await startFileServer(t, halting(content(4 * MiB)))
    const lab = await openLab(t, { connections: 1 }, create)
    const controller = new AbortController()
    const running = lab.get(server.url('/f.bin'), { key }, controller.signal)
    await until(() => (lab.of('progress').at(-1)?.bytesDone ?? 0) === 2 * MiB)
    controller.abort()
    await assert.rejects(running)
    assert.deepEqual(lab.names(), ['.staging', 'f.bin.part'])
    await lab.engine.discard(lab.dir, key)
    assert.deepEqual(lab.names(), [])
    await assert.rejects(lab.engine.discard(lab.dir, '../x'), { code: 'usage' })
  })

  test(`${place}: with 32 running downloads aborted, closing waits for nothing`, within, async (t) => {
    const server = await startFileServer(t, halting(content(4 * MiB)))
    const lab = await openLab(t, { connections: 1 }, create)
    const controller = new AbortController()
    const running = Array.from({ length: 32 }, (_, n) => lab.get(server.url(`/${n}.bin`), {}, controller.signal))
    await until(() => new Set(lab.of('progress').map((event) => event.id)).size === 32)
    const started = performance.now()
    controller.abort()
    const closing = lab.engine.close()
    const outcomes = await Promise.allSettled(running)
    await closing
    assert.ok(performance.now() - started < 10_000, `${performance.now() - started}`)
    assert.ok(outcomes.every((one) => one.status === 'rejected' && (one.reason as SluiceError).code === 'interrupted'))
    assert.equal(lab.names().filter((name) => name.endsWith('.part')).length, 32)
  })
}

function optionsFor(dataDir: string): Parameters<typeof createEngine>[0] {
  return {
    headers: [],
    retries: 0,
    ifExists: 'rename',
    insecure: false,
    family: 0,
    allowPrivate: false,
    allowHtml: false,
    ifChanged: 'fail',
    dataDir,
    sync: true,
  }
}
