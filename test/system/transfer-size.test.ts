import assert from 'node:assert/strict'
import type { ServerResponse } from 'node:http'
import { test } from 'node:test'
import { startRawServer } from '../support/raw-server.ts'
import { content, MiB, openLab, serve, sha256, startFileServer } from '../support/transfer-lab.ts'
import type { TransferLab } from '../support/transfer-lab.ts'

const within = { timeout: 180_000 }
const visible = (lab: TransferLab): string[] => lab.names().filter((name) => !name.startsWith('.'))

/** A body whose length the head does not tell. */
function sendInChunks(response: ServerResponse, body: Buffer, fields: Readonly<Record<string, string>> = {}): void {
  response.writeHead(200, { 'Content-Type': 'application/octet-stream', ...fields })
  for (let at = 0; at < body.length; at += 100_000) response.write(body.subarray(at, at + 100_000))
  response.end()
}

test('an announced length that is not the known size is refused before a byte is written', within, async (t) => {
  const body = content(2 * MiB)
  const server = await startFileServer(t, (request, response) => serve(request, response, { body }))
  const lab = await openLab(t, { retries: 5 })
  for (const size of [body.length - 1, body.length + 1, 0]) {
    await assert.rejects(lab.get(server.url('/f.bin'), { size }), (error: Error & { code: string }) => {
      assert.equal(error.code, 'size-mismatch')
      return error.message.includes(String(body.length)) && error.message.includes(`${size}.`)
    })
  }
  assert.equal(server.seen.length, 3)
  assert.deepEqual(lab.names(), [])
  assert.equal(lab.of('start').length, 0)
})

test('a size that is no number of bytes is refused', within, async (t) => {
  const lab = await openLab(t)
  for (const size of [-1, 1.5, NaN, 2 ** 53])
    await assert.rejects(lab.get('http://127.0.0.1:1/', { size }), { code: 'usage' })
})

test(
  'a body without length of the known size is a complete file, and its total is told from the start',
  within,
  async (t) => {
    const body = content(3 * MiB)
    const server = await startFileServer(t, (_request, response) => sendInChunks(response, body))
    const lab = await openLab(t)
    const finished = await lab.get(server.url('/f.bin'), { size: body.length })
    assert.equal(finished.verdict, 'length-only')
    assert.equal(lab.of('start')[0]?.bytesTotal, body.length)
    assert.ok(lab.read('f.bin').equals(body))
  },
)

test(
  'a body without length that goes on beyond the known size is refused, and nothing of it is kept',
  within,
  async (t) => {
    const body = content(3 * MiB)
    const server = await startFileServer(t, (_request, response) => sendInChunks(response, body))
    const lab = await openLab(t, { retries: 5 })
    for (const size of [1000, MiB, 3 * MiB - 1])
      await assert.rejects(lab.get(server.url('/f.bin'), { size, digests: [sha256(body)] }), { code: 'size-mismatch' })
    assert.equal(server.seen.length, 3)
    assert.deepEqual(visible(lab), [])
  },
)

test('chunks that end before the known size are another file, of which nothing is kept', within, async (t) => {
  const body = content(2 * MiB)
  const server = await startFileServer(t, (_request, response) => sendInChunks(response, body))
  const lab = await openLab(t, { retries: 5 })
  await assert.rejects(lab.get(server.url('/f.bin'), { size: 4 * MiB }), { code: 'size-mismatch' })
  assert.equal(server.seen.length, 1)
  assert.deepEqual(lab.names(), [])
})

test('a connection without length that closes too early is gone on with from there', within, async (t) => {
  const body = content(2 * MiB)
  const server = await startRawServer(({ socket, head }) => {
    const match = /range: bytes=(\d+)-/i.exec(head)
    const start = Number(match?.[1] ?? 0)
    const status = match
      ? `206 Partial Content\r\nContent-Range: bytes ${start}-${body.length - 1}/${body.length}`
      : '200 OK'
    socket.write(`HTTP/1.0 ${status}\r\n\r\n`)
    socket.end(body.subarray(start, match ? body.length : MiB))
  })
  t.after(() => server.close())
  const lab = await openLab(t, { retries: 1 })
  const finished = await lab.get(server.url('/f.bin').href, { size: body.length, digests: [sha256(body)] })
  assert.equal(finished.verdict, 'verified')
  assert.deepEqual(
    lab.of('retry').map(({ code }) => code),
    ['connection-lost'],
  )
})

