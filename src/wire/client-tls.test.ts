import assert from 'node:assert/strict'
import dns from 'node:dns'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { before, describe, it, mock } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import tls from 'node:tls'
import type { TLSSocket, TlsOptions } from 'node:tls'
import type { Certificate } from '../../test/faults/certificate.ts'
import { makeCertificate } from '../../test/faults/certificate.ts'
import { receive } from '../../test/support/receive.ts'
import type { RawRequest } from '../../test/support/raw-server.ts'
import { ok, wireFixture } from '../../test/support/wire-fixture.ts'
import { createWireClient } from './client.ts'

describe('the wire client over TLS', () => {
  const wire = wireFixture()
  let certificate: Certificate

  before(async () => {
    certificate = await makeCertificate()
  })

  async function start(answer: (request: RawRequest) => void, options: TlsOptions = certificate): Promise<void> {
    await wire.start(answer, { ca: certificate.cert }, { tls: options })
  }

  describe('accepts', () => {
    it('a certificate of a built-in authority when further ones are given', async () => {
      const builtIn = await makeCertificate('IP:127.0.0.1,DNS:built-in.example')
      mock.method(tls, 'getCACertificates', () => [builtIn.cert])
      await start(({ socket }) => socket.write(ok('x')), builtIn)
      await receive(wire.client, wire.server.url('/')).answer
      mock.restoreAll()
    })

    it('a certificate of a given authority', async () => {
      await start(({ socket }) => socket.write(ok('safe')))
      const { head, body } = await receive(wire.client, wire.server.url('/')).answer
      assert.deepEqual([body.toString(), head.remoteAddress], ['safe', '127.0.0.1'])
    })

    it('any certificate when told so', async () => {
      const expired = await makeCertificate('DNS:elsewhere.example', true)
      await wire.start(({ socket }) => socket.write(ok('x')), { insecure: true }, { tls: expired })
      await receive(wire.client, wire.server.url('/')).answer
    })

    it('a name, which the server is told, but never an address', async () => {
      const named = await makeCertificate('DNS:files.example')
      const names: unknown[] = []
      await wire.start(
        ({ socket }) => {
          names.push((socket as TLSSocket).servername)
          socket.write(ok('x'))
        },
        { ca: named.cert },
        { tls: named },
      )
      mock.method(dns, 'lookup', (_name: string, _options: unknown, answer: (...all: unknown[]) => void) =>
        answer(null, [{ address: '127.0.0.1', family: 4 }]),
      )
      await receive(wire.client, new URL(`https://files.example:${wire.server.port}/`)).answer
      mock.restoreAll()
      await start(({ socket }) => {
        names.push((socket as TLSSocket).servername)
        socket.write(ok('x'))
      })
      await receive(wire.client, wire.server.url('/')).answer
      assert.deepEqual(names, ['files.example', false])
    })
  })

  describe('refuses with words', () => {
    it('an unknown authority', async () => {
      await wire.start(() => assert.fail('a request came'), {}, { tls: certificate })
      await assert.rejects(receive(wire.client, wire.server.url('/')).answer, {
        code: 'tls',
        message: `The certificate of 127.0.0.1:${wire.server.port} is self-signed.`,
      })
    })

    it('an expired certificate', async () => {
      const expired = await makeCertificate('IP:127.0.0.1', true)
      await wire.start(() => assert.fail('a request came'), { ca: expired.cert }, { tls: expired })
      await assert.rejects(receive(wire.client, wire.server.url('/')).answer, { code: 'tls', message: /has expired/ })
    })

    it('a certificate for another name', async () => {
      const other = await makeCertificate('DNS:elsewhere.example')
      await wire.start(() => assert.fail('a request came'), { ca: other.cert }, { tls: other })
      await assert.rejects(receive(wire.client, wire.server.url('/')).answer, { code: 'tls', message: /another name/ })
    })

    it('a server that does not speak TLS there', async () => {
      const plain = createServer((socket) => {
        socket.on('error', () => undefined)
        socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')
      }).listen(0, '127.0.0.1')
      await once(plain, 'listening')
      await start(() => undefined)
      const address = plain.address()
      assert.ok(address !== null && typeof address === 'object')
      const { answer } = receive(wire.client, new URL(`https://127.0.0.1:${address.port}/`))
      await assert.rejects(answer, { code: 'tls', message: /does not speak TLS/, hint: /http:\/\// })
      plain.close()
    })

    it('only old versions of TLS', async () => {
      await start(() => undefined, {
        ...certificate,
        minVersion: 'TLSv1',
        maxVersion: 'TLSv1.1',
        ciphers: 'ALL:@SECLEVEL=0',
      })
      await assert.rejects(receive(wire.client, wire.server.url('/')).answer, {
        code: 'tls',
        message: /no longer safe/,
      })
    })

    it('a wish for a client certificate', async () => {
      await start(() => undefined, { ...certificate, requestCert: true, rejectUnauthorized: true })
      const { answer } = receive(wire.client, wire.server.url('/'))
      await assert.rejects(
        answer,
        (error: { code: string }) => error.code === 'tls' || error.code === 'connection-lost',
      )
    })

    it('authorities that are no certificates', async () => {
      await start(() => undefined)
      const client = createWireClient({ ca: '-----BEGIN CERTIFICATE-----\nnonsense\n-----END CERTIFICATE-----\n' })
      await assert.rejects(receive(client, wire.server.url('/')).answer, { code: 'tls' })
    })

    it('a handshake that is cut, as a lost connection', async () => {
      for (const die of ['end', 'resetAndDestroy'] as const) {
        const cutter = createServer((socket) => {
          socket.on('error', () => undefined)
          socket.once('data', () => socket[die]())
        }).listen(0, '127.0.0.1')
        await once(cutter, 'listening')
        await start(() => undefined)
        const address = cutter.address()
        assert.ok(address !== null && typeof address === 'object')
        const { answer } = receive(wire.client, new URL(`https://127.0.0.1:${address.port}/`))
        await assert.rejects(answer, { code: 'connection-lost', message: /while TLS was set up/ })
        cutter.close()
      }
    })
  })

  it('checks the address before it says hello', async () => {
    let bytes = 0
    await wire.start(
      () => undefined,
      {},
      { onConnection: (socket) => socket.on('data', (data) => (bytes += data.length)) },
    )
    const refuse = (): never => {
      throw new TypeError('no')
    }
    const url = new URL(`https://127.0.0.1:${wire.server.port}/`)
    await assert.rejects(receive(wire.client, url, { checkAddress: refuse }).answer, { code: 'internal' })
    while (wire.server.connections[0]?.closed !== true) await turn()
    assert.equal(bytes, 0)
  })

  it('resumes the session on further connections', async () => {
    const resumed: boolean[] = []
    await start(({ socket }) => {
      resumed.push((socket as TLSSocket).isSessionReused())
      socket.write(ok('x', 'Connection: close\r\n'))
    })
    for (let index = 0; index < 3; index++) await receive(wire.client, wire.server.url('/')).answer
    assert.deepEqual(resumed, [false, true, true])
  })

  it('brings megabytes unharmed through pauses', async () => {
    const body = Buffer.alloc(3_000_001, 'abcdefghijklmnopqrstuvwxyz012345')
    await start(({ socket }) => {
      socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n\r\n`)
      socket.write(body)
    })
    wire.client.setReadSize(7001)
    const { exchange, head, answer, bytes } = receive(wire.client, wire.server.url('/'))
    await head
    for (let round = 0; round < 20; round++) {
      exchange.pause()
      const at = bytes()
      for (let index = 0; index < 10; index++) await turn()
      assert.ok(bytes() - at < 200_000, 'what was already decrypted, not more')
      const still = bytes()
      await turn()
      assert.equal(bytes(), still)
      exchange.resume()
      await turn()
    }
    assert.ok((await answer).body.equals(body))
  })

  for (const version of ['TLSv1.2', 'TLSv1.3'] as const) {
    describe(`a body that only the close of ${version} ends`, () => {
      const headText = 'HTTP/1.1 200 OK\r\n\r\n'
      const versions = (): TlsOptions => ({ ...certificate, minVersion: version, maxVersion: version })
      const bodies = [0, 1, 16_384, 300_000]

      it('is whole with close_notify, together with the last bytes or after them', async () => {
        for (const size of bodies) {
          for (const later of [false, true]) {
            await start(({ socket }) => {
              if (!later) socket.end(headText + 'x'.repeat(size))
              else socket.write(headText + 'x'.repeat(size), () => setTimeout(() => socket.end(), 20))
            }, versions())
            const { body, how } = await receive(wire.client, wire.server.url('/')).answer
            assert.deepEqual([how, body.length], ['close', size], `${size} ${later}`)
          }
        }
      })

      it('is lost when the connection ends without it', async () => {
        for (const size of bodies) {
          for (const later of [false, true]) {
            await start(({ socket }) => {
              socket.write(headText + 'x'.repeat(size), () => {
                if (later) setTimeout(endTcp, 20, socket)
                else endTcp(socket)
              })
            }, versions())
            await assert.rejects(receive(wire.client, wire.server.url('/')).answer, {
              code: 'connection-lost',
              message: /was cut/,
            })
          }
        }
      })

      it('is whole when it was paused over the end', async () => {
        await start(({ socket }) => socket.end(headText + 'x'.repeat(100_000)), versions())
        const { exchange, head, answer } = receive(wire.client, wire.server.url('/'))
        await head
        exchange.pause()
        for (let index = 0; index < 20; index++) await turn()
        exchange.resume()
        assert.equal((await answer).body.length, 100_000)
      })
    })
  }
})

/** Closes the TCP connection below TLS in an orderly way, without the alert that TLS asks for. */
function endTcp(socket: object): void {
  const inner: unknown = Reflect.get(Reflect.get(socket, '_handle') as object, '_parent')
  ;(inner as { close(): void }).close()
}
