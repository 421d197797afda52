import assert from 'node:assert/strict'
import { test } from 'node:test'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import { startRawServer } from '../support/raw-server.ts'
import { content, MiB, openLab, serve, sha256, startFileServer } from '../support/transfer-lab.ts'
import type { TransferLab } from '../support/transfer-lab.ts'
import type { FileRequest } from '../../src/transfer/types.ts'

const within = { timeout: 180_000 }
const files = (lab: TransferLab): string[] => lab.names().filter((name) => !name.startsWith('.'))

test('an encoding that nobody asked for is undone', within, async (t) => {
  const plain = Buffer.from('some text that packs well '.repeat(100_000))
  for (const [encoding, packed] of [
    ['gzip', gzipSync(plain)],
    ['x-gzip', gzipSync(plain)],
    ['br', brotliCompressSync(plain)],
  ] as const) {
    const server = await startFileServer(t, (request, response) =>
      serve(request, response, { body: packed, type: 'text/plain', fields: { 'Content-Encoding': encoding } }),
    )
    const lab = await openLab(t)
    const finished = await lab.get(server.url('/f.txt'), { digests: [sha256(plain)] })
    assert.ok(lab.read('f.txt').equals(plain), encoding)
    assert.deepEqual([finished.verdict, finished.bytes, server.seen.length], ['verified', plain.length, 1])
    assert.equal(server.seen[0]?.headers['accept-encoding'], 'identity')
  }
})

test(
  'an encoded body in many small chunks, which come faster than it is decoded, is read to its end',
  within,
  async (t) => {
    const plain = content(4 * MiB)
    const packed = gzipSync(plain)
    const chunks = Array.from({ length: Math.ceil(packed.length / 4096) }, (_, index) => {
      const chunk = packed.subarray(index * 4096, (index + 1) * 4096)
      return [Buffer.from(`${chunk.length.toString(16)}\r\n`), chunk, Buffer.from('\r\n')]
    })
    const head = 'HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n'
    const answer = Buffer.concat([Buffer.from(head), ...chunks.flat(), Buffer.from('0\r\n\r\n')])
    const server = await startRawServer(({ socket }) => socket.write(answer))
    t.after(() => server.close())
    const lab = await openLab(t)
    await lab.get(server.url('/f.txt').href, {}, AbortSignal.timeout(60_000))
    assert.ok(lab.read('f.txt').equals(plain))
  },
)

test('a file that is packed itself is stored as it comes', within, async (t) => {
  const packed = gzipSync(content(100_000))
  const server = await startFileServer(t, (request, response) =>
    serve(request, response, { body: packed, fields: { 'Content-Encoding': 'gzip' } }),
  )
  const lab = await openLab(t)
  await lab.get(server.url('/f.tar.gz'))
  assert.ok(lab.read('f.tar.gz').equals(packed))
})

test('an encoded body that is cut, damaged or of an unknown kind never becomes the file', within, async (t) => {
  const packed = gzipSync(content(100_000))
  const cases = [
    { body: packed.subarray(0, 50_000), encoding: 'gzip' },
    { body: Buffer.from('not packed at all'), encoding: 'gzip' },
    { body: packed, encoding: 'zzip' },
    { body: packed, encoding: 'gzip, gzip' },
    { body: packed, encoding: '__proto__' },
  ]
  for (const { body, encoding } of cases) {
    const server = await startFileServer(t, (request, response) =>
      serve(request, response, { body, fields: { 'Content-Encoding': encoding } }),
    )
    const lab = await openLab(t, { retries: 0 })
    await assert.rejects(lab.get(server.url('/f.txt')), { code: 'bad-encoding', exitCode: 5 }, encoding)
    assert.deepEqual(files(lab), [])
  }
})

