import assert from 'node:assert/strict'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import type { Session } from '../../src/transfer/session.ts'
import { startRawServer } from '../support/raw-server.ts'
import { drip } from '../support/slow-answer.ts'
import { content, MiB, openLab, serve, sha256, startFileServer } from '../support/transfer-lab.ts'
import type { Answer, FileServer } from '../support/transfer-lab.ts'

// What registries and the caches before them do with ranges of a blob, whose size and digest are known beforehand.

const within = { timeout: 180_000 }

const asked = (body: Buffer): { size: number; digests: [ReturnType<typeof sha256>] } => ({
  size: body.length,
  digests: [sha256(body)],
})

const rangeOf = ({ headers }: Pick<IncomingMessage, 'headers'>): readonly [number, number] | null => {
  const match = /^bytes=(\d+)-(\d+)$/.exec(headers.range ?? '')
  return match ? [Number(match[1]), Number(match[2]) + 1] : null
}

/** The first request is cut after so many bytes, the others are answered by `then`. */
function cutThen(t: TestContext, body: Buffer, cutAfter: number, then: Answer): Promise<FileServer> {
  return startFileServer(t, (request, response, count) =>
    count === 1 ? serve(request, response, { body, cutAfter }) : then(request, response, count),
  )
}

function whole(response: ServerResponse, body: Buffer): void {
  response.writeHead(200, { 'Content-Length': body.length }).end(body)
}

test('a whole answer in place of a range begins a small part anew', within, async (t) => {
  const body = content(6 * MiB)
  const server = await cutThen(t, body, 3 * MiB, (_request, response) => whole(response, body))
  const lab = await openLab(t, { connections: 1, retries: 1 })
  await lab.get(server.url('/blob'), asked(body))
  assert.ok(lab.read('blob').equals(body))
  assert.equal(server.seen.length, 2)
})

test('a cache that ignores the first range and serves the next costs no byte that is here', within, async (t) => {
  const body = content(14 * MiB)
  const server = await cutThen(t, body, 10 * MiB, (request, response, count) =>
    count === 2 ? whole(response, body) : serve(request, response, { body }),
  )
  const lab = await openLab(t, { connections: 1, retries: 2 })
  await lab.get(server.url('/blob'), asked(body))
  assert.ok(lab.read('blob').equals(body))
  assert.deepEqual(
    server.seen.slice(1).map(({ headers }) => headers.range),
    [`bytes=${10 * MiB}-${14 * MiB - 1}`, `bytes=${10 * MiB}-${14 * MiB - 1}`],
  )
  assert.deepEqual(
    lab.of('retry').map(({ code }) => code),
    ['short-body', 'range-refused'],
  )
})

test('a server without ranges is read from its start, what is here stays', within, async (t) => {
  const body = content(16 * MiB)
  const server = await cutThen(t, body, 10 * MiB, (_request, response, count) => {
    // Once more it is lost, before it comes to where the part ends.
    if (count === 3) serve(_request, response, { body, ranges: false, cutAfter: 5 * MiB })
    else whole(response, body)
  })
  const lab = await openLab(t, { connections: 1, retries: 3 })
  const finished = await lab.get(server.url('/blob'), asked(body))
  assert.equal(finished.verdict, 'verified')
  assert.ok(lab.read('blob').equals(body))
  assert.ok(lab.of('progress').every(({ bytesDone }, n, all) => bytesDone >= (all[n - 1]?.bytesDone ?? 0)))
  assert.equal(server.seen.length, 4)
})

test(
  'a server that tells no length is passed over in the same way, and must end where the file does',
  within,
  async (t) => {
    const body = content(12 * MiB)
    for (const tail of ['', 'x']) {
      const server = await cutThen(t, body, 9 * MiB, (_request, response) => {
        response.writeHead(200).write(body)
        response.end(tail)
      })
      const lab = await openLab(t, { connections: 1, retries: 2 })
      const running = lab.get(server.url('/blob'), asked(body))
      if (tail === '') assert.equal((await running).verdict, 'verified')
      else await assert.rejects(running, { code: 'size-mismatch' })
    }
  },
)

test('without size and digest a large part is not passed over, and kept', within, async (t) => {
  const body = content(12 * MiB)
  const server = await cutThen(t, body, 9 * MiB, (_request, response) => whole(response, body))
  const lab = await openLab(t, { connections: 1, retries: 2 })
  await assert.rejects(lab.get(server.url('/blob')), { code: 'range-refused' })
  assert.ok(lab.names().includes('blob.part'))
})

