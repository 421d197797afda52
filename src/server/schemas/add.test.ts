import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { askedApp, problemOf } from '../../../test/support/ask-app.ts'
import { fakeManager, knownId } from '../../../test/support/fake-manager.ts'

const add = { url: 'http://files.test/a.bin' }

describe('adding', () => {
  it('takes url or reference, and all options', async () => {
    const { ask, manager } = askedApp()
    const options = {
      filename: 'b.bin',
      dir: 'sub',
      priority: 7,
      retries: 3,
      headers: { Authorization: 'Bearer x' },
      checksum: ['sha256:aa', 'md5:bb'],
      mirrors: ['http://mirror.test/a'],
      speedLimit: 1000,
      connections: 2,
      paused: true,
      ifExists: 'fail',
      ifDuplicate: 'skip',
      userAgent: 'me',
      referer: 'http://r.test/',
      preset: 'p',
    }
    await ask('POST', '/api/download/add', {
      body: { url: 'http://a.test/', ...options, startAt: '2026-01-01T02:00+02:00' },
    })
    await ask('POST', '/api/download/add', { body: { reference: 'http://b.test/' } })
    assert.deepEqual(manager.calls, [
      ['add', { ...options, reference: 'http://a.test/', startAt: '2026-01-01T00:00:00.000Z' }],
      ['add', { reference: 'http://b.test/' }],
    ])
  })

  it('takes the same from both kinds of forms', async () => {
    const fields: Array<[string, string]> = [
      ['url', 'http://a.test/'],
      ['filename', 'b.bin'],
      ['priority', '7'],
      ['paused', 'on'],
      ['headers', 'X-One: 1\r\nAuthorization: Basic a:b'],
      ['mirrors', 'http://m.test/1\nhttp://m.test/2'],
      ['checksum', 'sha256:aa'],
      ['dir', ''],
    ]
    const expected = {
      reference: 'http://a.test/',
      filename: 'b.bin',
      priority: 7,
      paused: true,
      headers: { 'X-One': '1', Authorization: 'Basic a:b' },
      mirrors: ['http://m.test/1', 'http://m.test/2'],
      checksum: ['sha256:aa'],
    }
    const { ask, manager } = askedApp()
    const multipart = new FormData()
    for (const [name, value] of fields) multipart.append(name, value)
    for (const body of [new URLSearchParams(fields), multipart]) {
      assert.equal((await ask('POST', '/api/download/add', { body })).status, 201)
    }
    assert.deepEqual(manager.calls, [
      ['add', expected],
      ['add', expected],
    ])
  })

  it('takes headers, mirrors and checksums of a form from several fields, too, and all words for yes and no', async () => {
    const { ask, manager } = askedApp()
    const fields = [
      ['url', ' http://a.test/ '],
      ['paused', 'no'],
      ['headers', 'A: 1'],
      ['headers', 'B: 2'],
      ['mirrors', 'http://m.test/1'],
      ['mirrors', 'http://m.test/2'],
    ]
    await ask('POST', '/api/download/add', { body: new URLSearchParams(fields) })
    assert.deepEqual(manager.calls, [
      [
        'add',
        {
          reference: 'http://a.test/',
          paused: false,
          headers: { A: '1', B: '2' },
          mirrors: ['http://m.test/1', 'http://m.test/2'],
        },
      ],
    ])
  })

  for (const [form, field] of [
    ['url=http://a.test/&url=http://b.test/', 'url'],
    ['url=http://a.test/&paused=maybe', 'paused'],
    ['url=http://a.test/&priority=high', 'priority'],
  ] as const) {
    it(`refuses the form ${form}`, async () => {
      const { ask, manager } = askedApp()
      const response = await ask('POST', '/api/download/add', { body: new URLSearchParams(form) })
      const { code, detail } = await problemOf(response)
      assert.deepEqual([response.status, code, detail.startsWith(`${field}: `)], [400, 'usage', true])
      assert.deepEqual(manager.calls, [])
    })
  }

  it('passes over blanks and line ends around an address', async () => {
    const { ask, manager } = askedApp()
    await ask('POST', '/api/download/add', { body: { url: ' http://a.test/x\n' } })
    assert.deepEqual(manager.calls, [['add', { reference: 'http://a.test/x' }]])
  })

  it('takes a name alone for a model or a release only where it does not stand in the place of an address', async () => {
    const { ask, manager } = askedApp()
    for (const body of [
      { reference: 'tiny' },
      { url: 'tiny:1b' },
      { url: 'tiny', kind: 'model' },
      { url: 'tiny', model: {} },
      { reference: 'owner/repo' },
      { url: 'owner/repo@v1' },
      { url: 'owner/repo', asset: '*linux*' },
    ])
      assert.equal((await ask('POST', '/api/download/add', { body })).status, 201, JSON.stringify(body))
    for (const url of ['not-a-url', 'http', 'tiny', 'owner/repo'])
      assert.match((await problemOf(await ask('POST', '/api/download/add', { body: { url } }))).detail, /no address/)
    assert.equal(manager.calls.length, 7)
  })

  for (const [what, body, field] of [
    ['nothing', {}, /^url: /],
    ['two addresses', { url: 'http://a/', reference: 'http://b/' }, /^url: /],
    ['a wrong type', { url: 7 }, /^url: /],
    ['a priority out of range', { ...add, priority: 99 }, /^priority: /],
    ['a priority as text', { ...add, priority: '9' }, /^priority: /],
    ['a field that is none', { ...add, prioritiy: 3 }, /prioritiy/],
    ['control characters', { ...add, filename: 'a\nb' }, /^filename: /],
    ['half a surrogate pair', { ...add, filename: 'a\ud800' }, /^filename: /],
    ['a date that is none', { ...add, startAt: '2026-13-45' }, /^startAt: /],
    ['headers that are no object', { ...add, headers: ['x'] }, /^headers: /],
    ['a list', [], /./],
    ['null', null, /./],
  ] as const) {
    it(`refuses ${what} as 400 and names the field`, async () => {
      const { ask, manager } = askedApp()
      const response = await ask('POST', '/api/download/add', {
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify(body),
      })
      assert.equal(response.status, 400)
      const { code, detail } = await problemOf(response)
      assert.equal(code, 'usage')
      assert.match(detail, field)
      assert.deepEqual(manager.calls, [])
    })
  }

  for (const [what, type, body] of [
    ['JSON that ends early', 'application/json', '{"url":'],
    ['an empty body', 'application/json', ''],
    ['bytes that are no UTF-8', 'application/json', new Uint8Array([0x22, 0xff, 0x22])],
    ['a __proto__ key', 'application/json', '{"url":"http://a/","__proto__":{"paused":true}}'],
    ['a number without end', 'application/json', '{"url":"http://a/","priority":1e999}'],
    ['100,000 brackets', 'application/json', '['.repeat(100_000) + ']'.repeat(100_000)],
    ['100,000 objects in a field', 'application/json', `{"url":${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}}`],
    ['a Content-Type that is none of it', 'application/xml', '<url/>'],
    ['no Content-Type', '', '{}'],
    ['a form without its boundary', 'multipart/form-data', 'x'],
    [
      'a form that carries a file',
      'multipart/form-data; boundary=b',
      '--b\r\nContent-Disposition: form-data; name="url"; filename="x"\r\n\r\nx\r\n--b--\r\n',
    ],
  ] as const) {
    it(`refuses ${what} as 400`, async () => {
      const { ask, manager } = askedApp()
      const response = await ask('POST', '/api/download/add', { headers: { 'Content-Type': type }, body })
      assert.equal(response.status, 400)
      assert.equal((await problemOf(response)).code, 'usage')
      assert.deepEqual(manager.calls, [])
    })
  }

  it('takes the last of two equal keys, as JSON has it', async () => {
    const { ask, manager } = askedApp()
    await ask('POST', '/api/download/add', {
      headers: { 'Content-Type': 'application/json' },
      body: '{"url":"http://a/","url":"http://b/"}',
    })
    assert.deepEqual(manager.calls, [['add', { reference: 'http://b/' }]])
  })
})

