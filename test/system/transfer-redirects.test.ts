import assert from 'node:assert/strict'
import { test } from 'node:test'
import { content, MiB, openLab, serve, startFileServer } from '../support/transfer-lab.ts'

const within = { timeout: 180_000 }

test(
  'a signed target that expires is asked for anew at the original address, and that is no error',
  within,
  async (t) => {
    const body = content(4 * MiB)
    let valid = 0
    let served = 0
    const server = await startFileServer(t, (request, response) => {
      if (request.url === '/f.bin') {
        valid++
        return response.writeHead(302, { Location: `/signed/${valid}` }).end()
      }
      if (request.url !== `/signed/${valid}` || (served === 1 && request.url === '/signed/1'))
        return response.writeHead(403).end()
      served++
      return serve(request, response, { body, ...(served === 1 ? { cutAfter: 2 * MiB } : {}) })
    })
    const lab = await openLab(t, { connections: 1, retries: 1 })
    await lab.get(server.url('/f.bin'))
    assert.ok(lab.read('f.bin').equals(body))
    assert.deepEqual(
      server.seen.map((request) => request.path),
      ['/f.bin', '/signed/1', '/signed/1', '/f.bin', '/signed/2'],
    )
    assert.deepEqual(
      lab
        .of('retry')
        .map(({ code }) => code)
        .filter((code) => code.startsWith('http')),
      [],
    )
    assert.equal(server.seen.at(-1)?.headers.range, `bytes=${2 * MiB}-${4 * MiB - 1}`)
  },
)

test('a target is used again without the way there', within, async (t) => {
  const body = content(3 * MiB)
  const server = await startFileServer(t, (request, response, count) => {
    if (request.url === '/f.bin') return response.writeHead(302, { Location: '/cdn/x' }).end()
    return serve(request, response, { body, ...(count === 2 ? { cutAfter: MiB } : {}) })
  })
  const lab = await openLab(t, { connections: 1 })
  await lab.get(server.url('/f.bin'))
  assert.deepEqual(
    server.seen.map((request) => request.path),
    ['/f.bin', '/cdn/x', '/cdn/x'],
  )
  assert.deepEqual(
    lab.names().filter((name) => !name.startsWith('.')),
    ['f.bin'],
  )
})

test('a link that is refused for good is not asked again and again', within, async (t) => {
  for (const status of [401, 403, 410]) {
    const server = await startFileServer(t, (_request, response) => response.writeHead(status).end())
    const lab = await openLab(t, { retries: 5 })
    await assert.rejects(lab.get(server.url('/f.bin')), { exitCode: 4, status })
    assert.ok(server.seen.length <= 2, `${status}: ${server.seen.length} requests`)
  }
})

test('ten hops are followed, the eleventh is not', within, async (t) => {
  const body = content(1000)
  const server = await startFileServer(t, (request, response) => {
    const left = Number(request.url?.slice(1))
    if (left > 0) response.writeHead(307, { Location: `/${left - 1}` }).end('moved')
    else serve(request, response, { body })
  })
  const lab = await openLab(t)
  await lab.get(server.url('/10'), { output: 'ten' })
  assert.ok(lab.read('ten').equals(body))
  await assert.rejects(lab.get(server.url('/11'), { output: 'eleven' }), { code: 'too-many-redirects', exitCode: 3 })
  assert.deepEqual(
    lab.names().filter((name) => !name.startsWith('.')),
    ['ten'],
  )
})

test('a circle is named', within, async (t) => {
  const server = await startFileServer(t, (request, response) =>
    response.writeHead(302, { Location: request.url === '/a' ? '/b' : '/a' }).end(),
  )
  const lab = await openLab(t)
  await assert.rejects(
    lab.get(server.url('/a')),
    (error: Error) => /circle/.test(error.message) && error.message.includes('/b'),
  )
})

test('what the user adds and the login of the address stay with the first origin', within, async (t) => {
  const body = content(1000)
  const away = await startFileServer(t, (request, response) => serve(request, response, { body }))
  const home = await startFileServer(t, (request, response) =>
    request.url === '/f.bin'
      ? response.writeHead(302, { Location: '/g.bin' }).end()
      : response.writeHead(302, { Location: away.url('/h.bin') }).end(),
  )
  const lab = await openLab(t, {
    headers: [
      ['X-Key', 'secret'],
      ['Cookie', 'a=b'],
    ],
  })
  await lab.get(home.url('/f.bin').replace('http://', 'http://user:word@'))
  for (const { headers } of home.seen)
    assert.deepEqual(
      [headers['x-key'], headers.cookie, headers.authorization?.startsWith('Basic ')],
      ['secret', 'a=b', true],
    )
  assert.deepEqual([home.seen.length, away.seen.length], [2, 1])
  const headers = away.seen[0]?.headers ?? {}
  assert.deepEqual([headers['x-key'], headers.cookie, headers.authorization], [undefined, undefined, undefined])
  assert.equal(headers['accept-encoding'], 'identity')
})

test('a login in the address is never told', within, async (t) => {
  const server = await startFileServer(t, (request, response) => serve(request, response, { body: content(2 * MiB) }))
  const lab = await openLab(t)
  await lab.get(server.url('/f.bin').replace('http://', 'http://user:pass-word@'))
  const start = lab.of('start')[0]
  assert.ok(start && !start.url.includes('pass-word'))
})
