import assert from 'node:assert/strict'
import type { ServerResponse } from 'node:http'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import { content, MiB, openLab, serve, startFileServer } from '../support/transfer-lab.ts'
import type { FileServer, TransferLab } from '../support/transfer-lab.ts'

const within = { timeout: 180_000 }
const keyOf = (n: number): string => `dl-${n.toString(16).padStart(16, '0')}`

/** Polls until it is so. */
async function until(what: string, condition: () => boolean | Promise<boolean>): Promise<void> {
  for (let i = 0; i < 2000; i++) {
    if (await condition()) return
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
  assert.fail(`never: ${what}`)
}

/** Sends bodies of random bytes in steps of 64 KiB, so many a second over each connection; counts connections. */
async function slowServer(
  t: TestContext,
  body: Buffer,
  stepsPerSecond: number,
): Promise<FileServer & { readonly open: () => number; readonly most: () => number }> {
  let open = 0
  let most = 0
  const server = await startFileServer(t, (request, response) => {
    most = Math.max(most, ++open)
    const match = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '')
    const [first, end] = match ? [Number(match[1]), Number(match[2]) + 1] : [0, body.length]
    response.writeHead(match ? 206 : 200, {
      'Content-Length': end - first,
      ETag: '"one"',
      'Accept-Ranges': 'bytes',
      ...(match ? { 'Content-Range': `bytes ${first}-${end - 1}/${body.length}` } : {}),
    })
    let at = first
    const timer = setInterval(() => {
      response.write(body.subarray(at, Math.min(end, at + 65_536)))
      at += 65_536
      if (at >= end) {
        clearInterval(timer)
        response.end()
      }
    }, 1000 / stepsPerSecond)
    response.on('close', () => {
      clearInterval(timer)
      open--
    })
  })
  return { ...server, open: () => open, most: () => most }
}

/** Bytes of the largest step between two reports, and the average rate from the first to the last of them. */
function flow(lab: TransferLab): { largest: number; events: number } {
  const done = lab.of('progress').map((event) => event.bytesDone)
  const steps = done.slice(1).map((bytes, i) => bytes - (done[i] ?? 0))
  return { largest: Math.max(0, ...steps), events: done.length }
}

test('a file keeps to its own rate, smoothly, while another is as fast as it can', within, async (t) => {
  const body = content(4 * MiB)
  const server = await startFileServer(t, (request, response) => serve(request, response, { body }))
  const lab = await openLab(t, { connections: 2 })
  const started = performance.now()
  const slow = lab.get(server.url('/slow.bin'), { options: { limitRate: MiB } })
  const other = await openLab(t, { connections: 2 })
  await other.get(server.url('/fast.bin'))
  const fastSeconds = (performance.now() - started) / 1000
  await slow
  const seconds = (performance.now() - started) / 1000
  assert.ok(seconds > 3.2 && seconds < 30, `${seconds}`)
  assert.ok(fastSeconds < seconds / 2, `${fastSeconds}`)
  const { largest, events } = flow(lab)
  assert.ok(events >= 8 && largest < 0.7 * MiB, `${events} reports, ${largest}`)
})

test('the cap of the file and that of all hold together, whichever is lower', within, async (t) => {
  const body = content(MiB + MiB / 2)
  const server = await startFileServer(t, (request, response) => serve(request, response, { body }))
  for (const [own, all] of [
    [MiB, 50 * MiB],
    [50 * MiB, MiB],
    [MiB, MiB],
  ] as const) {
    const lab = await openLab(t, { connections: 4, limitRate: all })
    const { seconds } = await lab.get(server.url('/f.bin'), { options: { limitRate: own } })
    assert.ok(seconds > 1.2 && seconds < 20, `${own} ${all}: ${seconds}`)
    assert.ok(lab.read('f.bin').equals(body))
  }
})

test('the rate of a running file is changed and lifted at once', within, async (t) => {
  const body = content(8 * MiB)
  const server = await startFileServer(t, (request, response) => serve(request, response, { body }))
  const lab = await openLab(t, { connections: 1, limitRate: 100 * MiB })
  const key = keyOf(1)
  const started = performance.now()
  const running = lab.get(server.url('/f.bin'), { key, options: { limitRate: 64 * 1024 } })
  await until('a first report', () => lab.of('progress').length >= 2)
  assert.ok((lab.of('progress').at(-1)?.bytesDone ?? 0) < MiB)
  lab.engine.adjust(key, { limitRate: 256 * 1024 })
  lab.engine.adjust(key, { limitRate: null })
  await running
  assert.ok(performance.now() - started < 40_000)
  lab.engine.adjust(key, { limitRate: 1 })
})

test('fewer connections for a running file end those above, more are tried, null is auto again', within, async (t) => {
  const body = content(24 * MiB)
  const server = await slowServer(t, body, 40)
  const lab = await openLab(t)
  const key = keyOf(1)
  const running = lab.get(server.url('/f.bin'), { key, options: { connections: 4 } })
  await until('four connections', () => server.open() === 4)
  lab.engine.adjust(key, { connections: 1 })
  await until('one connection', () => server.open() === 1)
  assert.equal((await lab.engine.inspect(key))?.connections.length, 1)
  lab.engine.adjust(key, { connections: null })
  await until('more than four connections', () => server.open() > 4)
  lab.engine.adjust(key, { connections: 2 })
  await until('two connections', () => server.open() === 2)
  lab.engine.adjust(key, { connections: null, limitRate: null })
  await running
  assert.ok(lab.read('f.bin').equals(body))
})

