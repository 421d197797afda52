import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { receive } from '../../test/support/receive.ts'
import { closed, wireFixture } from '../../test/support/wire-fixture.ts'
import { SluiceError } from '../core/errors.ts'

describe('the wire client', () => {
  const wire = wireFixture()

  describe('refuses', () => {
    const refused: ReadonlyArray<readonly [what: string, answer: string, code: string]> = [
      ['a peer that speaks something else', 'SSH-2.0-OpenSSH_9\r\n', 'bad-response'],
      ['TLS on a plain connection', '\x15\x03\x01\x00\x02\x02\x46', 'bad-response'],
      ['two lengths', 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\nhi', 'bad-response'],
      ['a folded field', 'HTTP/1.1 200 OK\r\nA: b\r\n c\r\n\r\n', 'bad-response'],
      ['a bare line feed', 'HTTP/1.1 200 OK\nContent-Length: 0\n\n', 'bad-response'],
      ['an upgrade', 'HTTP/1.1 101 Switching\r\n\r\n', 'bad-response'],
      ['interim answers without end', 'HTTP/1.1 100 Continue\r\n\r\n'.repeat(40), 'bad-response'],
      ['a chunk without a size', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n', 'bad-response'],
      ['too many fields', `HTTP/1.1 200 OK\r\n${'a: b\r\n'.repeat(5001)}\r\n`, 'head-too-large'],
    ]
    for (const [what, answer, code] of refused) {
      it(`${what} at once, though the connection stays open`, async () => {
        await wire.start(({ socket }) => socket.write(answer, 'latin1'))
        await assert.rejects(receive(wire.client, wire.server.url('/')).answer, { code })
      })
    }

    it('a header of 10 MB early, with flat memory', async () => {
      let written = 0
      await wire.start(({ socket }) => {
        socket.write('HTTP/1.1 200 OK\r\n')
        const line = Buffer.from(`X: ${'y'.repeat(996)}\r\n`)
        const more = (): void => {
          while (written < 10_000_000) {
            written += line.length
            if (!socket.write(line)) {
              socket.once('drain', more)
              return
            }
          }
        }
        more()
      })
      // What Node itself allocates on the first connection is not ours.
      const before = process.memoryUsage()
      await assert.rejects(receive(wire.client, wire.server.url('/')).answer, { code: 'head-too-large' })
      const after = process.memoryUsage()
      assert.ok(after.arrayBuffers - before.arrayBuffers < 6_000_000, 'buffers grew')
    })
  })

  describe('fails', () => {
    it('as short-body when fewer bytes come than announced', async () => {
      await wire.start(({ socket }) => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n12345'))
      await assert.rejects(receive(wire.client, wire.server.url('/')).answer, (error: SluiceError) => {
        assert.equal(error.code, 'short-body')
        assert.equal(error.message, `127.0.0.1:${wire.server.port} announced 10 bytes and sent 5.`)
        return true
      })
    })

    it('as connection-lost when a chunked body or a head is cut', async () => {
      const cut = ['HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab', 'HTTP/1.1 200 OK\r\nA', '']
      for (const text of cut) {
        await wire.start(({ socket }) => socket.end(text))
        await assert.rejects(receive(wire.client, wire.server.url('/')).answer, { code: 'connection-lost' })
      }
    })

    it('as connection-lost on a reset, also where only the close ends the body', async () => {
      const texts = ['HTTP/1.0 200 OK\r\n\r\nabc', 'HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc']
      for (const text of texts) {
        await wire.start(({ socket }) => socket.write(text))
        const { head, answer } = receive(wire.client, wire.server.url('/'))
        await head
        wire.server.connections[0]?.resetAndDestroy()
        await assert.rejects(answer, { code: 'connection-lost' })
      }
      await wire.start(({ socket }) => socket.resetAndDestroy())
      await assert.rejects(receive(wire.client, wire.server.url('/')).answer, { code: 'connection-lost' })
    })

    it('with the exception of a callback, and closes the connection', async () => {
      await wire.start(({ socket }) => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc'))
      const boom = new SluiceError('disk-full', 'The disk is full.')
      const error = await new Promise<SluiceError>((resolve) => {
        wire.client.get(
          { url: wire.server.url('/'), headers: [] },
          {
            head: () => undefined,
            data() {
              throw boom
            },
            end: () => assert.fail('no end'),
            fail: resolve,
          },
        )
      })
      assert.equal(error, boom)
      await closed(wire.server.connections[0])
    })
  })
})