test('a part from another place is refused, and asked for again', within, async (t) => {
  const body = content(6 * MiB)
  const server = await cutThen(t, body, 3 * MiB, (request, response, count) => {
    if (count > 2) return serve(request, response, { body })
    const [start, end] = rangeOf(request) ?? [0, 0]
    response.writeHead(206, {
      'Content-Range': `bytes ${start - 7}-${end - 1}/${body.length}`,
      'Content-Length': end - start + 7,
    })
    return response.end(body.subarray(start - 7, end))
  })
  const lab = await openLab(t, { connections: 1, retries: 2 })
  await lab.get(server.url('/blob'), asked(body))
  assert.ok(lab.read('blob').equals(body))
  assert.deepEqual(
    lab.of('retry').map(({ code }) => code),
    ['short-body', 'range-mismatch'],
  )
})

test('a part of a file of another size is not written', within, async (t) => {
  const body = content(6 * MiB)
  for (const wrong of [6 * MiB - 1, 6 * MiB + 1]) {
    const server = await cutThen(t, body, 3 * MiB, (request, response) => {
      const [start, end] = rangeOf(request) ?? [0, 0]
      const last = Math.min(end, wrong) - 1
      response.writeHead(206, {
        'Content-Range': `bytes ${start}-${last}/${wrong}`,
        'Content-Length': last + 1 - start,
      })
      return response.end(Buffer.alloc(last + 1 - start, 'x'))
    })
    const lab = await openLab(t, { connections: 1, retries: 3 })
    const key = 'dl-00000000000000e1'
    await assert.rejects(lab.get(server.url('/blob'), { ...asked(body), key }), { code: 'size-mismatch' })
    assert.equal((await lab.engine.stored(lab.dir, key))?.bytesDone, 3 * MiB)
  }
})

test('416 with the length of the whole blob before a small body is left at its head', within, async (t) => {
  const body = content(4 * MiB)
  let requests = 0
  const server = await startRawServer(({ socket, head }) => {
    requests++
    const range = /range: bytes=(\d+)-(\d+)/i.exec(head)
    const length = `Content-Length: ${body.length}`
    if (!range)
      return void socket.end(
        Buffer.concat([Buffer.from(`HTTP/1.1 200 OK\r\n${length}\r\n\r\n`), body.subarray(0, MiB)]),
      )
    if (requests === 2)
      // The connection stays open, as for a body that is still to come.
      return void socket.write(
        `HTTP/1.1 416 Range Not Satisfiable\r\nContent-Range: bytes */${body.length}\r\n${length}\r\n\r\n${'e'.repeat(33)}`,
      )
    const part = body.subarray(Number(range[1]), Number(range[2]) + 1)
    const fields = `Content-Range: bytes ${range[1]}-${range[2]}/${body.length}\r\nContent-Length: ${part.length}`
    socket.write(Buffer.concat([Buffer.from(`HTTP/1.1 206 Partial Content\r\n${fields}\r\n\r\n`), part]))
  })
  t.after(() => server.close())
  const lab = await openLab(t, { connections: 1, retries: 2 })
  const started = performance.now()
  await lab.get(server.url('/blob').href, asked(body))
  assert.ok(performance.now() - started < 25_000)
  assert.ok(lab.read('blob').equals(body))
  assert.deepEqual(
    lab.of('retry').map(({ code }) => code),
    ['short-body', 'range-refused'],
  )
})

test('a part in chunks that end too early is asked for again', within, async (t) => {
  const body = content(6 * MiB)
  const server = await cutThen(t, body, 3 * MiB, (request, response, count) => {
    const [start, end] = rangeOf(request) ?? [0, 0]
    response.writeHead(206, { 'Content-Range': `bytes ${start}-${end - 1}/${body.length}` })
    response.write(body.subarray(start, start + 100))
    response.end(count === 2 ? '' : body.subarray(start + 100, end))
  })
  const lab = await openLab(t, { connections: 1, retries: 1 })
  await lab.get(server.url('/blob'), asked(body))
  assert.ok(lab.read('blob').equals(body))
  assert.equal(server.seen[2]?.headers.range, `bytes=${3 * MiB + 100}-${6 * MiB - 1}`)
})

