import assert from 'node:assert/strict'
import { hostname } from 'node:os'
import { describe, it } from 'node:test'
import { askedApp, problemOf } from '../../../test/support/ask-app.ts'
import { isAllowedHost, isLoopback, isOwnOrigin } from './hosts.ts'

const paths = [
  ['GET', '/api/downloads'],
  ['GET', '/'],
  ['GET', '/unknown'],
  ['POST', '/api/download/add'],
  ['POST', '/download'],
  ['OPTIONS', '/api/download/add'],
] as const

const security = {
  'content-security-policy': /default-src 'none'.*frame-ancestors 'none'/,
  'x-content-type-options': /^nosniff$/,
  'referrer-policy': /^no-referrer$/,
  'cross-origin-opener-policy': /^same-origin$/,
  'cross-origin-resource-policy': /^same-origin$/,
  'cache-control': /^no-store$/,
}

function checkHeaders(response: Response): void {
  for (const [name, pattern] of Object.entries(security)) assert.match(response.headers.get(name) ?? '', pattern, name)
  response.headers.forEach((_value, name) => assert.doesNotMatch(name, /^access-control-/))
}

describe('the Host field', () => {
  for (const host of [
    'evil.example',
    'evil.example:8080',
    'localhost.evil.example:8080',
    '127.0.0.1:8081',
    '127.0.0.1',
    '10.0.0.1:8080',
    'user@localhost:8080',
    '',
  ]) {
    it(`"${host}" is refused on every path, without effect`, async () => {
      const { ask, manager } = askedApp()
      for (const [method, path] of paths) {
        const response = await ask(method, path, { headers: { Host: host } })
        assert.equal(response.status, 403, path)
        checkHeaders(response)
        assert.equal((await problemOf(response)).code, 'foreign-host')
      }
      assert.deepEqual(manager.calls, [])
    })
  }

  for (const host of ['127.0.0.1:8080', 'localhost:8080', 'LOCALHOST:8080', '[::1]:8080']) {
    it(`"${host}" is accepted`, async () => {
      assert.equal((await askedApp().ask('GET', '/api/downloads', { headers: { Host: host } })).status, 200)
    })
  }

  it('may be any address, this machine or another port where others can reach the daemon, but no other name', () => {
    const hosts = { bound: '0.0.0.0', port: 8080, allow: [] }
    for (const host of ['192.168.1.5:8080', '[fe80::1]:8080', `${hostname()}:8080`, 'localhost:9000', '10.1.1.1'])
      assert.ok(isAllowedHost(host, hosts), host)
    for (const host of ['evil.example:8080', 'x.localhost:8080', undefined, '[::1', '1.2.3.4.5:8080'])
      assert.ok(!isAllowedHost(host, hosts), String(host))
  })

  it('may be a name that the user allowed, with its port where one was given', () => {
    const hosts = { bound: '127.0.0.1', port: 8080, allow: ['Files.Example', 'localhost:9000'] }
    for (const host of ['files.example', 'files.example:1234', 'localhost:9000'])
      assert.ok(isAllowedHost(host, hosts), host)
    for (const host of ['a.files.example', 'localhost:9001']) assert.ok(!isAllowedHost(host, hosts), host)
  })
})

describe('the Origin field', () => {
  for (const origin of [
    'http://evil.example',
    'null',
    'http://localhost.evil.example:8080',
    'http://127.0.0.1:8079',
    'http://localhost:8080',
    'http://127.0.0.1:8080/',
    'file://',
    '',
  ]) {
    it(`"${origin}" is refused for every method, without effect`, async () => {
      const { ask, manager } = askedApp()
      for (const [method, path] of paths) {
        const response = await ask(method, path, { headers: { Origin: origin } })
        assert.equal(response.status, 403, path)
        checkHeaders(response)
        assert.equal((await problemOf(response)).code, 'foreign-origin')
      }
      assert.deepEqual(manager.calls, [])
    })
  }

  it('of the page itself is accepted, also behind a proxy that adds TLS', () => {
    assert.ok(isOwnOrigin('http://127.0.0.1:8080', '127.0.0.1:8080'))
    assert.ok(isOwnOrigin('https://files.example', 'files.example'))
    assert.ok(isOwnOrigin('http://files.example', 'files.example:80'))
    assert.ok(isOwnOrigin('http://[::1]:8080', '[::1]:8080'))
    assert.ok(!isOwnOrigin('ftp://files.example', 'files.example'))
  })
})

describe('Sec-Fetch-Site', () => {
  it('cross-site is refused for what changes something', async () => {
    const headers = { 'Sec-Fetch-Site': 'cross-site' }
    const { ask } = askedApp()
    assert.equal((await ask('POST', '/api/downloads/pause-all', { headers })).status, 403)
    assert.equal((await ask('GET', '/', { headers })).status, 200)
    assert.equal(
      (await ask('POST', '/api/downloads/pause-all', { headers: { 'Sec-Fetch-Site': 'same-origin' } })).status,
      200,
    )
  })
})

