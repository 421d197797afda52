import assert from 'node:assert/strict'
import type { Socket } from 'node:net'
import { describe, it } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import { receive } from '../../test/support/receive.ts'
import { closed, ok, wireFixture } from '../../test/support/wire-fixture.ts'
import type { WireClient } from './types.ts'

describe('the wire client', () => {
  const wire = wireFixture()

  describe('aborts', () => {
    it('a waiting request and tells nothing more', async () => {
      const asked = Promise.withResolvers<Socket>()
      await wire.start(({ socket }) => asked.resolve(socket))
      const { exchange, answer } = receive(wire.client, wire.server.url('/'))
      let settled = false
      const watch = (): void => {
        settled = true
      }
      answer.then(watch, watch)
      const socket = await asked.promise
      exchange.abort()
      exchange.abort()
      await closed(socket)
      await turn()
      assert.equal(settled, false)
    })

    it('before the connection is made', async () => {
      await wire.start(() => assert.fail('a request came'))
      receive(wire.client, wire.server.url('/')).exchange.abort()
      const later = receive(wire.client, wire.server.url('/'))
      later.exchange.abort()
      await turn()
    })

    it('in the middle of a read, whose rest is not delivered', async () => {
      await wire.start(({ socket }) =>
        socket.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n1\r\nb\r\n0\r\n\r\n'),
      )
      let calls = 0
      const exchange = wire.client.get(
        { url: wire.server.url('/'), headers: [] },
        {
          head: () => undefined,
          data() {
            calls++
            exchange.abort()
            return undefined
          },
          end: () => assert.fail('no end'),
          fail: () => assert.fail('no failure'),
        },
      )
      while (calls === 0) await turn()
      await closed(wire.server.connections[0])
      assert.equal(calls, 1)
    })

    it('and keeps the connection when the rest is small and known', async () => {
      await wire.start(({ socket, turn: number }) => {
        if (number === 0) socket.write('HTTP/1.1 302 Found\r\nContent-Length: 5\r\n\r\nmo')
        else socket.write(ok('next'))
      })
      await abortAtHead(wire.client, wire.server.url('/'))
      wire.server.connections[0]?.write('ved')
      // The client sees the rest some turns later; until then a request opens a second connection.
      for (let used = 0; used < 50; used++) await turn()
      assert.equal((await receive(wire.client, wire.server.url('/')).answer).body.toString(), 'next')
      assert.equal(wire.server.connections.length, 1)
    })

    it('and closes the connection when the rest is big', async () => {
      await wire.start(({ socket }) => {
        socket.write('HTTP/1.1 200 OK\r\nContent-Length: 100000000\r\n\r\nabc')
      })
      await abortAtHead(wire.client, wire.server.url('/'))
      const began = performance.now()
      await closed(wire.server.connections[0])
      assert.ok(performance.now() - began < 20_000, 'nobody waits for the rest')
    })
  })

  describe('pauses', () => {
    it('nested, without losing or repeating a byte', async () => {
      const body = Buffer.alloc(5_000_000, 'abcdefghijklmnopqrstuvwxyz012345')
      await wire.start(({ socket }) => {
        socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n\r\n`)
        socket.write(body)
      })
      wire.client.setReadSize(50_000)
      const { exchange, answer, bytes, head } = receive(wire.client, wire.server.url('/'))
      await head
      for (let round = 0; round < 20; round++) {
        exchange.pause()
        exchange.pause()
        exchange.resume()
        const at = bytes()
        await turn()
        await turn()
        await turn()
        assert.ok(bytes() - at <= 50_000, 'at most the read that had begun')
        const still = bytes()
        await turn()
        assert.equal(bytes(), still)
        exchange.resume()
        if (round % 3 === 0) {
          exchange.pause()
          exchange.resume()
        }
        await turn()
      }
      assert.ok((await answer).body.equals(body))
    })

    it('before the connection is made', async () => {
      await wire.start(({ socket }) => socket.write(ok('x')))
      const { exchange, answer, bytes } = receive(wire.client, wire.server.url('/'))
      exchange.pause()
      while (wire.server.connections[0]?.bytesWritten !== ok('x').length) await turn()
      for (let round = 0; round < 5; round++) await turn()
      assert.equal(bytes(), 0)
      exchange.resume()
      assert.equal((await answer).body.toString(), 'x')
    })
  })
})

function abortAtHead(client: WireClient, url: URL): Promise<void> {
  return new Promise((resolve, reject) => {
    const exchange = client.get(
      { url, headers: [] },
      {
        head() {
          exchange.abort()
          resolve()
        },
        data: () => assert.fail('data after abort'),
        end: () => assert.fail('end after abort'),
        fail: reject,
      },
    )
  })
}
