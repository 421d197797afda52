import assert from 'node:assert/strict'
import { once } from 'node:events'
import { describe, it } from 'node:test'
import { makeCertificate } from '../../test/faults/certificate.ts'
import { echo, proxyFixture } from '../../test/support/proxy-fixture.ts'
import type { RawRequest } from '../../test/support/raw-server.ts'
import { receive } from '../../test/support/receive.ts'
import { ok } from '../../test/support/wire-fixture.ts'
import { SluiceError } from '../core/errors.ts'

const { serve, proxyWith, through, refused } = proxyFixture()

describe('the proxy client', () => {
  it('has http addresses forwarded, with the login for the proxy alone', async () => {
    const server = await serve(echo)
    const proxy = await proxyWith({ login: 'al:ge:heim' })
    const client = through(proxy, 'http', 'al:ge%3Aheim')
    const headers = [
      ['User-Agent', 'me'],
      ['X-Twice', '1'],
      ['X-Twice', '2'],
    ] as const
    const { head, body, how } = await receive(client, server.url('/a%20b?c=d'), { headers }).answer
    assert.deepEqual([head.status, head.remoteAddress, head.contentLength, how], [200, '', body.length, 'length'])
    assert.deepEqual(proxy.asked, [{ how: 'forward', target: server.url('/a%20b?c=d').href, login: 'al:ge:heim' }])
    const lines = body.toString().split('\r\n')
    assert.equal(lines[0], 'GET /a%20b?c=d HTTP/1.1')
    assert.ok(lines.some((line) => line.toLowerCase() === `host: 127.0.0.1:${server.port}`))
    assert.deepEqual(
      lines.filter((line) => /^x-twice/i.test(line)),
      ['X-Twice: 1', 'X-Twice: 2'],
    )
    assert.doesNotMatch(body.toString(), /proxy-auth|heim/i)
  })

  it('tunnels https addresses with CONNECT; the origin sees no login, the proxy no headers', async () => {
    const tls = await makeCertificate()
    const server = await serve(echo, { tls })
    const proxy = await proxyWith({ login: 'al:geheim' })
    const client = through(proxy, 'http', 'al:geheim', { ca: tls.cert })
    const { body } = await receive(client, server.url('/x'), { headers: [['Authorization', 'Bearer t']] }).answer
    assert.match(body.toString(), /^GET \/x HTTP\/1\.1\r\n/)
    assert.match(body.toString(), /Bearer t/)
    assert.doesNotMatch(body.toString(), /proxy|geheim/i)
    assert.deepEqual(proxy.asked, [{ how: 'connect', target: `127.0.0.1:${server.port}`, login: 'al:geheim' }])
  })

  it('reaches a proxy over TLS', async () => {
    const tls = await makeCertificate()
    const [server, secure] = [await serve(echo), await serve(echo, { tls })]
    const proxy = await proxyWith({ tls })
    const client = through(proxy, 'https', '', { ca: tls.cert })
    await receive(client, server.url('/')).answer
    await receive(client, secure.url('/')).answer
    assert.deepEqual(
      proxy.asked.map(({ how }) => how),
      ['forward', 'connect'],
    )
    await refused(through(proxy, 'https'), server.url('/'), 'proxy', /proxy cannot be used: The certificate of 127/)
  })

  for (const scheme of ['socks5', 'socks5h']) {
    it(`goes through ${scheme} with user and password, for http and https`, async () => {
      const tls = await makeCertificate()
      const [server, secure] = [await serve(echo), await serve(echo, { tls })]
      const proxy = await proxyWith({ login: 'al:gehé im' })
      const client = through(proxy, scheme, 'al:geh%C3%A9%20im', { ca: tls.cert })
      const { body } = await receive(client, server.url('/')).answer
      await receive(client, secure.url('/')).answer
      assert.doesNotMatch(body.toString(), /proxy/i)
      assert.deepEqual(
        proxy.asked,
        [server, secure].map(({ port }) => ({ how: 'socks5', target: `127.0.0.1:${port}`, login: 'al:gehé im' })),
      )
    })
  }

  it('lets socks5h:// look names up at the proxy and socks5:// here', async () => {
    const server = await serve(echo)
    const proxy = await proxyWith({ port: server.port })
    await receive(through(proxy, 'socks5h'), new URL('http://nowhere.invalid:81/')).answer
    await receive(through(proxy, 'socks5', '', { family: 4 }), new URL('http://localhost:82/')).answer
    assert.deepEqual(
      proxy.asked.map(({ target }) => target),
      ['nowhere.invalid:81', '127.0.0.1:82'],
    )
    await refused(through(proxy, 'socks5'), new URL('http://nowhere.invalid/'), 'dns', /nowhere\.invalid/)
  })

  it('sends IPv6 addresses whole', async () => {
    const server = await serve(echo)
    const proxy = await proxyWith({ port: server.port })
    await receive(through(proxy, 'socks5'), new URL('http://[2001:db8::7]:80/')).answer
    await receive(through(proxy), new URL('http://[2001:db8::7]:81/')).answer
    assert.deepEqual(
      proxy.asked.map(({ target }) => target),
      ['20010db8000000000000000000000007:80', 'http://[2001:db8::7]:81/'],
    )
  })

  it('gives parallel requests connections of their own, and keeps one for the next', async () => {
    const waiting: RawRequest[] = []
    const server = await serve((request) => {
      waiting.push(request)
      if (waiting.length === 3) for (const { socket } of waiting) socket.write(ok('x'))
      else if (waiting.length > 3) request.socket.write(ok('y'))
    })
    const client = through(await proxyWith())
    await Promise.all([1, 2, 3].map((n) => receive(client, server.url(`/${n}`)).answer))
    assert.equal(server.connections.length, 3)
    await new Promise(setImmediate)
    await receive(client, server.url('/4')).answer
    assert.equal(server.connections.length, 3)
  })

  it('fails when the answer does not begin, or its bytes stop coming', async () => {
    const mute = await serve(() => undefined)
    await refused(
      through(await proxyWith(), 'http', '', { headersTimeout: 50 }),
      mute.url('/'),
      'headers-timeout',
      /within 0\.05 s/,
    )
    const stalls = await serve(({ socket }) => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhi'))
    await refused(
      through(await proxyWith(), 'http', '', { stallTimeout: 50 }),
      stalls.url('/'),
      'stalled',
      /sent nothing for 0\.05 s/,
    )
  })

  it('delivers nothing while paused, without calling that a stall, and everything afterwards', async () => {
    const body = Buffer.alloc(3_000_000, 'abc')
    const server = await serve(({ socket }) => {
      socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n\r\n`)
      socket.end(body)
    })
    const client = through(await proxyWith(), 'http', '', { stallTimeout: 40, readSize: 1000 })
    const { exchange, head, answer, bytes } = receive(client, server.url('/'))
    await head
    exchange.pause()
    exchange.pause()
    exchange.resume()
    const before = bytes()
    await new Promise((resolve) => setTimeout(resolve, 120))
    assert.equal(bytes(), before)
    exchange.resume()
    assert.ok((await answer).body.equals(body))
  })

  it('hands over pieces of the chosen size at most', async () => {
    const server = await serve(({ socket }) => socket.write(ok('x'.repeat(10_000))))
    const client = through(await proxyWith())
    client.setReadSize(700)
    const sizes: number[] = []
    const { promise, resolve, reject } = Promise.withResolvers<string>()
    client.get(
      { url: server.url('/'), headers: [] },
      { head: () => undefined, end: resolve, fail: reject, data: (_, start, end) => void sizes.push(end - start) },
    )
    assert.equal(await promise, 'length')
    assert.equal(Math.max(...sizes), 700)
    assert.equal(
      sizes.reduce((a, b) => a + b),
      10_000,
    )
  })

  it('calls nothing after an abort, and closes the connection', async () => {
    const requests = Promise.withResolvers<RawRequest>()
    const server = await serve((request) => requests.resolve(request))
    const client = through(await proxyWith())
    const calls: string[] = []
    const note = (what: string) => (): undefined => void calls.push(what)
    const exchange = client.get(
      { url: server.url('/'), headers: [] },
      { head: note('head'), data: note('data'), end: note('end'), fail: note('fail') },
    )
    const { socket } = await requests.promise
    exchange.abort()
    await once(socket, 'close')
    assert.deepEqual(calls, [])
    const early = client.get(
      { url: server.url('/'), headers: [] },
      { head: note('head'), data: note('data'), end: note('end'), fail: note('fail') },
    )
    early.abort()
    exchange.abort()
    exchange.pause()
    exchange.resume()
    await new Promise(setImmediate)
    assert.deepEqual(calls, [])
  })

  it('turns an exception of the receiver into a failure', async () => {
    const server = await serve(({ socket }) => socket.write(ok('x')))
    const { promise, resolve } = Promise.withResolvers<SluiceError>()
    const client = through(await proxyWith())
    client.get(
      { url: server.url('/'), headers: [] },
      {
        head: () => undefined,
        end: () => undefined,
        fail: resolve,
        data() {
          throw new SluiceError('disk-full', 'No space.')
        },
      },
    )
    assert.equal((await promise).code, 'disk-full')
  })

  it('asks the address policy before the proxy', async () => {
    const proxy = await proxyWith()
    const checkAddress = (address: string): void => {
      throw new SluiceError('private-address', `[${address}]`)
    }
    await assert.rejects(receive(through(proxy), new URL('http://files.test/'), { checkAddress }).answer, {
      code: 'private-address',
      message: '[]',
    })
    assert.deepEqual(proxy.asked, [])
  })

  it('refuses fields that no head can hold, and every request after close', async () => {
    const proxy = await proxyWith()
    const client = through(proxy)
    await assert.rejects(receive(client, new URL('http://a.test/'), { headers: [['X', 'a\r\nb']] }).answer, {
      code: 'usage',
    })
    client.close()
    await assert.rejects(receive(client, new URL('http://a.test/')).answer, { code: 'interrupted' })
    assert.deepEqual(proxy.asked, [])
  })

  it('lets what runs end after close', async () => {
    const requests = Promise.withResolvers<RawRequest>()
    const server = await serve((request) => requests.resolve(request))
    const client = through(await proxyWith())
    const { answer } = receive(client, server.url('/'))
    const { socket } = await requests.promise
    client.close()
    socket.write(ok('late'))
    assert.equal((await answer).body.toString(), 'late')
    // An idle connection that is merely forgotten lasts 4 s.
    await once(socket, 'close', { signal: AbortSignal.timeout(2000) })
  })
})
