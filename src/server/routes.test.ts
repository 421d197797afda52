import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { askedApp, problemOf } from '../../test/support/ask-app.ts'
import { fakeManager, knownId, sampleModel } from '../../test/support/fake-manager.ts'
import { SluiceError } from '../core/errors.ts'

const add = { url: 'http://files.test/a.bin' }
const known = `/api/download/${knownId}`
const knownModel = `/api/models/${encodeURIComponent(sampleModel.name)}`

/** A good request to every route that answers with JSON, and the status it must have. */
const requests: ReadonlyArray<readonly [method: string, path: string, status: number, body?: unknown]> = [
  ['POST', '/api/download/add', 201, add],
  ['GET', '/api/downloads', 200],
  ['GET', known, 200],
  ['DELETE', known, 200],
  ['POST', `${known}/pause`, 200],
  ['POST', `${known}/resume`, 200],
  ['POST', `${known}/cancel`, 200],
  ['POST', `${known}/retry`, 200],
  ['POST', `${known}/priority`, 200, { priority: 9 }],
  ['POST', `${known}/move`, 200, { to: 'top' }],
  ['POST', `${known}/move`, 200, { to: 3 }],
  ['POST', `${known}/move-file`, 200, { dir: 'sub' }],
  ['POST', `${known}/limit`, 200, { bytesPerSecond: 0 }],
  ['POST', `${known}/open-folder`, 200],
  ['POST', '/api/preview', 200, add],
  ['POST', '/api/downloads/batch', 200, { items: [add] }],
  ['POST', '/api/downloads/pause-all', 200],
  ['POST', '/api/downloads/resume-all', 200],
  ['POST', '/api/downloads/bulk', 200, { action: 'cancel', ids: [knownId] }],
  ['POST', '/api/queue/import', 200, { downloads: [] }],
  ['POST', '/api/models/pull', 201, { model: 'llama3.2:1b' }],
  ['POST', '/api/models/preview', 200, { model: 'llama3.2:1b' }],
  ['POST', '/api/models/unzip', 200, { file: 'a.zip' }],
  ['GET', '/api/models', 200],
  ['GET', knownModel, 200],
  ['DELETE', knownModel, 200],
  ['POST', `${knownModel}/verify`, 200],
  ['GET', '/api/llama/releases', 200],
  ['POST', '/api/llama/download', 201, { version: 'b6089' }],
  ['GET', '/api/llama/cache', 200],
  ['DELETE', '/api/llama/cache', 200],
  ['POST', '/api/llama/verify', 200, {}],
  ['POST', '/api/llama/prune', 200, { keep: 2 }],
  ['GET', '/api/llama/hardware', 200],
  ['POST', '/api/llama/load', 200, {}],
  ['GET', '/api/statistics', 200],
  ['GET', '/api/history', 200],
  ['GET', `/api/history/${knownId}`, 200],
  ['DELETE', `/api/history/${knownId}`, 200],
  ['POST', `/api/history/${knownId}/redownload`, 201],
  ['GET', '/api/settings', 200],
  ['PUT', '/api/settings', 200, { maxConcurrent: 7 }],
  ['POST', '/api/settings/reset', 200],
  ['GET', '/api/schedules', 200],
  ['POST', '/api/schedules', 201, { name: 'n', cron: '0 3 * * *', request: add }],
  ['PUT', '/api/schedules/sc-1', 200, { enabled: false }],
  ['DELETE', '/api/schedules/sc-1', 200],
  ['GET', '/api/webhooks', 200],
  ['POST', '/api/webhooks', 201, { url: 'http://hooks.test/', events: ['download.failed'], secret: 's' }],
  ['PUT', '/api/webhooks/wh-1', 200, { enabled: false }],
  ['DELETE', '/api/webhooks/wh-1', 200],
  ['POST', '/api/webhooks/wh-1/test', 200],
  ['GET', '/api/health', 200],
  ['POST', '/download', 201, add],
  ['GET', '/progress', 200],
  ['POST', '/pause', 200],
  ['POST', '/resume', 200],
  ['POST', '/cancel', 200],
]

describe('opening a folder', () => {
  const path = `${known}/open-folder`

  it('is refused to requests that come through a proxy or under a name that others can use', async () => {
    const hosts = { bound: '127.0.0.1', port: 8080, allow: ['box.lan'] }
    for (const headers of [
      { 'X-Forwarded-For': '192.0.2.7' },
      { Forwarded: 'for=192.0.2.7' },
      { Host: 'box.lan' },
    ] as ReadonlyArray<Record<string, string>>) {
      const { ask, manager } = askedApp(fakeManager(), { hosts })
      const { status, code } = await problemOf(await ask('POST', path, { headers }))
      assert.deepEqual([status, code], [403, 'foreign-host'])
      assert.deepEqual(manager.calls, [])
      const health = (await (await ask('GET', '/api/health', { headers })).json()) as Record<string, unknown>
      assert.equal(health['canOpenFolders'], false)
    }
  })

  it('is refused to requests from other machines', async () => {
    const { app, manager } = askedApp()
    const incoming = { socket: { remoteAddress: '192.0.2.7' } }
    const request = { method: 'POST', headers: { Host: '127.0.0.1:8080' } }
    const answer = await app.hono.request(`http://127.0.0.1:8080${path}`, request, { incoming })
    assert.equal(answer.status, 403)
    assert.deepEqual(manager.calls, [])
  })

  it('is offered to this machine', async () => {
    const { ask } = askedApp()
    const health = (await (await ask('GET', '/api/health')).json()) as Record<string, unknown>
    assert.equal(health['canOpenFolders'], true)
  })
})

