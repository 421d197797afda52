import assert from 'node:assert/strict'
import { test } from 'node:test'
import { content, MiB, openLab, serve, startFileServer } from '../support/transfer-lab.ts'

const within = { timeout: 180_000 }

test('a server that refuses further connections is told of once, with the number it stays at', within, async (t) => {
  const body = content(8 * MiB)
  let open = 0
  const server = await startFileServer(t, (request, response) => {
    if (open === 2) return response.writeHead(503).end()
    open++
    response.once('close', () => open--)
    const [, first = '0', last = ''] = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '') ?? []
    const end = last === '' ? body.length : Number(last) + 1
    response.writeHead(request.headers.range === undefined ? 200 : 206, {
      ETag: '"one"',
      'Accept-Ranges': 'bytes',
      'Content-Length': end - Number(first),
      ...(request.headers.range === undefined ? {} : { 'Content-Range': `bytes ${first}-${end - 1}/${body.length}` }),
    })
    let at = Number(first)
    const timer = setInterval(() => {
      const next = Math.min(end, at + 32 * 1024)
      response.write(body.subarray(at, next))
      at = next
      if (at === end) response.end()
    }, 10)
    response.once('close', () => clearInterval(timer))
    return undefined
  })
  const lab = await openLab(t, { connections: 4 })
  await lab.get(server.url('/f.bin'))
  assert.ok(lab.read('f.bin').equals(body))
  const told = lab.of('warning').map(({ code, message }) => `${code}: ${message}`)
  assert.equal(
    told[0]?.replace(/\d\.$/, 'N.'),
    'connections-capped: The server refused a further connection (503): staying at N.',
  )
  assert.equal(new Set(told).size, told.length)
})

test('a redirect to another host is told once, without what the address carries', within, async (t) => {
  const body = content(3 * MiB)
  const other = await startFileServer(t, (request, response, count) =>
    serve(request, response, { body, ...(count === 1 ? { cutAfter: MiB } : {}) }),
  )
  const server = await startFileServer(t, (_request, response) =>
    response.writeHead(302, { Location: other.url('/x?sig=secret').replace('//', '//user:pass@') }).end(),
  )
  const lab = await openLab(t, { connections: 1 })
  await lab.get(server.url('/f.bin'))
  const told = lab.of('warning').filter(({ code }) => code === 'redirected')
  const [from, to] = [server, other].map(({ origin }) => new URL(origin).host)
  assert.deepEqual(
    told.map(({ message, host }) => [message, host]),
    [[`${from} redirected to ${to}.`, to]],
  )
})

test('a redirect within the host is not told', within, async (t) => {
  const server = await startFileServer(t, (request, response) =>
    request.url === '/f.bin'
      ? response.writeHead(302, { Location: '/g.bin' }).end()
      : serve(request, response, { body: content(1000) }),
  )
  const lab = await openLab(t)
  await lab.get(server.url('/f.bin'))
  assert.deepEqual(lab.of('warning'), [])
})
