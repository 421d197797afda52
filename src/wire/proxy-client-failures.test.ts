import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { makeCertificate } from '../../test/faults/certificate.ts'
import { echo, proxyFixture } from '../../test/support/proxy-fixture.ts'
import { startProxyServer } from '../../test/support/proxy-server.ts'
import { receive } from '../../test/support/receive.ts'

const { serve, proxyWith, through, clientOf, refused } = proxyFixture()

describe('the proxy client', () => {
  describe('names the proxy when it', () => {
    const url = new URL('https://files.test/x')
    const plain = new URL('http://files.test/x')

    it('asks for a login or does not accept it', async () => {
      const proxy = await proxyWith({ login: 'al:p' })
      for (const target of [url, plain]) {
        const missing = await refused(
          through(proxy),
          target,
          'proxy',
          /proxy 127\.0\.0\.1:\d+ asks for a user and a password \(407\)/,
        )
        assert.deepEqual([missing.retry, missing.status], ['never', 407])
        await refused(
          through(proxy, 'http', 'al:geheim'),
          target,
          'proxy',
          /does not accept the user and password \(407\)/,
        )
      }
      await refused(through(proxy, 'socks5h'), url, 'proxy', /asks for a user and a password/)
      await refused(through(proxy, 'socks5h', 'al:geheim'), url, 'proxy', /does not accept the user and password/)
    })

    it('refuses or fails to connect', async () => {
      const forbids = await proxyWith({ insteadOfTunnel: 'HTTP/1.1 403 No\r\nContent-Length: 0\r\n\r\n' })
      assert.equal(
        (await refused(through(forbids), url, 'proxy', /made no connection to files\.test:443 \(403\)/)).retry,
        'never',
      )
      const fails = await proxyWith({ insteadOfTunnel: 'HTTP/1.1 502 Bad\r\n\r\n' })
      assert.equal((await refused(through(fails), url, 'proxy', /\(502\)/)).retry, 'backoff')
      const socks = await proxyWith({ insteadOfTunnel: '\x05\x05\x00\x01\0\0\0\0\0\0' })
      await refused(
        through(socks, 'socks5h'),
        url,
        'proxy',
        /made no connection to files\.test:443: the connection was refused/,
      )
      const ruled = await proxyWith({ insteadOfTunnel: '\x05\x02\x00\x01\0\0\0\0\0\0' })
      await refused(through(ruled, 'socks5h'), plain, 'proxy', /files\.test:80: its rules do not allow that/)
    })

    it('is no proxy or goes away', async () => {
      const silent = await proxyWith({ insteadOfTunnel: '' })
      await refused(through(silent), url, 'proxy', /broke the connection off when asked for files\.test:443/)
      await refused(through(silent, 'socks5h'), url, 'proxy', /closed the connection instead of making one/)
      const ssh = await proxyWith({ insteadOfTunnel: 'SSH-2.0-OpenSSH_9\r\n' })
      await refused(through(ssh), url, 'proxy', /does not speak HTTP/)
      const web = await serve(({ socket }) => socket.end('HTTP/1.1 400 Bad\r\n\r\n'), {
        onConnection: (socket) => socket.end('HTTP/1.1 400\r\n\r\n'),
      })
      await refused(clientOf(`socks5h://127.0.0.1:${web.port}`), url, 'proxy', /is no SOCKS5 proxy/)
    })

    it('cannot be reached', async () => {
      const gone = await startProxyServer()
      await gone.close()
      for (const scheme of ['http', 'socks5h']) {
        await refused(
          clientOf(`${scheme}://u:geheim@127.0.0.1:${gone.port}`),
          url,
          'proxy',
          /proxy cannot be used: 127\.0\.0\.1:\d+ refused/,
        )
      }
      await refused(
        clientOf('http://nowhere.invalid:1'),
        url,
        'proxy',
        /proxy cannot be used: The address of nowhere\.invalid/,
      )
    })

    it('takes too long', async () => {
      const mute = await serve(() => undefined)
      for (const scheme of ['http', 'socks5h', 'https']) {
        await refused(
          clientOf(`${scheme}://127.0.0.1:${mute.port}`, { connectTimeout: 60 }),
          url,
          'proxy',
          /no connection to files\.test:443 within 0\.06 s/,
        )
      }
    })
  })

  it('tells TLS trouble of the origin from that of the proxy', async () => {
    const server = await serve(echo, { tls: await makeCertificate() })
    await refused(through(await proxyWith()), server.url('/'), 'tls', /certificate of 127\.0\.0\.1:\d+ is self-signed/)
    const trusting = through(await proxyWith(), 'http', '', { insecure: true })
    await receive(trusting, server.url('/')).answer
    const mute = await serve(() => undefined)
    const slow = through(await proxyWith(), 'http', '', { tlsTimeout: 60 })
    await refused(slow, new URL(`https://127.0.0.1:${mute.port}/`), 'connect-timeout', /TLS within 0\.06 s/)
  })

  describe('judges answers as strictly as the direct client:', () => {
    const cases: ReadonlyArray<readonly [what: string, answer: string, code: string]> = [
      ['fewer bytes than announced', 'HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhi', 'short-body'],
      [
        'an unfinished chunked body',
        'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n',
        'connection-lost',
      ],
      ['no answer', '', 'connection-lost'],
      ['an answer that is no HTTP', 'SSH-2.0-OpenSSH_9\r\n', 'bad-response'],
      ['two lengths', 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\nhi', 'bad-response'],
      ['an endless header', `HTTP/1.1 200 OK\r\nX: ${'x'.repeat(400_000)}\r\n\r\n`, 'head-too-large'],
    ]
    for (const [what, answer, code] of cases) {
      it(`${what} is ${code}`, async () => {
        const server = await serve(({ socket }) => socket.end(answer))
        for (const scheme of ['http', 'socks5']) {
          await assert.rejects(receive(through(await proxyWith(), scheme), server.url('/')).answer, { code })
        }
      })
    }

    it('interim answers are passed over, all ends are told apart, a redirect and a 407 of the origin are answers', async () => {
      const answers = [
        'HTTP/1.1 103 Early\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n',
        'HTTP/1.1 200 OK\r\n\r\nhi',
        'HTTP/1.1 204 No\r\n\r\n',
        'HTTP/1.1 302 Go\r\nLocation: \xc3\xbc\r\nContent-Length: 2\r\n\r\nhi',
        'HTTP/1.1 407 X\r\nContent-Length: 2\r\n\r\nhi',
      ]
      const seen: unknown[] = []
      for (const answer of answers) {
        const server = await serve(({ socket }) => socket.end(answer, 'latin1'))
        const { head: first, answer: whole } = receive(through(await proxyWith(), 'socks5'), server.url('/'))
        const { head, body, how } = await whole
        assert.equal(await first, head)
        seen.push([head.status, how, body.toString(), head.field('location')])
      }
      assert.deepEqual(seen, [
        [200, 'chunked', 'hi', undefined],
        [200, 'close', 'hi', undefined],
        [204, 'none', '', undefined],
        [302, 'length', 'hi', '\xc3\xbc'],
        [407, 'length', 'hi', undefined],
      ])
    })
  })
})
