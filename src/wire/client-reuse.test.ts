import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { receive } from '../../test/support/receive.ts'
import { closed, ok, wireFixture } from '../../test/support/wire-fixture.ts'

describe('the wire client', () => {
  const wire = wireFixture()

  describe('reuses a connection', () => {
    it('for requests that follow each other', async () => {
      await wire.start(({ socket, turn: number }) => socket.write(ok(`answer ${number}`)))
      for (const number of [0, 1, 2]) {
        const { exchange, answer } = receive(wire.client, wire.server.url('/'))
        assert.equal((await answer).body.toString(), `answer ${number}`)
        assert.equal(exchange.connectMs === null, number > 0)
      }
      assert.equal(wire.server.connections.length, 1)
    })

    it('from inside the end of the answer before', async () => {
      await wire.start(({ socket }) => socket.write(ok('x')))
      await new Promise<void>((resolve, reject) => {
        const again = (left: number): void => {
          wire.client.get(
            { url: wire.server.url('/'), headers: [] },
            {
              head: () => undefined,
              data: () => undefined,
              end: () => (left === 0 ? resolve() : again(left - 1)),
              fail: reject,
            },
          )
        }
        again(20)
      })
      assert.equal(wire.server.connections.length, 1)
    })

    it('not for requests at the same time', async () => {
      await wire.start(({ socket }) => socket.write(ok('x')))
      await Promise.all([1, 2, 3].map(() => receive(wire.client, wire.server.url('/')).answer))
      assert.equal(wire.server.connections.length, 3)
    })

    const single: ReadonlyArray<readonly [what: string, answer: string]> = [
      ['that the server wants closed', ok('x', 'Connection: close\r\n')],
      ['of HTTP/1.0', 'HTTP/1.0 200 OK\r\nContent-Length: 1\r\n\r\nx'],
      ['that is kept for no time', ok('x', 'Keep-Alive: timeout=0\r\n')],
      ['with bytes behind the answer', `${ok('x')}HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nfalse`],
      ['with bytes behind an answer that has no body', 'HTTP/1.1 204 None\r\nContent-Length: 2\r\n\r\nhi'],
    ]
    for (const [what, answer] of single) {
      it(`but not one ${what}`, async () => {
        await wire.start(({ socket }) => socket.write(answer))
        await receive(wire.client, wire.server.url('/')).answer
        await receive(wire.client, wire.server.url('/')).answer
        assert.equal(wire.server.connections.length, 2)
        await closed(wire.server.connections[0])
      })
    }

    it('of HTTP/1.0 when the server keeps it', async () => {
      await wire.start(({ socket }) =>
        socket.write('HTTP/1.0 200 OK\r\nConnection: Keep-Alive\r\nContent-Length: 1\r\n\r\nx'),
      )
      await receive(wire.client, wire.server.url('/')).answer
      await receive(wire.client, wire.server.url('/')).answer
      assert.equal(wire.server.connections.length, 1)
    })

    it('but never one on which bytes came that nobody asked for', async () => {
      await wire.start(({ socket }) => socket.write(ok('right')))
      await receive(wire.client, wire.server.url('/')).answer
      wire.server.connections[0]?.write(ok('false'))
      const began = performance.now()
      await closed(wire.server.connections[0])
      assert.ok(performance.now() - began < 10_000, 'long before it is too old')
      assert.equal((await receive(wire.client, wire.server.url('/')).answer).body.toString(), 'right')
      assert.equal(wire.server.connections.length, 2)
    })

    it('and replaces it once, unseen, when it dies before a byte of the answer', async () => {
      for (const die of ['end', 'resetAndDestroy'] as const) {
        await wire.start(({ socket, turn: number }) => {
          if (number === 0) socket.write(ok('x'))
          else socket[die]()
        })
        await receive(wire.client, wire.server.url('/')).answer
        assert.equal((await receive(wire.client, wire.server.url('/')).answer).body.toString(), 'x')
        assert.equal(wire.server.connections.length, 2)
      }
    })

    it('but does not repeat a request that a fresh connection lost, nor one with part of an answer', async () => {
      let requests = 0
      await wire.start(({ socket, turn: number, connection }) => {
        requests++
        if (connection === 0 && number === 0) socket.write(ok('x'))
        else if (connection === 0) socket.end('HTTP/1.1 2')
        else socket.end()
      })
      await receive(wire.client, wire.server.url('/')).answer
      await assert.rejects(receive(wire.client, wire.server.url('/')).answer, { code: 'connection-lost' })
      assert.equal(requests, 2)
      await assert.rejects(receive(wire.client, wire.server.url('/')).answer, { code: 'connection-lost' })
      assert.equal(requests, 3)
    })

    it('and closes the idle ones with the client', async () => {
      await wire.start(({ socket }) => socket.write(ok('x')))
      await receive(wire.client, wire.server.url('/')).answer
      wire.client.close()
      await closed(wire.server.connections[0])
    })
  })

  it('closes an idle connection before the server does', async () => {
    await wire.start(({ socket }) => socket.write(ok('x', 'Keep-Alive: timeout=1\r\n')), { headersTimeout: 100 })
    await receive(wire.client, wire.server.url('/')).answer
    const began = performance.now()
    await closed(wire.server.connections[0])
    assert.ok(performance.now() - began < 10_000, 'otherwise it lives 15 seconds')
  })
})