describe('the token', () => {
  const token = 'correct-horse-battery'
  const asked = (now = () => 0) => askedApp(undefined, { token, now })
  const bearer = (text: string) => ({ headers: { Authorization: `Bearer ${text}` } })

  it('is asked for by the whole API and the one-file routes, unknown paths included', async () => {
    const { ask, manager } = asked()
    for (const [method, path] of [
      ['GET', '/api/downloads'],
      ['GET', '/api/docs/more'],
      ['GET', '/api/metrics'],
      ['GET', '/api/events'],
      ['GET', '/api/unknown'],
      ['GET', '/api'],
      ['POST', '/api/download/add'],
      ['POST', '/download'],
      ['GET', '/progress'],
      ['POST', '/pause'],
      ['POST', '/resume'],
      ['POST', '/cancel'],
    ] as const) {
      const response = await ask(method, path)
      assert.equal(response.status, 401, path)
      assert.match(response.headers.get('www-authenticate') ?? '', /^Bearer/)
      checkHeaders(response)
      assert.equal((await problemOf(response)).code, 'unauthorized')
    }
    assert.deepEqual(manager.calls, [])
  })

  it('opens everything', async () => {
    const { ask } = asked()
    assert.equal((await ask('GET', '/api/downloads', bearer(token))).status, 200)
    assert.equal((await ask('GET', '/progress', { headers: { Authorization: `bearer  ${token}` } })).status, 200)
  })

  for (const wrong of [`${token}x`, token.slice(0, -1), '', 'Bearer', token.toUpperCase()]) {
    it(`is not "${wrong}"`, async () => {
      assert.equal((await asked().ask('GET', '/api/downloads', bearer(wrong))).status, 401)
    })
  }

  it('is not asked for by the documents of the API, which a browser shows and which hold no data', async () => {
    const { ask } = asked()
    for (const path of ['/api/docs', '/api/openapi.json']) assert.equal((await ask('GET', path)).status, 200, path)
  })

  it('is not asked for by the page and by health, which then only tells its status', async () => {
    const { ask } = asked()
    assert.equal((await ask('GET', '/')).status, 200)
    assert.equal((await ask('GET', '/style.css')).status, 200)
    assert.deepEqual(await (await ask('GET', '/api/health')).json(), { status: 'ok' })
    assert.ok('version' in ((await (await ask('GET', '/api/health', bearer(token))).json()) as object))
    assert.equal((await ask('GET', '/api/health', bearer('wrong-wrong-wrong'))).status, 401)
  })

  it('cannot be guessed: after a hundred wrong ones none is read, and later one may try again', async () => {
    let now = 0
    const { ask } = asked(() => now)
    for (let i = 0; i < 100; i++) assert.equal((await ask('GET', '/api/downloads', bearer(`wrong-${i}`))).status, 401)
    const refused = await ask('GET', '/api/downloads', bearer(token))
    assert.equal(refused.status, 429)
    assert.equal(refused.headers.get('retry-after'), '1')
    now += 1001
    assert.equal((await ask('GET', '/api/downloads', bearer(token))).status, 200)
  })

  it('may be left away any number of times', async () => {
    const { ask } = asked()
    for (let i = 0; i < 30; i++) assert.equal((await ask('GET', '/api/downloads')).status, 401)
    assert.equal((await ask('GET', '/api/downloads', bearer(token))).status, 200)
  })
})

describe('a flood of requests', () => {
  it('is answered with 429 and Retry-After beyond 20,000 at once, and flows again at 2,000 a second', async () => {
    let now = 0
    const { ask } = askedApp(undefined, { now: () => now })
    for (let i = 0; i < 20_000; i++) await ask('HEAD', '/style.css')
    const refused = await ask('GET', '/style.css')
    assert.equal(refused.status, 429)
    assert.equal(refused.headers.get('retry-after'), '1')
    checkHeaders(refused)
    assert.equal((await problemOf(refused)).code, 'too-many-requests')
    now += 0.5
    assert.equal((await ask('GET', '/style.css')).status, 200)
    assert.equal((await ask('GET', '/style.css')).status, 429)
  })
})

describe('answers', () => {
  it('carry the security headers, whatever they are, and never a CORS field', async () => {
    const { ask } = askedApp()
    for (const path of [
      '/',
      '/style.css',
      '/api/downloads',
      '/api/events',
      '/api/history/export',
      '/nothing',
      '/api/download/dl-0',
    ])
      checkHeaders(await ask('GET', path))
  })
})

describe('loopback', () => {
  it('is what only this machine can reach', () => {
    for (const host of ['127.0.0.1', '127.9.9.9', 'localhost', '::1', '[::1]']) assert.ok(isLoopback(host), host)
    for (const host of [
      '0.0.0.0',
      '::',
      '192.168.1.1',
      '128.0.0.1',
      '127.evil.example',
      'example.test',
      '::ffff:10.0.0.1',
    ])
      assert.ok(!isLoopback(host), host)
  })
})
