import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { createServer } from 'node:http'
import type { IncomingHttpHeaders, RequestListener, Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, test } from 'node:test'
import { postWebhook, webhookMessage } from './webhook-request.ts'
import type { Sent, WebhookTarget } from './webhook-request.ts'

const servers: Server[] = []
after(() => servers.forEach((server) => [server.closeAllConnections(), server.close()]))

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, '127.0.0.1')
  servers.push(server)
  await new Promise((resolve) => server.once('listening', resolve))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

const message = webhookMessage('download.completed', '2026-01-02T03:04:05.000Z', { id: 'dl-1', filename: 'ä' })

async function post(
  target: Partial<WebhookTarget>,
  given: { refuses?: boolean; signal?: AbortSignal } = {},
): Promise<Sent> {
  const { refuses = false, signal = new AbortController().signal } = given
  return postWebhook({ url: '', headers: {}, secret: '', ...target }, message, {
    now: 1_700_000_000_999,
    signal,
    refuses: () => refuses,
  })
}

test('the message is posted as JSON, with its event, a delivery id and a signature that proves both time and body', async () => {
  let seen: { method: string | undefined; headers: IncomingHttpHeaders; body: string } | undefined
  const url = await serve((request, response) => {
    const chunks: Uint8Array[] = []
    request.on('data', (chunk: Uint8Array) => chunks.push(chunk))
    request.on('end', () => {
      seen = { method: request.method, headers: request.headers, body: Buffer.concat(chunks).toString() }
      response.writeHead(204).end()
    })
  })
  const sent = await post({ url: `${url}/hook?x=1`, headers: { Authorization: 'Bearer t' }, secret: 'geheim' })
  assert.deepEqual(sent, { ok: true, message: 'Delivered, HTTP 204.', again: false })
  const { method, headers, body } = seen!
  assert.equal(method, 'POST')
  assert.deepEqual(JSON.parse(body), {
    event: 'download.completed',
    at: '2026-01-02T03:04:05.000Z',
    download: { id: 'dl-1', filename: 'ä' },
  })
  assert.equal(headers['content-type'], 'application/json')
  assert.equal(headers['authorization'], 'Bearer t')
  assert.equal(headers['x-sluice-event'], 'download.completed')
  assert.equal(headers['x-sluice-delivery'], message.delivery)
  assert.equal(headers['x-sluice-timestamp'], '1700000000')
  const signature = createHmac('sha256', 'geheim').update(`1700000000.${body}`).digest('hex')
  assert.equal(headers['x-sluice-signature'], `sha256=${signature}`)
})

test('without a secret nothing is signed, and every message has another delivery id', async () => {
  let headers: IncomingHttpHeaders = {}
  const url = await serve((request, response) => {
    headers = request.headers
    response.end('ok')
  })
  assert.equal((await post({ url })).ok, true)
  assert.equal('x-sluice-signature' in headers, false)
  assert.notEqual(webhookMessage('x', '', null).delivery, webhookMessage('x', '', null).delivery)
})

test('what may pass is told from what will not', async () => {
  for (const [status, again] of [
    [400, false],
    [404, false],
    [410, false],
    [429, true],
    [500, true],
    [503, true],
  ] as const) {
    const url = await serve((_, response) => response.writeHead(status).end())
    assert.deepEqual(await post({ url }), { ok: false, message: `The server answered HTTP ${status}.`, again })
  }
})

test('redirects are not followed', async () => {
  let followed = false
  const url = await serve((request, response) => {
    followed ||= request.url === '/other'
    response.writeHead(307, { location: '/other' }).end()
  })
  assert.match((await post({ url })).message, /HTTP 307; redirects are not followed/)
  assert.equal(followed, false)
})

test('the network failing is told in words', async () => {
  const closed = await serve(() => undefined)
  await new Promise((resolve) => servers.at(-1)!.close(resolve))
  assert.deepEqual(await post({ url: closed }), { ok: false, message: 'Nothing listens at its address.', again: true })
  const cut = await serve((request) => request.socket.destroy())
  assert.deepEqual(await post({ url: cut }), { ok: false, message: 'The connection failed (ECONNRESET).', again: true })
})

test('refused addresses are not connected to, whether written out or looked up', async () => {
  let connections = 0
  const url = await serve((_, response) => response.end())
  servers.at(-1)!.on('connection', () => connections++)
  const { port } = new URL(url)
  for (const host of ['127.0.0.1', 'localhost', '[::1]', '2130706433', '0x7f.1']) {
    const sent = await post({ url: `http://${host}:${port}/` }, { refuses: true })
    assert.deepEqual([sent.ok, sent.again], [false, false], host)
    assert.match(sent.message, /not on the public internet/)
  }
  assert.equal(connections, 0)
})

test('the end of an answer is not waited for, and an abort ends the wait', async () => {
  const endless = await serve((_, response) => {
    response.writeHead(200)
    response.write('x'.repeat(1e6))
  })
  assert.equal((await post({ url: endless })).ok, true)
  const stop = new AbortController()
  const silent = await serve(() => stop.abort())
  assert.equal((await post({ url: silent }, { signal: stop.signal })).ok, false)
})