test('with a digest the label does not matter, only size and digest do', within, async (t) => {
  const body = Buffer.concat([Buffer.from('<html>'), content(MiB)])
  const away = await startFileServer(t, (request, response) =>
    serve(request, response, { body, type: 'text/html; charset=utf-8' }),
  )
  const server = await startFileServer(t, (_request, response) =>
    response.writeHead(307, { Location: away.url('/data') }).end(),
  )
  const lab = await openLab(t)
  const asked = { size: body.length, digests: [sha256(body)] }
  await lab.get(server.url('/blob.bin'), asked)
  assert.ok(lab.read('blob.bin').equals(body))
  await assert.rejects(lab.get(server.url('/other.bin'), { digests: asked.digests }), { code: 'not-the-file' })
  await assert.rejects(lab.get(server.url('/other.bin'), { ...asked, size: body.length - 1 }), {
    code: 'size-mismatch',
  })
})

test('a page without length that ends too early leaves nothing behind to go on from', within, async (t) => {
  const body = content(2 * MiB)
  const server = await startRawServer(({ socket, head, connection }) => {
    assert.ok(!/range:/i.test(head))
    if (connection === 0) socket.end('HTTP/1.0 200 OK\r\nContent-Type: text/html\r\n\r\n<html>Log in first</html>')
    else socket.end(Buffer.concat([Buffer.from(`HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n\r\n`), body]))
  })
  t.after(() => server.close())
  const lab = await openLab(t, { retries: 1 })
  await lab.get(server.url('/f').href, { output: 'f', size: body.length, digests: [sha256(body)] })
  assert.ok(lab.read('f').equals(body))
})

test('an empty file with a digest is one request', within, async (t) => {
  const empty = Buffer.alloc(0)
  const lab = await openLab(t)
  for (const [name, answer] of Object.entries({
    length: (response: ServerResponse) => response.writeHead(200, { 'Content-Length': 0 }).end(),
    chunks: (response: ServerResponse) => sendInChunks(response, empty),
  })) {
    const server = await startFileServer(t, (_request, response) => void answer(response))
    const finished = await lab.get(server.url('/f'), { size: 0, digests: [sha256(empty)], output: name })
    assert.deepEqual([finished.bytes, finished.verdict], [0, 'verified'])
    assert.equal(server.seen.length, 1)
    assert.equal(lab.read(name).length, 0)
  }
  const server = await startFileServer(t, (_request, response) => sendInChunks(response, Buffer.from('x')))
  await assert.rejects(lab.get(server.url('/g'), { size: 0, digests: [sha256(empty)] }), { code: 'size-mismatch' })
})

test(
  'what is on the disk of another size is not gone on with, and not read to compare its digest',
  within,
  async (t) => {
    const body = content(4 * MiB)
    let cut: number | undefined = 2 * MiB
    const server = await startFileServer(t, (request, response) =>
      serve(request, response, { body, ...(cut === undefined ? {} : { cutAfter: cut }) }),
    )
    const lab = await openLab(t, { retries: 0 })
    const key = 'dl-00000000000000b1'
    await assert.rejects(lab.get(server.url('/f'), { key }), { code: 'short-body' })
    assert.equal((await lab.engine.stored(lab.dir, key))?.bytesDone, 2 * MiB)
    cut = undefined
    const other = await startFileServer(t, (request, response) =>
      serve(request, response, { body: body.subarray(MiB) }),
    )
    await lab.get(server.url('/f'), { key, size: body.length })
    assert.equal(lab.of('start').at(-1)?.resumedFrom, 2 * MiB)
    const finished = await lab.get(other.url('/f'), { size: 3 * MiB, digests: [sha256(body.subarray(MiB))] })
    assert.equal(finished.alreadyThere, false)
    assert.deepEqual(visible(lab), ['f', 'f (1)'])
  },
)

test('a file that does not fit on the disk is refused before it is asked for', within, async (t) => {
  const server = await startFileServer(t, (_request, response) => response.end())
  const lab = await openLab(t)
  await assert.rejects(lab.get(server.url('/f'), { size: 2 ** 52 }), { code: 'disk-full' })
  assert.equal(server.seen.length, 0)
})

test('a server whose tags differ from node to node does not matter where size and digest decide', within, async (t) => {
  const body = content(4 * MiB)
  const server = await startFileServer(t, (request, response, count) => {
    assert.equal(request.headers['if-range'], undefined)
    serve(request, response, { body, etag: `"${count}"`, ...(count === 1 ? { cutAfter: 2 * MiB } : {}) })
  })
  const lab = await openLab(t, { retries: 1, connections: 1 })
  await lab.get(server.url('/f'), { size: body.length, digests: [sha256(body)] })
  assert.equal(server.seen[1]?.headers.range, `bytes=${2 * MiB}-${4 * MiB - 1}`)
  assert.ok(lab.read('f').equals(body))
})
