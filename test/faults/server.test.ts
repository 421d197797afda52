import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { connect } from 'node:net'
import { after, before, describe, it } from 'node:test'
import { entityOf } from './answer.ts'
import { makeContent } from './content.ts'
import { startOrigin } from './server.ts'
import type { Origin } from './server.ts'

const content = makeContent(1, 300_000)
const entity = entityOf(content, { etag: '"v1"' })

describe('computed content', () => {
  it('is the same however it is cut', () => {
    const whole = content.read(0, content.size)
    const pieces = [0, 1, 4095, 4096, 4097, 65_536, 200_001, 300_000].map((at, i, all) =>
      content.read(at, all[i + 1] ?? at),
    )
    assert.ok(Buffer.concat(pieces).equals(whole))
    assert.equal(createHash('sha256').update(whole).digest('hex'), content.sha256())
  })

  it('differs with the seed and from place to place', () => {
    assert.ok(!makeContent(2, 300_000).read(0, 4096).equals(content.read(0, 4096)))
    assert.ok(!content.read(0, 4096).equals(content.read(4096, 8192)))
  })

  it('reaches far beyond what memory holds', () => {
    assert.equal(makeContent(1, 2 ** 52).read(2 ** 51 + 3, 2 ** 51 + 10).length, 7)
  })
})

describe('an origin without a scenario', () => {
  let origin: Origin
  before(async () => {
    origin = await startOrigin(entity)
  })
  after(() => origin.close())

  const get = (headers: Record<string, string>): Promise<Response> =>
    fetch(`${origin.base}/x`, { headers: { 'accept-encoding': 'identity', ...headers } })

  it('gives the whole file with its validators', async () => {
    const answer = await get({})
    assert.equal(answer.status, 200)
    assert.equal(answer.headers.get('etag'), '"v1"')
    assert.ok(Buffer.from(await answer.arrayBuffer()).equals(content.read(0, content.size)))
  })

  it('gives a range when If-Range holds, the whole file when it does not', async () => {
    const range = await get({ Range: 'bytes=1000-1999', 'If-Range': '"v1"' })
    assert.equal(range.status, 206)
    assert.equal(range.headers.get('content-range'), 'bytes 1000-1999/300000')
    assert.ok(Buffer.from(await range.arrayBuffer()).equals(content.read(1000, 2000)))
    const whole = await get({ Range: 'bytes=1000-1999', 'If-Range': '"v0"' })
    assert.equal(whole.status, 200)
    await whole.arrayBuffer()
  })

  it('answers 416 beyond the end and 304 to a known validator', async () => {
    assert.equal((await get({ Range: 'bytes=300000-' })).status, 416)
    assert.equal((await get({ 'If-None-Match': '"v1"' })).status, 304)
  })

  it('counts what it sent and to whom', () => {
    assert.deepEqual(
      origin.requests.map((request) => [request.index, request.status, request.sent]),
      [
        [1, 200, 300_000],
        [2, 206, 1000],
        [3, 200, 300_000],
        [4, 416, 0],
        [5, 304, 0],
      ],
    )
  })
})

describe('an origin with a scenario', () => {
  it('cuts a body where it was told to, with a reset', async () => {
    const origin = await startOrigin(entity, {
      answer: (_request, correct) => ({ ...correct, cut: { after: 5000, how: 'rst' } }),
    })
    const ended = await new Promise<string>((resolve) => {
      const socket = connect(origin.port, '127.0.0.1', () => socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n'))
      socket.resume().on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? ''))
      socket.on('end', () => resolve('end'))
    })
    assert.equal(ended, 'ECONNRESET')
    assert.equal(origin.requests[0]?.sent, 5000)
    await origin.close()
  })

  it('complains about a request that is none', async () => {
    const origin = await startOrigin(entity)
    await new Promise((resolve) => {
      const socket = connect(origin.port, '127.0.0.1', () => socket.write('GET /a b HTTP/1.1\r\n\r\n'))
      socket.resume().on('close', resolve)
    })
    assert.match(origin.complaints[0] ?? '', /not a request line/)
    await origin.close()
  })
})