describe('the routes', () => {
  for (const [method, path, status, body] of requests) {
    it(`${method} ${path} answers ${status} with exactly what its schema describes`, async () => {
      const { app, ask } = askedApp()
      const response = await ask(method, path, { body })
      assert.equal(response.status, status, await response.clone().text())
      assert.equal(response.headers.get('content-type'), 'application/json')
      const route = app.routes.find(
        (one) => one.method === method.toLowerCase() && new RegExp(`^${one.path.replace('{id}', '[^/]+')}$`).test(path),
      )
      assert.ok(route?.answer.schema)
      assert.equal(route.answer.status, status)
      const result = route.answer.schema.safeParse(await response.json())
      assert.ok(result.success, result.error?.message ?? '')
    })
  }

  it('are all tried by the list above, except those that answer with something else than JSON', () => {
    const tried = new Set(
      requests.map(([method, path]) => `${method} ${path.replace(/(?<=\/)(?:(?:dl|sc|wh)-\w+|llama3[^/]+)/, '{id}')}`),
    )
    const missing = askedApp()
      .app.routes.filter(({ answer }) => answer.schema !== undefined)
      .map(({ method, path }) => `${method.toUpperCase()} ${path}`)
      .filter((name) => !tried.has(name))
    assert.deepEqual(missing, [])
  })

  it('pass on to the manager what was asked for', async () => {
    const { ask, manager } = askedApp()
    await ask('POST', `${known}/pause`)
    await ask('POST', `${known}/priority`, { body: { priority: 9 } })
    await ask('POST', `${known}/move`, { body: { to: 3 } })
    await ask('POST', `${known}/limit`, { body: { bytesPerSecond: 1000 } })
    await ask('DELETE', `${known}?deleteFile=true`)
    await ask('DELETE', known)
    await ask('POST', '/api/downloads/bulk', { body: { action: 'remove', ids: [knownId], deleteFile: true } })
    assert.deepEqual(manager.calls, [
      ['pause', knownId],
      ['setPriority', knownId, 9],
      ['move', knownId, 3],
      ['setLimit', knownId, 1000],
      ['remove', knownId, { deleteFile: true }],
      ['remove', knownId, { deleteFile: false }],
      ['bulk', 'remove', [knownId], { deleteFile: true }],
    ])
  })

  it('answer 404 with a problem for an unknown id, an unknown path, and an id that is none', async () => {
    const { ask } = askedApp()
    for (const [method, path] of [
      ['GET', '/api/download/dl-0000000000000000'],
      ['POST', '/api/download/dl-0000000000000000/pause'],
      ['DELETE', '/api/download/%2e%2e%2fetc'],
      ['GET', '/api/download/%zz'],
      ['GET', '/api/nothing-here'],
      ['GET', '/nothing'],
      ['PUT', '/api/nothing-here'],
      ['GET', '/.history/downloads.db'],
      ['GET', '/..%2f..%2fetc/passwd'],
    ] as const) {
      const response = await ask(method, path)
      assert.equal(response.status, 404, path)
      assert.equal((await problemOf(response)).code, 'not-found')
    }
  })

  it('answer 405 with the methods of the path, where the path exists', async () => {
    const { ask } = askedApp()
    for (const [method, path, allow] of [
      ['PUT', '/api/download/add', 'POST'],
      ['GET', '/api/download/add', 'POST'],
      ['DELETE', '/api/download/add', 'POST'],
      ['DELETE', '/api/statistics', 'GET, HEAD'],
      ['POST', '/api/settings', 'GET, HEAD, PUT'],
      ['PATCH', known, 'GET, HEAD, DELETE'],
      ['GET', `${known}/pause`, 'POST'],
      ['GET', '/pause', 'POST'],
      ['OPTIONS', '/api/downloads', 'GET, HEAD'],
    ] as const) {
      const response = await ask(method, path)
      assert.equal(response.status, 405, `${method} ${path}`)
      assert.equal(response.headers.get('allow'), allow, path)
      assert.equal((await problemOf(response)).code, 'method-not-allowed')
    }
  })

  it('answer HEAD as GET without a body', async () => {
    const { ask } = askedApp()
    const response = await ask('HEAD', '/api/downloads')
    assert.equal(response.status, 200)
    assert.equal(await response.text(), '')
  })

  it('give errors of the manager the status of the table, with code and hint', async () => {
    const failing = (code: 'wrong-state' | 'http-not-found' | 'stopping') =>
      askedApp(
        fakeManager({ pause: () => Promise.reject(new SluiceError(code, 'It went wrong.', { hint: 'Do that.' })) }),
      )
    for (const [code, status] of [
      ['wrong-state', 409],
      ['http-not-found', 502],
      ['stopping', 503],
    ] as const) {
      const response = await failing(code).ask('POST', `${known}/pause`)
      assert.equal(response.status, status)
      const { detail, hint } = await problemOf(response)
      assert.deepEqual([detail, hint], ['It went wrong.', 'Do that.'])
    }
  })

  it('answer 500 without details for what was not foreseen, and tell the log', async () => {
    const { ask, log } = askedApp(
      fakeManager({
        statistics: () => Promise.reject(new TypeError('secret /home/user/x')),
      }),
    )
    const response = await ask('GET', '/api/statistics')
    assert.equal(response.status, 500)
    assert.doesNotMatch(await response.clone().text(), /secret|home|TypeError| at /)
    assert.equal((await problemOf(response)).code, 'internal')
    assert.ok(log.lines.some(([level, fields]) => level === 'error' && 'error' in fields))
  })
})

