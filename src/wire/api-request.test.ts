import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterEach, describe, it } from 'node:test'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import { makeCertificate } from '../../test/faults/certificate.ts'
import { echo } from '../../test/support/proxy-fixture.ts'
import { startProxyServer } from '../../test/support/proxy-server.ts'
import { startRawServer } from '../../test/support/raw-server.ts'
import type { RawRequest, RawServer, RawServerOptions } from '../../test/support/raw-server.ts'
import { closed, ok } from '../../test/support/wire-fixture.ts'
import { SluiceError } from '../core/errors.ts'
import { createApiClient } from './api-request.ts'
import type { ApiClient, ApiClientOptions } from './api-request.ts'

const opened: Array<{ close(): unknown }> = []
afterEach(async () => {
  for (const one of opened.splice(0).reverse()) await one.close()
})

async function serve(answer: (request: RawRequest) => void, options: RawServerOptions = {}): Promise<RawServer> {
  const server = await startRawServer(answer, options)
  opened.push(server)
  return server
}

function client(options: ApiClientOptions = {}): ApiClient {
  const made = createApiClient(options)
  opened.push(made)
  return made
}

function coded(name: string, body: Buffer): Buffer {
  const head = `HTTP/1.1 200 OK\r\nContent-Encoding: ${name}\r\nContent-Length: ${body.length}\r\n\r\n`
  return Buffer.concat([Buffer.from(head), body])
}

async function fails(asked: Promise<unknown>, code: string, words = /./): Promise<void> {
  await assert.rejects(asked, (error) => {
    assert.ok(error instanceof SluiceError, String(error))
    assert.equal(error.code, code, error.message)
    assert.match(error.message, words)
    return true
  })
}

const maxBytes = 1000

