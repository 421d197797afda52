import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, test } from 'node:test'
import { listLog, manualClock, memoryRecords, settled, someDownload } from '../../test/support/manager-parts.ts'
import { SluiceError } from '../core/errors.ts'
import { openSecrets } from './secrets.ts'
import type { Secrets } from './secrets.ts'
import { createWebhooks } from './webhooks.ts'
import type { Webhooks } from './webhooks.ts'

let secrets: Secrets
let url: string
let status = 200
const received: Array<{ event: string; body: { event: string; download: unknown } }> = []
const server = createServer((request, response) => {
  let body = ''
  request.on('data', (chunk) => (body += String(chunk)))
  request.on('end', () => {
    received.push({ event: String(request.headers['x-sluice-event']), body: JSON.parse(body) })
    response.writeHead(status).end()
  })
})
before(async () => {
  secrets = await openSecrets('/', { SLUICE_KEY: 'ab'.repeat(32) })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`
})
after(() => {
  server.close()
  server.closeAllConnections()
})

async function setUp(given: { allowPrivate?: boolean; store?: ReturnType<typeof memoryRecords> } = {}) {
  const { allowPrivate = true, store = memoryRecords() } = given
  const [log, clock] = [listLog(), manualClock(Date.UTC(2026, 0, 2))]
  received.length = 0
  status = 200
  const open = (): Promise<Webhooks> =>
    createWebhooks({ store, secrets, log, clock, isPrivate: () => true, allowPrivate: () => allowPrivate })
  return { store, log, clock, open, webhooks: await open() }
}

async function until(holds: () => boolean): Promise<void> {
  const end = Date.now() + 60_000
  while (!holds()) {
    assert.ok(Date.now() < end, 'it did not happen within a minute')
    await settled()
  }
}

test('a webhook hears the events that it asked for, and keeps how the last delivery went', async () => {
  const { webhooks } = await setUp()
  const made = await webhooks.add({ url, events: ['download.completed'] })
  assert.match(made.id, /^wh-[0-9a-f]{16}$/)
  webhooks.notify('download.started', someDownload)
  webhooks.notify('download.completed', someDownload)
  await until(() => webhooks.list()[0]?.lastDelivery !== null)
  assert.deepEqual(
    received.map(({ event }) => event),
    ['download.completed'],
  )
  assert.deepEqual(received[0]?.body, {
    event: 'download.completed',
    at: '2026-01-02T00:00:00.000Z',
    download: someDownload,
  })
  assert.deepEqual(webhooks.list()[0]?.lastDelivery, {
    at: '2026-01-02T00:00:00.000Z',
    ok: true,
    message: 'Delivered, HTTP 200.',
  })
  await webhooks.close()
})

test('a server that fails is tried again later, and the result is kept', async () => {
  const { webhooks, clock, log } = await setUp()
  await webhooks.add({ url })
  status = 503
  webhooks.notify('download.failed', someDownload)
  await until(() => clock.delays.length === 1)
  assert.equal(webhooks.list()[0]?.lastDelivery, null)
  await clock.advance(1000)
  await until(() => clock.delays.length === 2)
  status = 200
  await clock.advance(5000)
  await until(() => webhooks.list()[0]?.lastDelivery !== null)
  assert.equal(received.length, 3)
  assert.equal(webhooks.list()[0]?.lastDelivery?.ok, true)
  assert.deepEqual(log.lines, [])
  await webhooks.close()
})

test('a test call is sent once, also to a webhook that is off, and tells how it went', async () => {
  const { webhooks } = await setUp()
  const { id } = await webhooks.add({ url, enabled: false })
  webhooks.notify('download.completed', someDownload)
  status = 500
  assert.deepEqual(await webhooks.test(id), { ok: false, message: 'The server answered HTTP 500.' })
  assert.deepEqual(
    received.map(({ event }) => event),
    ['download.test'],
  )
  assert.equal(webhooks.list()[0]?.lastDelivery?.ok, false)
  await webhooks.close()
})

test('private addresses are refused where they are not allowed', async () => {
  const { webhooks } = await setUp({ allowPrivate: false })
  const { id } = await webhooks.add({ url })
  assert.match((await webhooks.test(id)).message, /not on the public internet/)
  assert.equal(received.length, 0)
  await webhooks.close()
})

test('secrets, header values and secret addresses are neither shown nor readable where they are kept', async () => {
  const { webhooks, store, open } = await setUp()
  const input = { url: 'https://h/x?token=geheim', headers: { 'X-Key': 'geheim' }, secret: 'geheim' }
  const made = await webhooks.add(input)
  assert.deepEqual(made, {
    id: made.id,
    url: 'https://h/x?token=…',
    events: ['download.started', 'download.completed', 'download.failed'],
    enabled: true,
    headerNames: ['X-Key'],
    hasSecret: true,
    lastDelivery: null,
  })
  assert.doesNotMatch(store.text(), /geheim/)
  await webhooks.close()
  const again = await open()
  assert.deepEqual(again.list(), [made])
  await again.close()
})

test('a change keeps what it does not name; the address as shown is the one that is kept', async () => {
  const { webhooks, store, open } = await setUp()
  const { id } = await webhooks.add({ url: `${url}?token=t`, headers: { A: '1' }, secret: 's' })
  const shown = await webhooks.change(id, { url: `${url}?token=…`, events: ['download.failed', 'download.failed'] })
  assert.deepEqual([shown.events, shown.headerNames, shown.hasSecret], [['download.failed'], ['A'], true])
  const bare = await webhooks.change(id, { headers: {}, secret: '', enabled: false })
  assert.deepEqual([bare.headerNames, bare.hasSecret, bare.enabled], [[], false, false])
  assert.equal((await webhooks.test(id)).ok, true)
  await webhooks.remove(id)
  assert.deepEqual([webhooks.list(), store.kept.size], [[], 0])
  await webhooks.close()
  assert.deepEqual((await open()).list(), [])
})

test('a webhook that is removed or closed meanwhile hears nothing more', async () => {
  const { webhooks, clock, store } = await setUp()
  const { id } = await webhooks.add({ url })
  status = 503
  webhooks.notify('download.completed', someDownload)
  await until(() => clock.delays.length === 1)
  await webhooks.remove(id)
  await clock.advance(60_000)
  await webhooks.close()
  webhooks.notify('download.completed', someDownload)
  await settled()
  assert.deepEqual([received.length, store.kept.size], [1, 0])
})

test('a result that comes after the removal is not kept', async () => {
  const { webhooks, store, log } = await setUp()
  const { id } = await webhooks.add({ url })
  const testing = webhooks.test(id)
  await webhooks.remove(id)
  assert.equal((await testing).ok, true)
  assert.deepEqual([store.kept.size, log.lines], [0, []])
  await webhooks.close()
})

test('with another key a webhook comes back switched off, and says so', async () => {
  const { webhooks, store, log } = await setUp()
  await webhooks.add({ url, secret: 's' })
  await webhooks.close()
  const other = await openSecrets('/', { SLUICE_KEY: 'cd'.repeat(32) })
  const again = await createWebhooks({ store, secrets: other, log, isPrivate: () => false, allowPrivate: () => true })
  assert.deepEqual(
    again.list().map(({ enabled, hasSecret }) => [enabled, hasSecret]),
    [[false, false]],
  )
  assert.match(log.lines.join(), /switched off/)
  await again.close()
})

test('what cannot be kept is not there', async () => {
  const { webhooks, store } = await setUp()
  const { id } = await webhooks.add({ url })
  const failing = async (): Promise<never> => {
    throw new SluiceError('database', 'The database failed.')
  }
  Object.assign(store, { putRecord: failing, removeRecord: failing })
  await assert.rejects(webhooks.add({ url }), { code: 'database' })
  await assert.rejects(webhooks.change(id, { enabled: false }), { code: 'database' })
  await assert.rejects(webhooks.remove(id), { code: 'database' })
  assert.deepEqual(
    webhooks.list().map(({ enabled }) => enabled),
    [true],
  )
  await webhooks.close()
})

test('what is wrong is refused with the name of the field and without its value', async () => {
  const { webhooks, store } = await setUp()
  const { id } = await webhooks.add({ url })
  const wrong: Array<[object, RegExp]> = [
    [{ url: 'ftp://h/' }, /^url: /],
    [{ url: 'h' }, /^url: /],
    [{ url: 'https://u:geheim@h/' }, /^url: .*user/],
    [{ url: 1 }, /^url: /],
    [{ events: [] }, /^events: /],
    [{ events: ['download.removed'] }, /^events\.0: /],
    [{ enabled: 'no' }, /^enabled: /],
    [{ secret: 'geheim'.repeat(200) }, /^secret: /],
    [{ headers: ['geheim'] }, /^headers: /],
    [{ headers: { 'a b': 'geheim' } }, /^headers: /],
    [{ headers: { 'a:b': 'geheim' } }, /^headers: /],
    [{ headers: { 'X-A': 'geheim\r\nX-B: 1' } }, /^headers: .*X-A/],
    [{ headers: { Host: 'geheim' } }, /^headers: .*Host/],
    [{ headers: { 'X-Sluice-Event': 'geheim' } }, /^headers: /],
    [{ headers: Object.fromEntries(Array.from({ length: 51 }, (_, index) => [`X-${index}`, 'geheim'])) }, /^headers: /],
    [{ command: 'rm' }, /command/],
  ]
  for (const [input, words] of wrong) {
    const isRight = (error: unknown): boolean =>
      error instanceof SluiceError &&
      error.code === 'usage' &&
      words.test(error.message) &&
      !/geheim/.test(error.message)
    await assert.rejects(webhooks.change(id, input), isRight, JSON.stringify(input))
    await assert.rejects(webhooks.add({ url, ...input }), isRight, JSON.stringify(input))
  }
  await assert.rejects(webhooks.add({}), { code: 'usage', message: /^url/ })
  for (const call of [webhooks.change('wh-0', {}), webhooks.remove('wh-0'), webhooks.test('wh-0')])
    await assert.rejects(call, { code: 'not-found' })
  assert.equal(store.kept.size, 1)
  await webhooks.close()
})
