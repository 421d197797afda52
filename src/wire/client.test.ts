import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { receive } from '../../test/support/receive.ts'
import { ok, wireFixture } from '../../test/support/wire-fixture.ts'
import { SluiceError } from '../core/errors.ts'

describe('the wire client', () => {
  const wire = wireFixture()

  describe('sends', () => {
    it('a request line with path and query, Host with port, and the given fields as they are', async () => {
      let head = ''
      await wire.start((request) => {
        head = request.head
        request.socket.write(ok('x'))
      })
      await receive(wire.client, wire.server.url('/a%20b?c=d'), { headers: [['X-One', '1\xff']] }).answer
      assert.deepEqual(head.split('\r\n'), [
        'GET /a%20b?c=d HTTP/1.1',
        `Host: 127.0.0.1:${wire.server.port}`,
        'Connection: keep-alive',
        'X-One: 1\xff',
      ])
    })

    it('the Host that was given instead of its own', async () => {
      let head = ''
      await wire.start((request) => {
        head = request.head
        request.socket.write(ok('x'))
      })
      await receive(wire.client, wire.server.url('/'), { headers: [['host', 'files.example']] }).answer
      assert.deepEqual(head.match(/^host: .*/gim), ['Host: files.example'])
    })

    it('nothing when a field would break the head', async () => {
      let requests = 0
      await wire.start(() => requests++)
      for (const field of [
        ['A\r\nB', 'x'],
        ['A', 'x\r\nB: y'],
        ['A', 'x\0'],
        ['A', 'ž'],
        ['Content-Length', '5'],
      ] as const) {
        await assert.rejects(receive(wire.client, wire.server.url('/'), { headers: [field] }).answer, { code: 'usage' })
      }
      assert.equal(requests, 0)
    })

    it('nothing to schemes other than http and https, nor when closed', async () => {
      await wire.start(() => undefined)
      await assert.rejects(receive(wire.client, new URL('ftp://127.0.0.1/')).answer, { code: 'bad-url' })
      wire.client.close()
      await assert.rejects(receive(wire.client, wire.server.url('/')).answer, { code: 'interrupted' })
      assert.equal(wire.server.connections.length, 0)
    })
  })

  describe('receives', () => {
    it('a body by length with its head, peer address and round trip', async () => {
      await wire.start(({ socket }) => socket.write(ok('hello', 'ETag: "a"\r\nX: 1\r\nx: 2\r\n')))
      const { exchange, answer } = receive(wire.client, wire.server.url('/f'))
      const { head, body, how } = await answer
      assert.equal(body.toString(), 'hello')
      assert.equal(how, 'length')
      assert.deepEqual([head.status, head.reason, head.version, head.contentLength], [200, 'OK', '1.1', 5])
      assert.deepEqual([head.field('etag'), head.field('x'), head.field('none')], ['"a"', '1, 2', undefined])
      assert.equal(head.remoteAddress, '127.0.0.1')
      assert.equal(head.url.pathname, '/f')
      assert.ok(exchange.connectMs !== null && exchange.connectMs >= 0)
    })

    it('a chunked body, a body up to the close, and no body', async () => {
      await wire.start(({ socket, head }) => {
        if (head.startsWith('GET /chunked')) {
          socket.write(
            'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3;x="y"\r\nabc\r\n2\r\nde\r\n0\r\nT: 1\r\n\r\n',
          )
        } else if (head.startsWith('GET /close')) socket.end('HTTP/1.0 200 OK\r\n\r\nuntil the end')
        else socket.write('HTTP/1.1 304 Not Modified\r\nContent-Length: 99\r\n\r\n')
      })
      const answers = ['/chunked', '/none', '/close'].map((path) => receive(wire.client, wire.server.url(path)).answer)
      const [chunked, none, close] = await Promise.all(answers)
      assert.deepEqual(
        [chunked?.how, chunked?.body.toString(), chunked?.head.contentLength],
        ['chunked', 'abcde', null],
      )
      assert.deepEqual([none?.how, none?.body.length], ['none', 0])
      assert.deepEqual([close?.how, close?.body.toString()], ['close', 'until the end'])
    })

    it('the final head only, skipping interim ones', async () => {
      await wire.start(({ socket }) =>
        socket.write(`HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early\r\nLink: x\r\n\r\n${ok('a')}`),
      )
      assert.equal((await receive(wire.client, wire.server.url('/')).answer).head.status, 200)
    })

    it('no length for a coded body', async () => {
      await wire.start(({ socket }) => socket.write(ok('zip', 'Content-Encoding: gzip\r\n')))
      assert.equal((await receive(wire.client, wire.server.url('/')).answer).head.contentLength, null)
    })

    it('many megabytes unharmed, through reads of any size', async () => {
      const body = Buffer.alloc(8_000_003, 'the quick brown fox ')
      await wire.start(({ socket }) => {
        socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n\r\n`)
        socket.write(body)
      })
      for (const size of [512 * 1024, 10_007]) {
        wire.client.setReadSize(size)
        const received = await receive(wire.client, wire.server.url('/')).answer
        assert.ok(received.body.equals(body))
      }
    })

    it('never more in one call than the read size', async () => {
      await wire.start(({ socket }) => {
        socket.write('HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n')
        socket.write(Buffer.alloc(100_000))
      })
      wire.client.setReadSize(1000)
      const sizes: number[] = []
      await new Promise<void>((resolve, reject) => {
        wire.client.get(
          { url: wire.server.url('/'), headers: [] },
          {
            head: () => undefined,
            data(_buffer, from, to) {
              sizes.push(to - from)
              return undefined
            },
            end: () => resolve(),
            fail: reject,
          },
        )
      })
      assert.ok(Math.max(...sizes) <= 1000, `largest ${Math.max(...sizes)}`)
    })
  })

  describe('checks the address', () => {
    const refuse = (): never => {
      throw new SluiceError('private-address', 'Not there.')
    }

    it('before a byte is sent', async () => {
      await wire.start(() => assert.fail('a request came'))
      await assert.rejects(receive(wire.client, wire.server.url('/'), { checkAddress: refuse }).answer, {
        code: 'private-address',
      })
    })

    it('on a reused connection too, which stays usable', async () => {
      await wire.start(({ socket }) => socket.write(ok('x')))
      const seen: string[] = []
      const note = (address: string, url: URL): void => {
        seen.push(`${address} ${url.pathname}`)
      }
      await receive(wire.client, wire.server.url('/a'), { checkAddress: note }).answer
      await assert.rejects(receive(wire.client, wire.server.url('/b'), { checkAddress: refuse }).answer, {
        code: 'private-address',
      })
      await receive(wire.client, wire.server.url('/c'), { checkAddress: note }).answer
      assert.deepEqual(seen, ['127.0.0.1 /a', '127.0.0.1 /c'])
      assert.equal(wire.server.connections.length, 1)
    })
  })
})