describe('routes with small bodies', () => {
  it('take forms as well', async () => {
    const { ask, manager } = askedApp()
    const forms: Array<[path: string, form: string]> = [
      [`${known}/priority`, 'priority=9'],
      [`${known}/move`, 'to=top'],
      [`${known}/move`, 'to=3'],
      [`${known}/move-file`, 'dir=sub&filename=b.bin&ifExists=fail'],
      [`${known}/limit`, 'bytesPerSecond=0'],
      ['/api/downloads/bulk', `action=delete&ids=${knownId}&ids=dl-1&deleteFile=on`],
    ]
    for (const [path, form] of forms)
      assert.equal((await ask('POST', path, { body: new URLSearchParams(form) })).status, 200, form)
    assert.deepEqual(manager.calls, [
      ['setPriority', knownId, 9],
      ['move', knownId, 'top'],
      ['move', knownId, 3],
      ['moveFile', knownId, { dir: 'sub', filename: 'b.bin', ifExists: 'fail' }],
      ['setLimit', knownId, 0],
      ['bulk', 'remove', [knownId, 'dl-1'], { deleteFile: true }],
    ])
    for (const form of ['priority=', 'priority=high', 'priority=11', 'priority=1&priority=2', ''])
      assert.equal((await ask('POST', `${known}/priority`, { body: new URLSearchParams(form) })).status, 400, form)
  })
})

describe('the one-file routes of the first phase', () => {
  const browser = { Accept: 'text/html,application/xhtml+xml', 'Content-Type': 'application/x-www-form-urlencoded' }

  it('send a browser back to the page', async () => {
    const { ask, manager } = askedApp()
    for (const path of ['/download', '/pause', '/resume', '/cancel']) {
      const response = await ask('POST', path, { headers: browser, body: 'url=http%3A%2F%2Fa.test%2F' })
      assert.equal(response.status, 303, path)
      assert.equal(response.headers.get('location'), '/')
    }
    assert.deepEqual(
      manager.calls.map(([name]) => name),
      ['add', 'pause', 'resume', 'cancel'],
    )
  })

  it('tell the progress of the newest', async () => {
    assert.deepEqual(await (await askedApp().ask('GET', '/progress')).json(), { done: 333, total: 1000, percent: 33.3 })
  })

  it('tell zeros and 404 when there is none', async () => {
    const { ask } = askedApp(fakeManager({ newest: () => null }))
    assert.deepEqual(await (await ask('GET', '/progress')).json(), { done: 0, total: 0, percent: 0 })
    assert.equal((await ask('POST', '/pause')).status, 404)
  })
})

describe('what watches', () => {
  it('gets metrics in the text format, labels escaped', async () => {
    const manager = fakeManager({
      metrics: () => [
        { name: 'a', help: 'Two\nlines \\', type: 'gauge', value: 1, labels: { host: 'q"\\\n' } },
        { name: 'b_total', help: 'B.', type: 'counter', value: 1e21 },
        { name: 'a', help: 'Two\nlines \\', type: 'gauge', value: NaN },
      ],
    })
    const response = await askedApp(manager).ask('GET', '/api/metrics')
    assert.equal(response.headers.get('content-type'), 'text/plain; version=0.0.4; charset=utf-8')
    assert.equal(
      await response.text(),
      '# HELP a Two\\nlines \\\\\n# TYPE a gauge\na{host="q\\"\\\\\\n"} 1\na NaN\n# HELP b_total B.\n# TYPE b_total counter\nb_total 1e+21\n',
    )
  })

  it('is told to come later once the daemon stops', async () => {
    const { ask, app } = askedApp()
    app.stop()
    const response = await ask('GET', '/api/downloads')
    assert.equal(response.status, 503)
    assert.equal((await problemOf(response)).code, 'stopping')
  })
})