test('every kind of redirect leads to the blob, with its range', within, async (t) => {
  const body = content(3 * MiB)
  for (const status of [301, 302, 303, 307, 308]) {
    const cdn = await startFileServer(t, (request, response, count) =>
      serve(request, response, { body, ...(count === 1 ? { cutAfter: MiB } : {}) }),
    )
    const registry = await startFileServer(t, (_request, response) =>
      response.writeHead(status, { Location: cdn.url('/data') }).end(),
    )
    const lab = await openLab(t, { connections: 1, retries: 1 })
    await lab.get(registry.url('/blob'), asked(body))
    assert.ok(lab.read('blob').equals(body), `${status}`)
    assert.equal(cdn.seen[1]?.headers.range, `bytes=${MiB}-${3 * MiB - 1}`)
    assert.equal(registry.seen.length, 1)
  }
})

for (const status of [400, 403, 404, 410]) {
  test(`a signed target that expires (${status}) under many connections is asked for anew once`, within, async (t) => {
    const body = content(24 * MiB)
    let sign = 1
    let open = 0
    const waiting: Array<() => void> = []
    const cdn = await startFileServer(t, (request, response) => {
      assert.equal(request.headers.authorization, undefined)
      const expired = request.url !== `/data?sign=${sign}`
      if (!expired) {
        open++
        response.on('close', () => open--)
        return drip(request, response, body, 10)
      }
      const refuse = (): unknown => response.writeHead(status, { 'Content-Type': 'application/xml' }).end('<Error/>')
      // Two are refused in one moment.
      waiting.push(refuse)
      if (waiting.length >= 2 || resolved()) for (const go of waiting.splice(0)) go()
    })
    const registry = await startFileServer(t, (_request, response) =>
      setTimeout(() => response.writeHead(307, { Location: cdn.url(`/data?sign=${sign}`) }).end(), 50),
    )
    const resolved = (): boolean => registry.seen.length > 1
    const lab = await openLab(t, { connections: 8, retries: 0 })
    const watch = setInterval(() => {
      if (open < 4 || sign > 1) return
      sign = 2
      clearInterval(watch)
    }, 5)
    t.after(() => clearInterval(watch))
    const finished = await lab.engine.get(
      { reference: registry.url('/blob'), dir: lab.dir, mirrors: [], ...asked(body) },
      { authorize: async () => 'Bearer 1' },
    )
    assert.equal(finished.verdict, 'verified')
    assert.equal(sign, 2)
    const expired = cdn.seen.filter(({ path }) => path === '/data?sign=1').length
    assert.ok(expired >= 2, `${expired}`)
    assert.equal(registry.seen.length, 2)
    for (const { headers } of registry.seen) assert.equal(headers.authorization, 'Bearer 1')
    assert.deepEqual([lab.of('retry'), lab.of('warning').filter(({ code }) => code !== 'redirected')], [[], []])
  })
}

test('bytes that are here behind what a server without ranges sent are not fetched once more', within, async (t) => {
  const body = content(20 * MiB)
  const key = 'dl-00000000000000e2'
  const lab = await openLab(t, { connections: 1, retries: 3 })
  const server = await startFileServer(t, (request, response, count) => {
    if (count > 2) return serve(request, response, { body })
    response.writeHead(200, { 'Content-Length': body.length })
    return count === 1 ? response.end(body) : response.write(body.subarray(0, 8 * MiB), () => response.destroy())
  })
  const folder = join(lab.dir, '.staging', key)
  mkdirSync(folder, { recursive: true })
  writeFileSync(
    join(lab.dir, 'blob.part'),
    Buffer.concat([body.subarray(0, 6 * MiB), Buffer.alloc(8 * MiB), body.subarray(14 * MiB)]),
  )
  const session: Session = {
    version: 1,
    id: key,
    reference: server.url('/blob'),
    part: 'blob.part',
    name: 'blob',
    size: body.length,
    type: null,
    validators: { etag: null, lastModified: null, date: null },
    done: [
      [0, 6 * MiB],
      [14 * MiB, 20 * MiB],
    ],
  }
  writeFileSync(join(folder, 'session.json'), JSON.stringify(session))
  const finished = await lab.get(server.url('/blob'), { ...asked(body), key })
  assert.equal(finished.verdict, 'verified')
  assert.deepEqual(
    server.seen.map(({ headers }) => headers.range),
    [`bytes=${6 * MiB}-${14 * MiB - 1}`, `bytes=${6 * MiB}-${14 * MiB - 1}`, `bytes=${8 * MiB}-${14 * MiB - 1}`],
  )
})