test('connections to one host stay under the cap over all files, and every file comes', within, async (t) => {
  const body = content(3 * MiB)
  const server = await slowServer(t, body, 100)
  const lab = await openLab(t, { connections: 4, hostConnections: 3 })
  const files = Array.from({ length: 6 }, (_, n) => `f${n}.bin`)
  await Promise.all(files.map((name, n) => lab.get(server.url(`/${name}`), { key: keyOf(n + 1) })))
  assert.ok(server.most() <= 3, `${server.most()}`)
  for (const name of files) assert.ok(lab.read(name).equals(body))
  assert.equal(lab.of('retry').length, 0)
  assert.equal(lab.of('warning').length, 0)
})

test('a file that comes later gets a connection from one that has several', within, async (t) => {
  const body = content(32 * MiB)
  const server = await slowServer(t, body, 20)
  const lab = await openLab(t, { hostConnections: 4 })
  const controller = new AbortController()
  const first = lab.get(server.url('/first.bin'), { key: keyOf(1) }, controller.signal)
  await until('all places taken', () => server.open() === 4)
  const second = lab.get(server.url('/second.bin'), { key: keyOf(2) }, controller.signal)
  await until(
    'a connection of the second',
    async () => ((await lab.engine.inspect(keyOf(2)))?.connections.length ?? 0) > 0,
  )
  assert.ok(server.most() <= 5, `${server.most()}`)
  assert.ok(((await lab.engine.inspect(keyOf(1)))?.connections.length ?? 0) >= 1)
  controller.abort()
  await Promise.allSettled([first, second])
})

test('a waiting file is not failed by time limits, and begins when the cap is raised', within, async (t) => {
  const body = content(8 * MiB)
  const server = await slowServer(t, body, 20)
  const lab = await openLab(t, { hostConnections: 1, stallTimeout: 300, connectTimeout: 300 })
  const controller = new AbortController()
  const first = lab.get(server.url('/first.bin'), { key: keyOf(1) }, controller.signal)
  await until('one connection', () => server.open() === 1)
  const second = lab.get(server.url('/second.bin'), { key: keyOf(2) }, controller.signal)
  const waited = performance.now()
  await until('a second of waiting', () => performance.now() - waited > 1000)
  assert.equal(server.open(), 1)
  assert.deepEqual(await lab.engine.inspect(keyOf(2)), { segments: [], connections: [] })
  lab.engine.setHostConnections(2)
  await until('two connections', () => server.open() === 2)
  lab.engine.setHostConnections(undefined)
  controller.abort()
  const outcomes = await Promise.allSettled([first, second])
  for (const outcome of outcomes)
    assert.equal(outcome.status === 'rejected' && (outcome.reason as { code: string }).code, 'interrupted')
})

test('many small files under a cap take no longer than without, within reason', within, async (t) => {
  const server = await startFileServer(t, (request, response) => serve(request, response, { body: content(2000) }))
  const time = async (hostConnections: number | undefined): Promise<number> => {
    const lab = await openLab(t, hostConnections === undefined ? {} : { hostConnections })
    const started = performance.now()
    await Promise.all(Array.from({ length: 100 }, (_, n) => lab.get(server.url(`/${n}.bin`))))
    return performance.now() - started
  }
  await time(undefined)
  const free = await time(undefined)
  const capped = await time(8)
  // Waiting for the next look (50 ms) at each of the twelve rounds would cost more.
  assert.ok(capped < 2 * free + 300, `${free} ${capped}`)
})

test('a connection that is refused beside others, which end meanwhile, is tried again alone', within, async (t) => {
  const body = content(4 * MiB)
  let whole: ServerResponse | null = null
  let refused = false
  const server = await startFileServer(t, (request, response) => {
    const start = Number(/^bytes=(\d+)-/.exec(request.headers.range ?? '')?.[1] ?? Number.NaN)
    if (Number.isNaN(start)) {
      whole = response
      response.writeHead(200, { 'Content-Length': body.length, ETag: '"one"', 'Accept-Ranges': 'bytes' })
      response.write(body.subarray(0, MiB))
    } else if (!refused) {
      refused = true
      // The first one gets what was left to it and ends; only then the second hears that it was one too many.
      whole?.on('close', () => response.writeHead(403).end())
      whole?.write(body.subarray(MiB, start + 65_536))
    } else serve(request, response, { body, etag: '"one"' })
  })
  const lab = await openLab(t, { connections: 2 })
  await lab.get(server.url('/one.bin'))
  assert.ok(lab.read('one.bin').equals(body))
  assert.equal(refused, true)
  assert.equal(lab.of('retry')[0]?.code, 'http-forbidden')
})
