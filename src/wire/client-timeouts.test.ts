import assert from 'node:assert/strict'
import type { Socket } from 'node:net'
import { createServer } from 'node:net'
import { once } from 'node:events'
import { describe, it } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { receive } from '../../test/support/receive.ts'
import { ok, wireFixture } from '../../test/support/wire-fixture.ts'

const partial = 'HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nabc'

/** Checks that a promise settles after about so many milliseconds; the upper end allows for a busy machine. */
async function takes(milliseconds: number, promise: Promise<unknown>): Promise<void> {
  const began = performance.now()
  await promise
  const took = performance.now() - began
  assert.ok(took >= milliseconds - 5 && took < milliseconds + 5000, `took ${took} ms`)
}

describe('the wire client gives up', () => {
  const wire = wireFixture()

  it('a server that does not answer, with a word for it', async () => {
    await wire.start(() => undefined, { headersTimeout: 200 })
    const { answer } = receive(wire.client, wire.server.url('/'))
    await takes(
      200,
      assert.rejects(answer, {
        code: 'headers-timeout',
        message: `127.0.0.1:${wire.server.port} did not begin to answer within 0.2 s.`,
      }),
    )
  })

  it('a server that drips its header', async () => {
    await wire.start(
      ({ socket }) => {
        socket.write('HTTP/1.1 200 OK\r\n')
        const drip = setInterval(() => socket.write('A: b\r\n'), 20)
        socket.on('close', () => clearInterval(drip))
      },
      { headersTimeout: 200 },
    )
    await assert.rejects(receive(wire.client, wire.server.url('/')).answer, { code: 'headers-timeout' })
  })

  it('a body that stands still, but not one that drips', async () => {
    await wire.start(
      ({ socket, turn }) => {
        if (turn === 1) socket.write(partial)
        else {
          socket.write('HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n')
          let sent = 0
          const drip = setInterval(() => (sent++ < 6 ? socket.write('x') : clearInterval(drip)), 100)
        }
      },
      { stallTimeout: 400 },
    )
    assert.equal((await receive(wire.client, wire.server.url('/')).answer).body.toString(), 'xxxxxx')
    const { head, answer } = receive(wire.client, wire.server.url('/'))
    await head
    await takes(400, assert.rejects(answer, { code: 'stalled' }))
  })

  it('TLS that does not come about', async () => {
    const silent = createServer((socket) => socket.on('error', () => undefined)).listen(0, '127.0.0.1')
    await once(silent, 'listening')
    await wire.start(() => undefined, { tlsTimeout: 200 })
    const address = silent.address()
    assert.ok(address !== null && typeof address === 'object')
    const { answer } = receive(wire.client, new URL(`https://127.0.0.1:${address.port}/`))
    await takes(200, assert.rejects(answer, { code: 'connect-timeout', message: /setting up TLS/ }))
    silent.close()
  })

  it('nothing while it is paused, whose time does not count afterwards either', async () => {
    const asked = Promise.withResolvers<Socket>()
    await wire.start(
      ({ socket }) => {
        socket.write(partial)
        asked.resolve(socket)
      },
      { stallTimeout: 400 },
    )
    const { exchange, head, answer } = receive(wire.client, wire.server.url('/'))
    await head
    exchange.pause()
    const socket = await asked.promise
    await wait(800)
    exchange.resume()
    await wait(100)
    socket.write('def')
    assert.equal((await answer).body.toString(), 'abcdef')
  })

  it('nothing because its own thread was held up', async () => {
    const asked = Promise.withResolvers<Socket>()
    await wire.start(
      ({ socket }) => {
        socket.write(partial)
        asked.resolve(socket)
      },
      { stallTimeout: 500 },
    )
    const { head, answer } = receive(wire.client, wire.server.url('/'))
    await head
    const socket = await asked.promise
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1000)
    await wait(100)
    socket.write('def')
    assert.equal((await answer).body.toString(), 'abcdef')
  })

  it('no idle connection that is used again in time', async () => {
    await wire.start(({ socket }) => socket.write(ok('x')), { headersTimeout: 100, stallTimeout: 100 })
    await receive(wire.client, wire.server.url('/')).answer
    await wait(300)
    await receive(wire.client, wire.server.url('/')).answer
    assert.equal(wire.server.connections.length, 1)
  })
})