describe('the API client', () => {
  it('sends our agent and asks for plain bytes, and gives status, fields and body', async () => {
    const server = await serve(({ socket, head }) => {
      socket.write(`HTTP/1.1 404 Nope\r\nX-A: 1\r\nx-a: 2\r\nContent-Length: ${head.length}\r\n\r\n${head}`)
    })
    const url = server.url('/v2/x?y=%20z')
    const answer = await client().request({ method: 'GET', url, headers: [['X-Own', 'mine']], maxBytes })
    assert.equal(answer.status, 404)
    assert.deepEqual(
      [answer.headers.get('X-A'), answer.headers.all('x-a'), answer.headers.get('x-b')],
      ['1, 2', ['1', '2'], null],
    )
    assert.deepEqual([answer.url.href, answer.remoteAddress], [url.href, '127.0.0.1'])
    const lines = answer.body.toString().toLowerCase().split('\r\n')
    assert.equal(lines[0], 'get /v2/x?y=%20z http/1.1')
    for (const line of ['user-agent: sluice/0.1.0', 'accept: */*', 'accept-encoding: identity', 'x-own: mine']) {
      assert.ok(lines.includes(line), line)
    }
  })

  it('takes the agent and Accept of the caller instead', async () => {
    const server = await serve(echo)
    const headers = [
      ['accept', 'application/json'],
      ['User-Agent', 'me/1'],
    ] as const
    const { body } = await client({ userAgent: 'other' }).request({
      method: 'GET',
      url: server.url('/'),
      headers,
      maxBytes,
    })
    assert.match(body.toString(), /^user-agent: me\/1\r?$/im)
    assert.match(body.toString(), /^accept: application\/json\r?$/im)
    assert.equal(body.toString().match(/^(?:accept|user-agent):/gim)?.length, 2)
  })

  it('posts a form', async () => {
    const server = createServer((request, response) => {
      void text(request).then((body) => response.end(`${request.method} ${request.headers['content-type']} ${body}`))
    }).listen(0, '127.0.0.1')
    opened.push(server)
    await once(server, 'listening')
    const url = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`)
    const headers = [['Content-Type', 'application/x-www-form-urlencoded']] as const
    const answer = await client().request({ method: 'POST', url, headers, body: 'a=b%26&c=é', maxBytes })
    assert.equal(answer.body.toString(), 'POST application/x-www-form-urlencoded a=b%26&c=é')
  })

  it('follows no redirect', async () => {
    const server = await serve(({ socket }) =>
      socket.write('HTTP/1.1 307 X\r\nLocation: /b\r\nContent-Length: 0\r\n\r\n'),
    )
    const answer = await client().request({ method: 'GET', url: server.url('/a'), maxBytes })
    assert.deepEqual([answer.status, answer.headers.get('location')], [307, '/b'])
    assert.equal(server.connections.length, 1)
  })

  it('gives the head alone for HEAD, whatever length it announces', async () => {
    const server = await serve(({ socket }) => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 99999\r\n\r\n'))
    const answer = await client().request({ method: 'HEAD', url: server.url('/'), maxBytes })
    assert.deepEqual([answer.headers.get('content-length'), answer.body.length], ['99999', 0])
  })

  it('keeps a connection for the next request, and judges its address each time', async () => {
    const server = await serve(({ socket }) => socket.write(ok('x')))
    const judged: string[] = []
    const guard = (address: string, url: URL): void => void judged.push(`${address} ${url.pathname}`)
    const api = client()
    await api.request({ method: 'GET', url: server.url('/1'), maxBytes, guard })
    await api.request({ method: 'GET', url: server.url('/2'), maxBytes, guard })
    assert.equal(server.connections.length, 1)
    assert.deepEqual(judged, ['127.0.0.1 /1', '127.0.0.1 /2'])
  })

  it('sends nothing where the guard refuses, on a new connection and on a kept one', async () => {
    const heads: string[] = []
    const server = await serve(({ socket, head }) => {
      heads.push(head.split('\r\n')[0] ?? '')
      socket.write(ok('x'))
    })
    const guard = (): void => {
      throw new SluiceError('private-address', 'Not there.')
    }
    const api = client()
    await fails(api.request({ method: 'GET', url: server.url('/new'), maxBytes, guard }), 'private-address')
    await api.request({ method: 'GET', url: server.url('/fine'), maxBytes })
    await fails(api.request({ method: 'GET', url: server.url('/kept'), maxBytes, guard }), 'private-address')
    assert.deepEqual(heads, ['GET /fine HTTP/1.1'])
  })

  it('judges the address before TLS begins', async () => {
    const tls = await makeCertificate()
    let bytes = 0
    const server = await serve(echo, { onConnection: (socket) => socket.on('data', (data) => (bytes += data.length)) })
    const guard = (): void => {
      throw new SluiceError('private-address', 'Not there.')
    }
    const url = new URL(`https://127.0.0.1:${server.port}/`)
    await fails(client({ ca: tls.cert }).request({ method: 'GET', url, maxBytes, guard }), 'private-address')
    await closed(server.connections[0])
    assert.equal(bytes, 0)
  })

  it('refuses an answer above the limit, announced or not', async () => {
    const server = await serve(({ socket, head }) => {
      if (head.includes('/announced')) socket.write(`HTTP/1.1 200 OK\r\nContent-Length: 1001\r\n\r\n`)
      else socket.write(`HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3e9\r\n${'x'.repeat(1001)}\r\n`)
    })
    const api = client()
    await fails(
      api.request({ method: 'GET', url: server.url('/announced'), maxBytes }),
      'answer-too-large',
      /1000 bytes/,
    )
    await fails(api.request({ method: 'GET', url: server.url('/chunked'), maxBytes }), 'answer-too-large')
    for (const socket of server.connections) await closed(socket)
  })

  it('takes an answer of just the limit', async () => {
    const server = await serve(({ socket }) => socket.write(ok('x'.repeat(1000))))
    assert.equal((await client().request({ method: 'GET', url: server.url('/'), maxBytes })).body.length, 1000)
  })

  it('cuts what only explains a failure at 64 KiB, endless or broken as it may be', async () => {
    const server = await serve(({ socket, head }) => {
      if (head.includes('/endless')) {
        socket.write('HTTP/1.1 500 X\r\nTransfer-Encoding: chunked\r\n\r\n')
        const piece = `10000\r\n${'y'.repeat(65536)}\r\n`
        const more = (): void => {
          while (!socket.destroyed && socket.write(piece));
          if (!socket.destroyed) socket.once('drain', more)
        }
        more()
      } else {
        socket.end('HTTP/1.1 416 X\r\nContent-Length: 5000\r\n\r\nshort')
      }
    })
    const api = client()
    const endless = await api.request({ method: 'GET', url: server.url('/endless'), maxBytes })
    assert.deepEqual([endless.status, endless.body.length], [500, 65536])
    const broken = await api.request({ method: 'GET', url: server.url('/broken'), maxBytes })
    assert.deepEqual([broken.status, broken.body.toString()], [416, 'short'])
  })

  it('decodes what is encoded unasked, up to the limit, and refuses unknown or damaged codings', async () => {
    const bodies: Readonly<Record<string, Buffer>> = {
      '/gzip': coded('gzip', gzipSync('plain')),
      '/br': coded('BR', brotliCompressSync('plain')),
      '/bomb': coded('gzip', gzipSync('0'.repeat(100_000))),
      '/odd': coded('x\u001bodd', Buffer.from('?')),
      '/damaged': coded('gzip', Buffer.from('no gzip')),
      '/constructor': coded('constructor', Buffer.from('x')),
    }
    const server = await serve(({ socket, head }) => socket.write(bodies[head.split(' ')[1] ?? ''] ?? ''))
    const get = (path: string): Promise<{ body: Buffer }> =>
      client().request({ method: 'GET', url: server.url(path), maxBytes })
    assert.equal((await get('/gzip')).body.toString(), 'plain')
    assert.equal((await get('/br')).body.toString(), 'plain')
    await fails(get('/bomb'), 'answer-too-large')
    await fails(get('/damaged'), 'bad-encoding', /damaged/)
    await fails(get('/constructor'), 'bad-encoding', /"constructor"/)
  })

  it('says what is wrong with the connection', async () => {
    const server = await serve(({ socket, head }) => {
      const path = head.split(' ')[1]
      if (path === '/reset') socket.resetAndDestroy()
      else if (path === '/short') socket.end('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nx')
      else if (path === '/nonsense') socket.end('SSH-2.0\r\n\r\n')
      else if (path === '/head') socket.write(`HTTP/1.1 200 OK\r\nX: ${'y'.repeat(400_000)}\r\n\r\n`)
    })
    const get = (path: string): Promise<unknown> => client().request({ method: 'GET', url: server.url(path), maxBytes })
    await fails(get('/reset'), 'connection-lost')
    await fails(get('/short'), 'short-body')
    await fails(get('/nonsense'), 'bad-response')
    await fails(get('/head'), 'head-too-large')
    const free = await startRawServer(echo)
    await free.close()
    await fails(client().request({ method: 'GET', url: free.url('/'), maxBytes }), 'connect-refused')
    const unknown = new URL('http://nowhere.invalid/')
    await fails(client().request({ method: 'GET', url: unknown, maxBytes }), 'dns', /nowhere\.invalid/)
  })

  it('has a patience for the head, for silence in the body and for the whole', async () => {
    const server = await serve(({ socket, head }) => {
      if (head.includes('/silent')) socket.write('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nx')
      if (!head.includes('/drip')) return
      socket.write('HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\n')
      const drip = setInterval(() => socket.write('x'), 10)
      socket.on('close', () => clearInterval(drip))
    })
    const get = (path: string, options: ApiClientOptions): Promise<unknown> =>
      client(options).request({ method: 'GET', url: server.url(path), maxBytes })
    await fails(get('/mute', { headersTimeout: 50 }), 'headers-timeout')
    await fails(get('/silent', { stallTimeout: 50 }), 'stalled', /sent nothing/)
    await fails(get('/drip', { totalTimeout: 150 }), 'stalled', /did not finish/)
    for (const socket of server.connections) await closed(socket)
  })

  it('ends at once when the signal aborts: while connecting, waiting and reading', async () => {
    const server = await serve(({ socket, head }) => {
      if (head.includes('/body')) socket.write('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nx')
      socket.emit('asked')
    })
    const api = client()
    for (const path of ['/head', '/body']) {
      const stop = new AbortController()
      const asked = api.request({ method: 'GET', url: server.url(path), maxBytes, signal: stop.signal })
      const failed = fails(asked, 'interrupted')
      setTimeout(() => stop.abort(), 30)
      await failed
    }
    await fails(
      api.request({ method: 'GET', url: server.url('/'), maxBytes, signal: AbortSignal.abort() }),
      'interrupted',
    )
    assert.equal(server.connections.length, 2)
    for (const socket of server.connections) await closed(socket)
  })

  it('ends what is being connected when the signal aborts', async () => {
    const tls = await makeCertificate()
    // Takes the connection and says nothing, so TLS is never set up.
    const server = await serve(() => undefined)
    const stop = new AbortController()
    const url = new URL(`https://127.0.0.1:${server.port}/`)
    const asked = client({ ca: tls.cert }).request({ method: 'GET', url, maxBytes, signal: stop.signal })
    setTimeout(() => stop.abort(), 30)
    await fails(asked, 'interrupted')
    await closed(server.connections[0])
  })

  it('verifies certificates, takes further authorities and can be told not to', async () => {
    const tls = await makeCertificate()
    const server = await serve(echo, { tls })
    const get = (options: ApiClientOptions): Promise<unknown> =>
      client(options).request({ method: 'GET', url: server.url('/'), maxBytes })
    await fails(get({}), 'tls')
    await get({ ca: tls.cert })
    await get({ insecure: true })
  })

  it('keeps to the wanted family of addresses', async () => {
    const server = await serve(echo)
    const url = new URL(`http://localhost:${server.port}/`)
    assert.equal((await client({ family: 4 }).request({ method: 'GET', url, maxBytes })).remoteAddress, '127.0.0.1')
    await assert.rejects(client({ family: 6 }).request({ method: 'GET', url, maxBytes }), SluiceError)
  })

  it('goes through the proxy of the flag or the environment, whose login the origin never sees', async () => {
    const tls = await makeCertificate()
    const [plain, secure] = [await serve(echo), await serve(echo, { tls })]
    const proxy = await startProxyServer({ login: 'al:geheim' })
    opened.push(proxy)
    const address = `http://al:geheim@127.0.0.1:${proxy.port}`
    const judged: string[] = []
    const guard = (one: string): void => void judged.push(one)
    const ways = [{ proxy: address }, { env: { http_proxy: address, https_proxy: address } }]
    for (const way of ways) {
      for (const server of [plain, secure]) {
        const api = client({ ...way, ca: tls.cert })
        const { body, remoteAddress } = await api.request({ method: 'GET', url: server.url('/p'), maxBytes, guard })
        assert.equal(remoteAddress, '')
        assert.match(body.toString(), /^GET \/p HTTP\/1\.1\r\n/)
        assert.doesNotMatch(body.toString(), /geheim|proxy-auth/i)
      }
    }
    assert.deepEqual(
      proxy.asked.map(({ how }) => how),
      ['forward', 'connect', 'forward', 'connect'],
    )
    assert.deepEqual(judged, ['', '', '', ''])
    const wrong = client({ proxy: `http://127.0.0.1:${proxy.port}` })
    await fails(wrong.request({ method: 'GET', url: plain.url('/'), maxBytes }), 'proxy', /407/)
    assert.throws(() => createApiClient({ proxy: 'ftp://x' }), SluiceError)
  })

  it('refuses header fields that would break the head, without showing them', async () => {
    const server = await serve(echo)
    const headers = [['Authorization', 'Bearer geheim\r\nX: y']] as const
    await assert.rejects(client().request({ method: 'GET', url: server.url('/'), headers, maxBytes }), (error) => {
      assert.ok(error instanceof SluiceError && error.code === 'usage')
      assert.doesNotMatch(error.message, /geheim/)
      return true
    })
  })

  it('sends nothing after it was closed', async () => {
    const server = await serve(echo)
    const api = client()
    await api.request({ method: 'GET', url: server.url('/'), maxBytes })
    const [socket] = server.connections
    api.close()
    if (socket?.closed === false) await once(socket, 'close')
    await fails(api.request({ method: 'GET', url: server.url('/'), maxBytes }), 'interrupted')
  })
})