describe('adding many', () => {
  it('hands lines of text on as they are', async () => {
    const { ask, manager } = askedApp()
    const text = '# comment\n\nhttp://a.test/ü\n'
    const response = await ask('POST', '/api/downloads/batch', {
      headers: { 'Content-Type': 'text/plain' },
      body: text,
    })
    assert.equal(response.status, 200)
    assert.deepEqual(manager.calls, [['addText', text]])
    assert.deepEqual(await response.json(), {
      added: [knownId],
      errors: [{ line: 4, code: 'bad-url', message: 'No address.' }],
      skipped: [{ line: 5, id: knownId }],
    })
  })

  it('takes the lines from the field text of a form, and a list alone as items', async () => {
    const { ask, manager } = askedApp()
    const text = 'http://a.test/1\n  out=x\n\nhttp://a.test/2'
    await ask('POST', '/api/downloads/batch', { body: new URLSearchParams({ text }) })
    await ask('POST', '/api/downloads/batch', { body: ['http://a.test/3', { url: 'http://a.test/4' }] })
    assert.deepEqual(manager.calls, [
      ['addText', text],
      ['addMany', [{ reference: 'http://a.test/3' }, { reference: 'http://a.test/4' }]],
    ])
    assert.equal((await ask('POST', '/api/downloads/batch', { body: new URLSearchParams({ x: text }) })).status, 400)
  })

  it('reports wrong items by their place and adds the others', async () => {
    const manager = fakeManager({
      addMany: async (items) => ({
        added: items.slice(1).map(() => knownId),
        errors: [{ line: 1, code: 'bad-url', message: 'No scheme.' }],
        skipped: [{ line: 2, id: knownId }],
      }),
    })
    const { ask } = askedApp(manager)
    const items = [{ priority: 3 }, 'http://x.test/', null, { url: 'http://b.test/' }]
    const response = await ask('POST', '/api/downloads/batch', { body: { items } })
    const result = (await response.json()) as { errors: Array<{ line: number; code: string }>; skipped: unknown }
    assert.deepEqual(
      result.errors.map(({ line, code }) => [line, code]),
      [
        [1, 'usage'],
        [2, 'bad-url'],
        [3, 'usage'],
      ],
    )
    assert.deepEqual(result.skipped, [{ line: 4, id: knownId }])
  })

  it('takes a queue as JSON or text, by the query or the Content-Type', async () => {
    const { ask, manager } = askedApp()
    await ask('POST', '/api/queue/import', { body: { downloads: [] } })
    await ask('POST', '/api/queue/import', { headers: { 'Content-Type': 'text/plain' }, body: 'http://a/\n' })
    await ask('POST', '/api/queue/import?format=json', { headers: { 'Content-Type': 'text/plain' }, body: '{}' })
    assert.deepEqual(manager.calls, [
      ['importQueue', '{"downloads":[]}', 'json'],
      ['importQueue', 'http://a/\n', 'text'],
      ['importQueue', '{}', 'json'],
    ])
  })

  it('exports the queue as a file', async () => {
    const { ask } = askedApp()
    const response = await ask('GET', '/api/queue/export?format=text')
    assert.equal(response.headers.get('content-type'), 'text/plain; charset=utf-8')
    assert.equal(response.headers.get('content-disposition'), 'attachment; filename="sluice-queue.txt"')
    assert.equal(await response.text(), 'http://files.test/a.bin\n')
    assert.equal((await ask('GET', '/api/queue/export')).headers.get('content-type'), 'application/json')
  })
})
