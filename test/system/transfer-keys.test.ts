import assert from 'node:assert/strict'
import {
  cpSync,
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { content, MiB, openLab, serve, sha256, startFileServer } from '../support/transfer-lab.ts'
import type { Answer, TransferLab } from '../support/transfer-lab.ts'

const within = { timeout: 180_000 }
const key = 'dl-00000000000000aa'
const other = 'dl-00000000000000bb'

/** Sends so many bytes of a file and then nothing more, until `go` was called. */
function halting(body: Buffer, sent: number): { answer: Answer; go: () => void } {
  let free = false
  return {
    go: () => (free = true),
    answer(request, response) {
      if (free) return serve(request, response, { body })
      const first = Number(/^bytes=(\d+)/.exec(request.headers.range ?? '')?.[1] ?? 0)
      response.writeHead(first > 0 ? 206 : 200, {
        'Content-Length': body.length - first,
        ETag: '"one"',
        'Accept-Ranges': 'bytes',
        ...(first > 0 ? { 'Content-Range': `bytes ${first}-${body.length - 1}/${body.length}` } : {}),
      })
      response.write(body.subarray(first, sent))
    },
  }
}

/** Interrupts once `bytes` are reported. */
async function pauseAt(lab: TransferLab, reference: string, bytes: number, more = { key }): Promise<void> {
  const controller = new AbortController()
  const before = lab.events.length
  const running = lab.get(reference, more, controller.signal)
  const watch = setInterval(() => {
    const seen = lab.events.slice(before)
    if (seen.some((event) => event.type === 'progress' && event.bytesDone >= bytes)) controller.abort()
  }, 5)
  await assert.rejects(running, { code: 'interrupted' })
  clearInterval(watch)
}

/** Names in the folder once the folder of this process is swept. */
async function settledNames(lab: TransferLab): Promise<string[]> {
  const swept = (): boolean =>
    !existsSync(join(lab.dir, '.staging')) ||
    !readdirSync(join(lab.dir, '.staging')).some((name) => name.startsWith('run-'))
  for (let i = 0; i < 10_000 && !swept(); i++) await new Promise((resolve) => setTimeout(resolve, 5))
  return lab.names()
}

test('two downloads of one URL with different keys run at once and both keep their file', within, async (t) => {
  const body = content(3 * MiB)
  const server = await startFileServer(t, (request, response) => serve(request, response, { body }))
  const lab = await openLab(t)
  const [one, two] = await Promise.all([
    lab.get(server.url('/f.bin'), { key }),
    lab.get(server.url('/f.bin'), { key: other }),
  ])
  assert.deepEqual(lab.names(), ['f (1).bin', 'f.bin'])
  assert.notEqual(one.path, two.path)
  assert.ok(lab.read('f.bin').equals(body) && lab.read('f (1).bin').equals(body))
})

test('a key that runs is not run twice', within, async (t) => {
  const { answer } = halting(content(3 * MiB), MiB)
  const server = await startFileServer(t, answer)
  const lab = await openLab(t)
  const controller = new AbortController()
  const running = lab.get(server.url('/f.bin'), { key }, controller.signal)
  await assert.rejects(lab.get(server.url('/g.bin'), { key }), { code: 'in-use' })
  controller.abort()
  await assert.rejects(running, { code: 'interrupted' })
})

test('the same key again finds its file, also under the name that it got; another key does not', within, async (t) => {
  const body = content(3000)
  const server = await startFileServer(t, (request, response) => serve(request, response, { body }))
  const lab = await openLab(t, { rememberAtOnce: true })
  await lab.get(server.url('/f.bin'), { key })
  await lab.get(server.url('/f.bin'), { key: other })
  const next = await lab.again()
  for (const [id, name] of [
    [key, 'f.bin'],
    [other, 'f (1).bin'],
  ] as const) {
    const again = await next.get(server.url('/f.bin'), { key: id })
    assert.deepEqual([again.alreadyThere, again.path], [true, join(lab.dir, name)])
  }
  const digests = [sha256(body)]
  assert.ok((await next.get(server.url('/f.bin'), { key: other, digests })).alreadyThere)
  const { mtime } = statSync(join(lab.dir, 'f (1).bin'))
  for (const name of ['f.bin', 'f (1).bin']) {
    writeFileSync(join(lab.dir, name), content(body.length))
    utimesSync(join(lab.dir, name), mtime, mtime)
  }
  const damaged = await next.get(server.url('/f.bin'), { key: other, digests })
  assert.equal(damaged.alreadyThere, false, 'what a digest tells counts more than a record')
  rmSync(damaged.path)
  rmSync(join(lab.dir, 'f (1).bin'))
  assert.equal((await next.get(server.url('/f.bin'), { key: other })).alreadyThere, false)
})

test('a pause and the next start go on at the very byte, in one engine', within, async (t) => {
  const body = content(6 * MiB)
  const { answer, go } = halting(body, 2 * MiB)
  const server = await startFileServer(t, answer)
  const lab = await openLab(t, { connections: 1 })
  await pauseAt(lab, server.url('/f.bin'), 2 * MiB)
  const stored = await lab.engine.stored(lab.dir, key)
  assert.deepEqual(stored, {
    bytesDone: 2 * MiB,
    bytesTotal: body.length,
    filename: 'f.bin',
    partPath: join(lab.dir, 'f.bin.part'),
  })
  for (let i = 0; i < 5; i++) {
    const controller = new AbortController()
    const running = lab.get(server.url('/f.bin'), { key }, controller.signal)
    if (i === 0) controller.abort()
    else if (i === 1) queueMicrotask(() => controller.abort())
    else if (i === 2) process.nextTick(() => controller.abort())
    else setImmediate(() => controller.abort())
    await assert.rejects(running, { code: 'interrupted' })
    assert.equal((await lab.engine.stored(lab.dir, key))?.bytesDone, 2 * MiB, `pause ${i}`)
  }
  go()
  await lab.get(server.url('/f.bin'), { key })
  assert.ok(lab.read('f.bin').equals(body))
  assert.equal(lab.of('start').at(-1)?.resumedFrom, 2 * MiB)
  assert.equal(server.seen.at(-1)?.headers.range, `bytes=${2 * MiB}-${6 * MiB - 1}`)
  assert.deepEqual(lab.names(), ['f.bin'])
})

test('a small file that is paused leaves a part that is known, or nothing', within, async (t) => {
  const body = content(300_000)
  const { answer } = halting(body, 100_000)
  const server = await startFileServer(t, answer)
  const lab = await openLab(t)
  const controller = new AbortController()
  const running = lab.engine.get(
    { reference: server.url('/none.bin'), dir: lab.dir, digests: [], mirrors: [], key },
    { signal: controller.signal, onEvent: (event) => event.type === 'start' && controller.abort() },
  )
  await assert.rejects(running, { code: 'interrupted' })
  assert.deepEqual(await settledNames(lab), [])
  assert.equal(await lab.engine.stored(lab.dir, key), null)
  await pauseAt(lab, server.url('/f.bin'), 100_000)
  assert.deepEqual(await settledNames(lab), ['.staging', 'f.bin.part'])
  assert.deepEqual(readdirSync(join(lab.dir, '.staging')), [key])
  assert.equal((await lab.engine.stored(lab.dir, key))?.bytesDone, 100_000)
  await lab.engine.discard(lab.dir, key)
  assert.deepEqual(await settledNames(lab), [])
})

test('a whole part that is known to be wrong is nothing to go on from', within, async (t) => {
  const body = content(2 * MiB)
  const server = await startFileServer(t, (request, response) => serve(request, response, { body }))
  const lab = await openLab(t)
  const digests = [{ algorithm: 'sha256', hex: '0'.repeat(64) }] as const
  await assert.rejects(lab.get(server.url('/f.bin'), { digests, key }), { code: 'digest-mismatch' })
  assert.ok(lab.names().includes('f.bin.part'))
  assert.equal(await lab.engine.stored(lab.dir, key), null)
  await lab.engine.discard(lab.dir, key)
  assert.deepEqual(lab.names(), [])
})

test('discarding removes the part and the session of that key and nothing else', within, async (t) => {
  const body = content(4 * MiB)
  const { answer } = halting(body, 2 * MiB)
  const server = await startFileServer(t, answer)
  const lab = await openLab(t, { connections: 1 })
  await pauseAt(lab, server.url('/f.bin'), 2 * MiB)
  await pauseAt(lab, server.url('/f.bin'), 2 * MiB, { key: other })
  writeFileSync(join(lab.dir, 'mine.part'), 'mine')
  assert.deepEqual(lab.names(), ['.staging', 'f (1).bin.part', 'f.bin.part', 'mine.part'])
  await lab.engine.discard(lab.dir, key)
  await lab.engine.discard(lab.dir, key)
  assert.deepEqual(lab.names(), ['.staging', 'f (1).bin.part', 'mine.part'])
  assert.equal(await lab.engine.stored(lab.dir, key), null)
  assert.equal((await lab.engine.stored(lab.dir, other))?.bytesDone, 2 * MiB)
  await lab.engine.discard(lab.dir, other)
  assert.deepEqual(lab.names(), ['mine.part'])
})

test('a part is not discarded while its download runs, here or elsewhere', within, async (t) => {
  const { answer } = halting(content(4 * MiB), 2 * MiB)
  const server = await startFileServer(t, answer)
  const lab = await openLab(t, { connections: 1 })
  const controller = new AbortController()
  const running = lab.get(server.url('/f.bin'), { key }, controller.signal)
  while (lab.of('progress').length === 0) await new Promise((resolve) => setTimeout(resolve, 5))
  await assert.rejects(lab.engine.discard(lab.dir, key), { code: 'in-use' })
  await assert.rejects((await lab.again()).engine.discard(lab.dir, key), { code: 'in-use' })
  assert.ok(existsSync(join(lab.dir, 'f.bin.part')))
  controller.abort()
  await assert.rejects(running, { code: 'interrupted' })
})

test('hostile keys, links and sessions lead to no other file', within, async (t) => {
  const lab = await openLab(t)
  const outside = join(lab.dataDir, 'outside')
  mkdirSync(outside, { recursive: true })
  mkdirSync(join(lab.dir, '.staging'), { recursive: true })
  writeFileSync(join(lab.dir, 'mine.txt'), 'mine')
  writeFileSync(join(outside, 'kept'), '')
  for (const bad of ['..', '../x', 'dl-', 'dl-00000000000000A0', `${key}/..`, '.staging', '']) {
    await assert.rejects(lab.engine.discard(lab.dir, bad), { code: 'usage' })
    await assert.rejects(lab.engine.stored(lab.dir, bad), { code: 'usage' })
  }
  symlinkSync(outside, join(lab.dir, '.staging', key))
  await lab.engine.discard(lab.dir, key)
  assert.deepEqual(readdirSync(outside), ['kept'])
  const session = { version: 1, id: other, reference: 'http://x/', name: 'x', size: 4, type: null, validators: {} }
  for (const part of ['mine.txt', '../files/mine.txt', '/etc/passwd']) {
    mkdirSync(join(lab.dir, '.staging', other))
    writeFileSync(
      join(lab.dir, '.staging', other, 'session.json'),
      JSON.stringify({ ...session, part, done: [[0, 4]], validators: { etag: null, lastModified: null, date: null } }),
    )
    assert.equal(await lab.engine.stored(lab.dir, other), null)
    await lab.engine.discard(lab.dir, other)
    assert.ok(existsSync(join(lab.dir, 'mine.txt')))
  }
})

test('a file that got its name before the process was killed is there already', within, async (t) => {
  for (const size of [3000, 3 * MiB]) {
    const body = content(size)
    const server = await startFileServer(t, (request, response) => serve(request, response, { body }))
    const lab = await openLab(t, { rememberAtOnce: true })
    await lab.get(server.url('/f.bin'), { key })
    const next = await lab.again()
    assert.ok((await next.get(server.url('/f.bin'), { key })).alreadyThere)
    assert.deepEqual(
      next.names().filter((name) => name !== '.staging'),
      ['f.bin'],
    )
  }
})

test('the record is on the disk before the file has its name', within, async (t) => {
  const body = content(3 * MiB)
  const server = await startFileServer(t, (request, response) => serve(request, response, { body }))
  const lab = await openLab(t, { rememberAtOnce: true })
  mkdirSync(join(lab.dir, 'f.bin'), { recursive: true })
  await lab.get(server.url('/f.bin'), { key })
  const records = readFileSync(join(lab.dataDir, 'finished.ndjson'), 'utf8')
  assert.match(records, /f \(1\)\.bin/)
  await assert.rejects(lab.get(server.url('/f.bin'), { key: other, options: { ifExists: 'overwrite' } }))
  const [last = ''] = readFileSync(join(lab.dataDir, 'finished.ndjson'), 'utf8').trim().split('\n').slice(-1)
  assert.equal((JSON.parse(last) as { id: string }).id, other, 'the rename failed and the record is there')
})

test('killed between the two steps of the rename, the next run ends with one file', within, async (t) => {
  const body = content(4 * MiB)
  const { answer, go } = halting(body, 2 * MiB)
  const server = await startFileServer(t, answer)
  const lab = await openLab(t, { connections: 1, rememberAtOnce: true })
  await pauseAt(lab, server.url('/f.bin'), 2 * MiB)
  const before = join(lab.dataDir, 'before')
  cpSync(join(lab.dir, '.staging'), before, { recursive: true })
  go()
  await lab.get(server.url('/f.bin'), { key })
  // As it was: the part is linked to its final name, the session still there.
  linkSync(join(lab.dir, 'f.bin'), join(lab.dir, 'f.bin.part'))
  cpSync(before, join(lab.dir, '.staging'), { recursive: true })
  const next = await lab.again()
  await next.get(server.url('/f.bin'), { key })
  assert.deepEqual(next.names(), ['f.bin'])
  assert.ok(next.read('f.bin').equals(body))
})

test('a finished file of which the server tells no length is not fetched again either', within, async (t) => {
  const body = content(100_000)
  let etag = '"one"'
  const server = await startFileServer(t, (_, response) => {
    response.writeHead(200, { ETag: etag, 'Content-Type': 'application/octet-stream' })
    response.write(body.subarray(0, 1000))
    response.end(body.subarray(1000))
  })
  const lab = await openLab(t, { rememberAtOnce: true })
  await lab.get(server.url('/f.bin'), { key })
  const next = await lab.again()
  const again = await next.get(server.url('/f.bin'), { key })
  assert.deepEqual([again.alreadyThere, again.path], [true, join(lab.dir, 'f.bin')])
  etag = '"two"'
  const changed = await next.get(server.url('/f.bin'), { key })
  assert.deepEqual([changed.alreadyThere, changed.path], [false, join(lab.dir, 'f (1).bin')])
})
