import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import { join } from 'node:path'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import threads from 'node:worker_threads'
import { source, startNode } from '../../test/support/node-child.ts'
import { temporaryFolder } from '../../test/support/temporary-folder.ts'
import { content, MiB, openLab, serve, startFileServer } from '../../test/support/transfer-lab.ts'
import type { SluiceError } from '../core/errors.ts'
import { createEngineThread } from './engine-thread.ts'

const within = { timeout: 30_000 }
const key = 'dl-00000000000000aa'

/** The workers that are started from now on. */
function watchWorkers(t: TestContext): threads.Worker[] {
  const { Worker } = threads
  const started: threads.Worker[] = []
  threads.Worker = class extends Worker {
    constructor(...args: ConstructorParameters<typeof Worker>) {
      super(...args)
      started.push(this)
    }
  }
  syncBuiltinESMExports()
  t.after(() => {
    threads.Worker = Worker
    syncBuiltinESMExports()
  })
  return started
}

async function until(condition: () => boolean): Promise<void> {
  for (let i = 0; i < 2000 && !condition(); i++) await new Promise((resolve) => setTimeout(resolve, 5))
  assert.ok(condition())
}

test('when the thread dies, what runs is rejected to be tried again, and the next call goes on', within, async (t) => {
  const workers = watchWorkers(t)
  const body = content(4 * MiB)
  let free = false
  const server = await startFileServer(t, (request, response) => {
    if (free) return serve(request, response, { body })
    response.writeHead(200, { 'Content-Length': body.length, ETag: '"one"', 'Accept-Ranges': 'bytes' })
    response.write(body.subarray(0, 2 * MiB))
  })
  const small = await startFileServer(t, (_request, response) => {
    response.writeHead(200, { 'Content-Length': 1000, ETag: '"one"' }).write('x')
  })
  const warnings: string[] = []
  const lab = await openLab(t, { connections: 1 }, (options) =>
    createEngineThread(options, (message) => warnings.push(message)),
  )
  const running = lab.get(server.url('/f.bin'), { key })
  // What is on the disk is what the next thread finds.
  await until(() => (lab.of('progress').at(-1)?.bytesDone ?? 0) === 2 * MiB)
  while ((await lab.engine.stored(lab.dir, key))?.bytesDone !== 2 * MiB)
    await new Promise((resolve) => setTimeout(resolve, 20))
  const staged = lab.get(small.url('/small.bin'))
  await until(() => lab.of('start').length === 2)
  await workers[0]?.terminate()
  const outcomes = await Promise.allSettled([running, staged])
  for (const outcome of outcomes) {
    assert.ok(outcome.status === 'rejected')
    const { code, retryable } = outcome.reason as SluiceError
    assert.deepEqual([code, retryable], ['internal', true])
  }
  assert.equal(lab.of('error').length, 2)
  assert.equal(warnings.length, 1)

  free = true
  await lab.get(server.url('/f.bin'), { key })
  assert.equal(workers.length, 2)
  assert.equal(lab.of('start').at(-1)?.resumedFrom, 2 * MiB)
  assert.ok(lab.read('f.bin').equals(body))
  await lab.engine.close()
  assert.deepEqual(
    lab.names().filter((name) => name.endsWith('.part')),
    [],
  )
})

test('what a thread that died had staged is removed by the next', within, async (t) => {
  const workers = watchWorkers(t)
  let free = false
  const server = await startFileServer(t, (request, response) => {
    if (free) return serve(request, response, { body: content(1000) })
    response.writeHead(200, { 'Content-Length': 1000, ETag: '"one"' }).write('x')
  })
  const lab = await openLab(t, {}, createEngineThread)
  const running = lab.get(server.url('/small.bin'))
  await until(() => lab.of('start').length === 1)
  await workers[0]?.terminate()
  await assert.rejects(running, { code: 'internal' })
  assert.equal(readdirSync(join(lab.dir, '.staging')).length, 1)
  free = true
  await lab.get(server.url('/small.bin'))
  await lab.engine.close()
  assert.deepEqual(lab.names(), ['small.bin'])
})

test('the next thread has the caps that were set in the one before', within, async (t) => {
  const workers = watchWorkers(t)
  const server = await startFileServer(t, (request, response) => serve(request, response, { body: content(200_000) }))
  const lab = await openLab(t, {}, createEngineThread)
  lab.engine.setLimitRate(200_000)
  await workers[0]?.terminate()
  const { seconds } = await lab.get(server.url('/f.bin'))
  assert.ok(seconds > 0.6, `${seconds}`)
})

test('an engine without work does not keep the process alive, one with work does', within, async (t) => {
  const server = await startFileServer(t, (request, response) =>
    setTimeout(() => serve(request, response, { body: content(1000) }), 200),
  )
  const folder = temporaryFolder(t)
  const options = {
    headers: [],
    retries: 0,
    ifExists: 'rename',
    insecure: false,
    family: 0,
    allowPrivate: false,
    allowHtml: false,
    ifChanged: 'fail',
    dataDir: folder,
    sync: false,
    proxy: '',
  }
  const child = startNode(
    t,
    `import { createEngineThread } from ${source('transfer/engine-thread.ts')}
    const engine = await createEngineThread(${JSON.stringify(options)})
    console.log('open')
    const request = { reference: ${JSON.stringify(server.url('/f.bin'))}, dir: ${JSON.stringify(folder)}, digests: [], mirrors: [] }
    void engine.get(request).then((finished) => console.log(finished.bytes))`,
  )
  assert.equal(await child.line(), 'open')
  assert.equal(await child.line(), '1000')
  await child.ended
})

test('after closing calls are refused, and closing again is fine', within, async (t) => {
  const lab = await openLab(t, {}, createEngineThread)
  await lab.engine.close()
  await lab.engine.close()
  await assert.rejects(lab.get('http://127.0.0.1:1/'), { code: 'interrupted' })
  assert.equal(lab.of('error').length, 0)
})