test('a web page in place of a file is refused, and nothing is written', within, async (t) => {
  const page = Buffer.from('<html>log in</html>')
  const server = await startFileServer(t, (request, response) =>
    serve(request, response, { body: page, type: 'Text/HTML; charset=utf-8', ranges: false }),
  )
  const lab = await openLab(t, { retries: 0 })
  for (const path of ['/f.bin', '/f.iso', '/model.gguf?download=true', '/a.zip']) {
    await assert.rejects(lab.get(server.url(path)), { code: 'not-the-file', exitCode: 5 }, path)
  }
  assert.deepEqual(files(lab), [])
  const trusting = await lab.again({ allowHtml: true })
  await trusting.get(server.url('/f.bin'))
  assert.ok(trusting.read('f.bin').equals(page))
})

test('a web page that was asked for is a file', within, async (t) => {
  const page = Buffer.from('<html>hello</html>')
  const server = await startFileServer(t, (request, response) =>
    serve(request, response, { body: page, type: 'text/html', etag: null }),
  )
  const lab = await openLab(t)
  await lab.get(server.url('/index.html'))
  await lab.get(server.url('/docs/'), { output: 'docs' })
  assert.deepEqual(files(lab), ['docs', 'index.html'])
})

test('a redirect to a log-in page elsewhere is no file', within, async (t) => {
  const login = await startFileServer(t, (request, response) =>
    serve(request, response, { body: Buffer.from('<html>'), type: 'text/html' }),
  )
  const server = await startFileServer(t, (_request, response) =>
    response.writeHead(302, { Location: login.url('/login') }).end(),
  )
  const lab = await openLab(t, { retries: 0 })
  await assert.rejects(lab.get(server.url('/download')), { code: 'not-the-file' })
})

test('a body of unknown length that ends properly is a file that nothing vouches for', within, async (t) => {
  const body = content(3 * MiB)
  const server = await startFileServer(t, (_request, response) => {
    response.writeHead(200, { 'Content-Type': 'application/octet-stream' })
    response.write(body.subarray(0, MiB))
    response.end(body.subarray(MiB))
  })
  const lab = await openLab(t)
  const finished = await lab.get(server.url('/f.bin'))
  assert.deepEqual([finished.verdict, finished.bytes], ['unverified', body.length])
  assert.ok(lab.read('f.bin').equals(body))
  assert.equal(lab.of('start')[0]?.bytesTotal, null)
  assert.ok(lab.of('progress').every(({ eta, bytesTotal }) => eta === null || bytesTotal !== null))
  const checked = await lab.get(server.url('/g.bin'), { digests: [sha256(body)] })
  assert.equal(checked.verdict, 'verified')
})

test('a body of unknown length that is cut is never a file', within, async (t) => {
  const server = await startFileServer(t, (_request, response) => {
    response.writeHead(200)
    response.write(content(2 * MiB), () => setImmediate(() => response.socket?.destroy()))
  })
  const lab = await openLab(t, { retries: 1 })
  await assert.rejects(lab.get(server.url('/f.bin')), { exitCode: 3 })
  assert.deepEqual(files(lab), [])
})

test('an empty file is a file', within, async (t) => {
  const server = await startFileServer(t, (request, response) => serve(request, response, { body: Buffer.alloc(0) }))
  const lab = await openLab(t)
  const finished = await lab.get(server.url('/empty'), { digests: [sha256(Buffer.alloc(0))] })
  assert.deepEqual([finished.bytes, finished.verdict, lab.read('empty').length], [0, 'verified', 0])
})

test('a digest that the server gives is checked like one of the user', within, async (t) => {
  const body = content(2 * MiB)
  const of = (bytes: Buffer): string => `sha-256=:${Buffer.from(sha256(bytes).hex, 'hex').toString('base64')}:`
  const server = await startFileServer(t, (request, response) =>
    serve(request, response, { body, fields: { 'Repr-Digest': of(request.url === '/good.bin' ? body : content(1)) } }),
  )
  const lab = await openLab(t, { retries: 0 })
  const finished = await lab.get(server.url('/good.bin'))
  assert.deepEqual([finished.verdict, finished.digests.sha256], ['verified', sha256(body).hex])
  await assert.rejects(lab.get(server.url('/bad.bin')), { code: 'digest-mismatch', exitCode: 5 })
  assert.ok(!files(lab).includes('bad.bin'))
})

