import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import { SluiceError } from '../core/errors.ts'
import { createClient } from './client.ts'
import type { Client } from './client.ts'

interface Seen {
  readonly line: string
  readonly headers: IncomingMessage['headers']
  readonly body: string
}

/** A server that answers everything in one way, and what it was asked. */
async function scripted(
  t: TestContext,
  answer: (response: ServerResponse, request: IncomingMessage) => void,
  token?: string,
): Promise<{ client: Client; url: string; seen: Seen[] }> {
  const seen: Seen[] = []
  const server = createServer((request, response) => {
    let body = ''
    request.setEncoding('utf8').on('data', (text: string) => (body += text))
    request.on('end', () => {
      seen.push({ line: `${request.method} ${request.url}`, headers: request.headers, body })
      answer(response, request)
    })
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  t.after(() => {
    server.closeAllConnections()
    server.close()
  })
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return { client: createClient({ url, ...(token === undefined ? {} : { token }) }), url, seen }
}

function json(value: unknown, status = 200): (response: ServerResponse) => void {
  return (response) => response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(value))
}

async function failure(promise: Promise<unknown>): Promise<SluiceError> {
  try {
    await promise
  } catch (error) {
    if (error instanceof SluiceError) return error
    throw error
  }
  return assert.fail('it did not fail')
}

test('each function asks its route of the contract', async (t) => {
  const value = { downloads: [], total: 0, entries: [], week: [], done: [], failed: [], added: [], errors: [], id: 'x' }
  const libraries = { releases: [], warnings: [], trees: [], checks: [], removed: [], plan: [], notes: [], devices: [] }
  const { client, seen } = await scripted(
    t,
    json({ ...value, schedules: [], webhooks: [], models: [], blobs: [], missing: [], problems: [], ...libraries }),
  )
  const id = 'dl-0123456789abcdef'
  const asked = async (call: () => Promise<unknown>): Promise<string> => {
    await call()
    const last = seen.at(-1)
    return `${last?.line}${last?.body === '' ? '' : ` ${last?.body}`}`
  }
  const routes: ReadonlyArray<readonly [() => Promise<unknown>, string]> = [
    [() => client.add({ reference: 'http://x/' }), 'POST /api/download/add {"reference":"http://x/"}'],
    [() => client.addMany([{ reference: 'a' }]), 'POST /api/downloads/batch {"items":[{"reference":"a"}]}'],
    [() => client.addText('a\nb'), 'POST /api/downloads/batch a\nb'],
    [
      () => client.list({ status: ['queued', 'active'], search: 'a&b', limit: 5 }),
      'GET /api/downloads?status=queued%2Cactive&search=a%26b&limit=5',
    ],
    [() => client.list({ status: [] }), 'GET /api/downloads'],
    [() => client.get(id), `GET /api/download/${id}`],
    [() => client.act('pause', id), `POST /api/download/${id}/pause`],
    [() => client.remove(id, { deleteFile: true }), `DELETE /api/download/${id}?deleteFile=true`],
    [() => client.setPriority(id, 8), `POST /api/download/${id}/priority {"priority":8}`],
    [() => client.move(id, 'top'), `POST /api/download/${id}/move {"to":"top"}`],
    [() => client.setLimit(id, 0), `POST /api/download/${id}/limit {"bytesPerSecond":0}`],
    [() => client.pauseAll(), 'POST /api/downloads/pause-all'],
    [() => client.resumeAll(), 'POST /api/downloads/resume-all'],
    [
      () => client.bulk('retry', [id]),
      `POST /api/downloads/bulk {"action":"retry","ids":["${id}"],"deleteFile":false}`,
    ],
    [() => client.preview({ reference: 'a' }), 'POST /api/preview {"reference":"a"}'],
    [() => client.pull({ model: 'a:1', zip: true }), 'POST /api/models/pull {"model":"a:1","zip":true}'],
    [() => client.previewPull({ model: 'a:1' }), 'POST /api/models/preview {"model":"a:1"}'],
    [
      () => client.models({ search: 'x', sort: 'size', order: 'desc' }),
      'GET /api/models?search=x&sort=size&order=desc',
    ],
    [() => client.model('hf.co/a/b:Q4'), 'GET /api/models/hf.co%2Fa%2Fb%3AQ4'],
    [() => client.verifyModel('a:1'), 'POST /api/models/a%3A1/verify'],
    [() => client.removeModel('../a'), 'DELETE /api/models/..%2Fa'],
    [() => client.unzipModel('sub/a.zip'), 'POST /api/models/unzip {"file":"sub/a.zip"}'],
    [() => client.llamaReleases(), 'GET /api/llama/releases'],
    [() => client.llamaReleases(5), 'GET /api/llama/releases?limit=5'],
    [() => client.downloadLlama({ version: 'b1' }), 'POST /api/llama/download {"version":"b1"}'],
    [() => client.llamaCache(), 'GET /api/llama/cache'],
    [() => client.verifyLlama(), 'POST /api/llama/verify {}'],
    [() => client.verifyLlama({ version: 'b1' }), 'POST /api/llama/verify {"version":"b1"}'],
    [() => client.cleanLlama(), 'DELETE /api/llama/cache'],
    [
      () => client.cleanLlama({ version: 'b1', platform: 'linux/amd64' }),
      'DELETE /api/llama/cache?version=b1&platform=linux%2Famd64',
    ],
    [() => client.pruneLlama(2), 'POST /api/llama/prune {"keep":2}'],
    [() => client.llamaHardware(), 'GET /api/llama/hardware'],
    [() => client.loadLlama({ variant: 'cpu' }), 'POST /api/llama/load {"variant":"cpu"}'],
    [() => client.statistics(), 'GET /api/statistics'],
    [() => client.history({ sort: 'size', order: 'desc' }), 'GET /api/history?sort=size&order=desc'],
    [() => client.historyEntry(id), `GET /api/history/${id}`],
    [() => client.openFolder(id), `POST /api/download/${id}/open-folder`],
    [() => client.removeHistory(id), `DELETE /api/history/${id}`],
    [() => client.redownload(id), `POST /api/history/${id}/redownload`],
    [() => client.settings(), 'GET /api/settings'],
    [() => client.changeSettings({ maxConcurrent: 2 }), 'PUT /api/settings {"maxConcurrent":2}'],
    [() => client.resetSettings(), 'POST /api/settings/reset'],
    [() => client.exportQueue('text'), 'GET /api/queue/export?format=text'],
    [() => client.importQueue('http://x/', 'text'), 'POST /api/queue/import?format=text http://x/'],
    [() => client.schedules(), 'GET /api/schedules'],
    [() => client.addSchedule({ cron: '0 3 * * *' }), 'POST /api/schedules {"cron":"0 3 * * *"}'],
    [() => client.changeSchedule('s-1', { enabled: false }), 'PUT /api/schedules/s-1 {"enabled":false}'],
    [() => client.removeSchedule('s-1'), 'DELETE /api/schedules/s-1'],
    [() => client.webhooks(), 'GET /api/webhooks'],
    [() => client.addWebhook({ url: 'http://h/' }), 'POST /api/webhooks {"url":"http://h/"}'],
    [() => client.changeWebhook('w-1', { enabled: true }), 'PUT /api/webhooks/w-1 {"enabled":true}'],
    [() => client.removeWebhook('w-1'), 'DELETE /api/webhooks/w-1'],
    [() => client.testWebhook('w-1'), 'POST /api/webhooks/w-1/test'],
    [() => client.health(), 'GET /api/health'],
  ]
  for (const [call, line] of routes) assert.equal(await asked(call), line)
})

test('the token goes with every request, and is asked of no other server', async (t) => {
  const elsewhere = await scripted(t, json({}))
  const { client, seen } = await scripted(
    t,
    (response) => response.writeHead(307, { Location: `${elsewhere.url}/` }).end(),
    'secret-token',
  )
  const error = await failure(client.health())
  assert.equal(error.code, 'bad-response')
  assert.equal(seen[0]?.headers.authorization, 'Bearer secret-token')
  assert.deepEqual(elsewhere.seen, [])
  assert.doesNotMatch(error.message + error.hint, /secret-token/)
})

test('a problem of the API comes with its own code, sentence and hint', async (t) => {
  const problem = { type: 'about:blank', title: 'Not found', status: 404, detail: 'There is no such download.' }
  const { client } = await scripted(t, json({ ...problem, code: 'not-found', hint: 'Look again.' }, 404))
  const error = await failure(client.get('dl-0000000000000000'))
  assert.deepEqual(
    [error.code, error.message, error.hint, error.status, error.exitCode],
    ['not-found', 'There is no such download.', 'Look again.', 404, 9],
  )
})

test('a code that only a newer daemon knows is an internal error with its sentence', async (t) => {
  const { client } = await scripted(t, json({ code: 'constructor', detail: 'Something new.' }, 418))
  const error = await failure(client.health())
  assert.deepEqual([error.code, error.message], ['internal', 'Something new.'])
})

test('what is no daemon of Sluice is told as such', async (t) => {
  const answers: Array<(response: ServerResponse) => void> = [
    (response) => response.writeHead(502, { 'Content-Type': 'text/html' }).end('<h1>Bad gateway</h1>'),
    (response) => response.writeHead(200).end('<html>hello</html>'),
    (response) => response.writeHead(200).end('"text"'),
    (response) => response.writeHead(200).end('{"downloads": 7}'),
    (response) => response.writeHead(200).end(),
  ]
  for (const answer of answers) {
    const { client } = await scripted(t, answer)
    const error = await failure(client.list())
    assert.deepEqual([error.code, error.exitCode], ['bad-response', 3])
    assert.match(error.hint, /SLUICE_URL/)
  }
})

test('without a daemon the hint says how to start it', async () => {
  const server = createServer()
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  const { port } = server.address() as AddressInfo
  await new Promise((closed) => server.close(closed))
  const error = await failure(createClient({ url: `http://127.0.0.1:${port}` }).list())
  assert.deepEqual([error.code, error.exitCode], ['connect-refused', 3])
  assert.match(error.hint, /sluice serve/)
  // Fetch has a list of ports that it never connects to.
  const blocked = await failure(createClient({ url: 'http://127.0.0.1:9' }).list())
  assert.equal(blocked.exitCode, 3)
  assert.match(blocked.hint, /sluice serve/)
})

test('a connection that breaks, and an answer that never comes, end in a network error', async (t) => {
  const broken = await scripted(t, (response) => response.socket?.destroy())
  assert.equal((await failure(broken.client.health())).code, 'connection-lost')
  const cut = await scripted(t, (response) => {
    response.writeHead(200, { 'Content-Length': 100 }).write('{')
    setImmediate(() => response.socket?.destroy())
  })
  assert.equal((await failure(cut.client.health())).code, 'connection-lost')
  const silent = await scripted(t, () => {})
  const error = await failure(createClient({ url: silent.url, timeout: 50 }).health())
  assert.deepEqual([error.code, error.exitCode], ['headers-timeout', 3])
})

test('what takes long is waited for, until it is aborted', async (t) => {
  const { url, seen } = await scripted(t, (response) => void setTimeout(() => json({ models: [] })(response), 200))
  const client = createClient({ url, timeout: 50 })
  assert.equal((await failure(client.models())).code, 'headers-timeout')
  assert.deepEqual((await client.unzipModel('a.zip')).models, [])
  const stop = new AbortController()
  const checked = client.verifyModel('a:1', stop.signal)
  stop.abort()
  assert.equal((await failure(checked)).code, 'interrupted')
  assert.equal(seen.length >= 2, true)
})

test('an id cannot lead to another route', async (t) => {
  const { client, seen } = await scripted(t, json({}))
  for (const id of ['..', 'a/b', '', 'x?y', 'dl-0123456789abcdef%2f']) {
    assert.equal((await failure(client.get(id))).code, 'usage')
  }
  for (const name of ['..', '.', '', '\ud800']) assert.equal((await failure(client.model(name))).code, 'usage')
  assert.deepEqual(seen, [])
})

test('the address must be http or https, and carries no password', () => {
  for (const url of ['127.0.0.1:8080', 'ftp://x/', 'file:///etc', '']) {
    assert.throws(() => createClient({ url }), { code: 'bad-url' })
  }
  assert.throws(
    () => createClient({ url: 'http://user:pw@x/' }),
    (error: SluiceError) => !/pw/.test(error.message),
  )
})

test('an address with a path is that of a daemon behind a proxy', async (t) => {
  const { url, seen } = await scripted(t, json({}))
  await createClient({ url: `${url}/sluice/` }).health()
  assert.equal(seen[0]?.line, 'GET /sluice/api/health')
})

test('an export comes piece by piece, with characters that are cut in the middle whole', async (t) => {
  const text = 'name,größe\r\n'.repeat(3)
  const { client } = await scripted(t, (response) => {
    for (const byte of Buffer.from(text)) response.write(Buffer.of(byte))
    response.end()
  })
  let received = ''
  for await (const piece of client.exportHistory('csv', { status: ['error'] })) received += piece
  assert.equal(received, text)
})

test('an export that breaks off is an error, not a short file', async (t) => {
  const { client } = await scripted(t, (response) => {
    response.writeHead(200).write('id,name\r\n')
    setTimeout(() => response.socket?.destroy(), 20)
  })
  const read = async (): Promise<void> => {
    for await (const piece of client.exportHistory('csv')) assert.equal(piece.includes('\0'), false)
  }
  const error = await failure(read())
  assert.equal(error.code, 'connection-lost')
})