test('Retry-After holds every download from that host', within, async (t) => {
  const body = content(1000)
  const times: number[] = []
  const asked = Promise.withResolvers<void>()
  const server = await startFileServer(t, (request, response, count) => {
    times.push(performance.now())
    asked.resolve()
    if (count === 1) response.writeHead(503, { 'Retry-After': '1' }).end()
    else serve(request, response, { body })
  })
  const lab = await openLab(t)
  const first = lab.get(server.url('/a.bin'))
  await asked.promise
  while (lab.of('retry').length === 0) await new Promise(setImmediate)
  await Promise.all([first, lab.get(server.url('/b.bin'))])
  assert.equal(lab.of('retry')[0]?.delay, 1)
  const [refused = 0, ...later] = times
  // The clocks of both sides may differ by a little.
  for (const time of later) assert.ok(time - refused >= 950, `a request after ${time - refused} ms`)
  assert.equal(later.length, 2)
})

test('Retry-After of more than an hour ends the download, and the hint says how long', within, async (t) => {
  const server = await startFileServer(t, (_request, response) =>
    response.writeHead(429, { 'Retry-After': '7200' }).end(),
  )
  const lab = await openLab(t, { retries: 5 })
  await assert.rejects(
    lab.get(server.url('/f.bin')),
    (error: { code: string; hint: string }) => error.code === 'http-busy' && /2 h|120 min|7200/.test(error.hint),
  )
  assert.equal(server.seen.length, 1)
})

test('a server that sends the whole file where a part was asked for does not mix them', within, async (t) => {
  const body = content(3 * MiB)
  const server = await startFileServer(t, (request, response, count) =>
    serve(request, response, { body, ranges: count === 1, ...(count === 1 ? { cutAfter: 2 * MiB } : {}) }),
  )
  const lab = await openLab(t, { connections: 1 })
  await lab.get(server.url('/f.bin'), { digests: [sha256(body)] })
  assert.ok(lab.read('f.bin').equals(body))
})

test('a dry run tells what a download would do, and writes nothing', within, async (t) => {
  const body = content(2 * MiB)
  const server = await startFileServer(t, (request, response) =>
    serve(request, response, { body, type: 'application/zip' }),
  )
  const lab = await openLab(t)
  const preview = await lab.engine.preview({ reference: server.url('/f.zip'), dir: lab.dir, digests: [], mirrors: [] })
  assert.deepEqual(preview, {
    reference: server.url('/f.zip'),
    url: server.url('/f.zip'),
    filename: 'f.zip',
    size: body.length,
    type: 'application/zip',
    resumable: true,
    digestKnown: false,
  })
  assert.throws(() => lab.names(), { code: 'ENOENT' })
})

test('a dry run tells the digest that the user or the server knows', within, async (t) => {
  const body = content(1000)
  const { hex } = sha256(body)
  const base64 = Buffer.from(hex, 'hex').toString('base64')
  const server = await startFileServer(t, (request, response) => {
    if (request.url === '/told') response.setHeader('Repr-Digest', `sha-256=:${base64}:`)
    if (request.url === '/wrong') response.setHeader('Repr-Digest', 'sha-256=:AAAA:')
    serve(request, response, { body })
  })
  const lab = await openLab(t)
  const known = async (path: string, digests: FileRequest['digests'] = []): Promise<unknown> => {
    const given = { reference: server.url(path), dir: lab.dir, digests, mirrors: [] }
    const { digest, digestKnown } = await lab.engine.preview(given)
    return [digestKnown, digest]
  }
  assert.deepEqual(await known('/told'), [true, `sha256:${hex}`])
  assert.deepEqual(await known('/wrong'), [false, undefined])
  assert.deepEqual(await known('/', [{ algorithm: 'md5', hex: 'ab'.repeat(16) }]), [true, `md5:${'ab'.repeat(16)}`])
})
