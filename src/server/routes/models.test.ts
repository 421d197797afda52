import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { askedApp, problemOf } from '../../../test/support/ask-app.ts'
import { sampleModel } from '../../../test/support/fake-manager.ts'

const model = 'llama3.2:1b'

describe('pulling', () => {
  it('is adding a download of the kind model, with what was asked for of it', async () => {
    const { ask, manager } = askedApp()
    const more = {
      dir: 'sub',
      priority: 7,
      retries: 3,
      speedLimit: 1000,
      connections: 2,
      paused: true,
      ifExists: 'fail',
      ifDuplicate: 'skip',
      preset: 'p',
    }
    const body = {
      model,
      registry: 'http://r.test',
      platform: 'linux/arm64',
      concurrency: 8,
      keepStaging: true,
      ...more,
    }
    const response = await ask('POST', '/api/models/pull', { body: { ...body, startAt: '2026-01-01T02:00+02:00' } })
    assert.equal(response.status, 201)
    await ask('POST', '/api/models/pull', { body: { model } })
    const asked = { registry: 'http://r.test', platform: 'linux/arm64', concurrency: 8, keepStaging: true }
    const startAt = '2026-01-01T00:00:00.000Z'
    assert.deepEqual(manager.calls, [
      ['add', { ...more, reference: model, kind: 'model', model: asked, startAt }],
      ['add', { reference: model, kind: 'model', model: {} }],
    ])
  })

  it('takes zip as a tick or as a name, and the other targets by their names', async () => {
    const { ask, manager } = askedApp()
    for (const body of [
      { model, zip: true },
      { model, zip: false },
      { model, zip: 'own.zip', target: 'zip' },
      { model, zip: false, target: 'layout' },
      { model, target: 'files' },
    ])
      assert.equal((await ask('POST', '/api/models/pull', { body })).status, 201)
    const request = { reference: model, kind: 'model' }
    assert.deepEqual(manager.calls, [
      ['add', { ...request, model: { target: 'zip' } }],
      ['add', { ...request, model: {} }],
      ['add', { ...request, model: { target: 'zip' }, filename: 'own.zip' }],
      ['add', { ...request, model: { target: 'layout' } }],
      ['add', { ...request, model: { target: 'files' } }],
    ])
  })

  it('takes the same from forms', async () => {
    const { ask, manager } = askedApp()
    const fields = { model, registry: '', concurrency: '8', keepStaging: 'on', paused: 'true', priority: '' }
    for (const zip of ['on', 'own.zip', 'off', ''])
      await ask('POST', '/api/models/pull', { body: new URLSearchParams({ ...fields, zip }) })
    const request = { reference: model, kind: 'model', paused: true }
    const asked = { concurrency: 8, keepStaging: true }
    assert.deepEqual(manager.calls, [
      ['add', { ...request, model: { ...asked, target: 'zip' } }],
      ['add', { ...request, model: { ...asked, target: 'zip' }, filename: 'own.zip' }],
      ['add', { ...request, model: asked }],
      ['add', { ...request, model: asked }],
    ])
  })

  it('refuses what no pull has', async () => {
    const { ask, manager } = askedApp()
    for (const body of [
      {},
      { model: '' },
      { model: 5 },
      { model: 'a\nb' },
      { model, concurrency: 33 },
      { model, concurrency: 0 },
      { model, concurrency: '4' },
      { model, target: 'elsewhere' },
      { model, zip: true, target: 'store' },
      { model, zip: 'own.zip', target: 'files' },
      { model, modelsDir: '/etc' },
      { model, url: 'http://a.test' },
      { model, headers: {} },
    ]) {
      const response = await ask('POST', '/api/models/pull', { body })
      assert.equal(response.status, 400, JSON.stringify(body))
      assert.equal((await problemOf(response)).code, 'usage')
    }
    assert.deepEqual(manager.calls, [])
  })
})

describe('adding a model beside addresses', () => {
  it('takes kind and model with the fields of a pull', async () => {
    const { ask, manager } = askedApp()
    const asked = { registry: 'http://r.test', target: 'zip' }
    await ask('POST', '/api/download/add', { body: { reference: model, kind: 'model', model: asked } })
    await ask('POST', '/api/download/add', { body: { url: model } })
    assert.deepEqual(manager.calls, [
      ['add', { reference: model, kind: 'model', model: asked }],
      ['add', { reference: model }],
    ])
    for (const wrong of [
      { kind: 'torrent' },
      { model: 'x' },
      { model: { modelsDir: '/' } },
      { model: { target: 'x' } },
    ])
      assert.equal((await ask('POST', '/api/download/add', { body: { url: model, ...wrong } })).status, 400)
  })
})

describe('the models of the store', () => {
  it('are searched and sorted', async () => {
    const { ask, manager } = askedApp()
    await ask('GET', '/api/models')
    await ask('GET', '/api/models?search=llama&sort=-size')
    await ask('GET', '/api/models?sort=modifiedAt&order=desc')
    assert.deepEqual(manager.calls, [
      ['models', { sort: 'name', descending: false }],
      ['models', { search: 'llama', sort: 'size', descending: true }],
      ['models', { sort: 'date', descending: true }],
    ])
    assert.equal((await ask('GET', '/api/models?sort=colour')).status, 400)
  })

  it('are named in the path, with slashes and colons encoded', async () => {
    const name = 'hf.co/org/model-GGUF:Q4_K_M'
    const asked: string[] = []
    const { ask, manager } = askedApp()
    const spied = askedApp({
      ...manager,
      model: async (one) => (asked.push(one), sampleModel),
      verifyModel: async (one) => (asked.push(one), { name: one, verdict: 'verified', problems: [] }),
      removeModel: async (one) => (asked.push(one), { name: one, blobs: 0, bytes: 0 }),
    })
    const path = `/api/models/${encodeURIComponent(name)}`
    for (const [method, where] of [
      ['GET', path],
      ['POST', `${path}/verify`],
      ['DELETE', path],
      ['GET', '/api/models/%2e%2e%2f%2e%2e%2fetc'],
    ] as const)
      assert.equal((await spied.ask(method, where)).status, 200, where)
    assert.deepEqual(asked, [name, name, name, '../../etc'])
    for (const where of ['/api/models/none', '/api/models/a/b'])
      assert.equal((await ask('GET', where)).status, 404, where)
  })

  it('give way to the routes beside them', async () => {
    const { ask } = askedApp()
    for (const name of ['pull', 'unzip', 'preview']) {
      const response = await ask('GET', `/api/models/${name}`)
      assert.deepEqual([response.status, response.headers.get('allow')], [405, 'POST'])
    }
  })

  it('come from a zip of the folder, named in JSON or a form', async () => {
    const { ask, manager } = askedApp()
    await ask('POST', '/api/models/unzip', { body: { file: 'sub/a.zip' } })
    await ask('POST', '/api/models/unzip', { body: new URLSearchParams({ file: 'b.zip' }) })
    for (const body of [{}, { file: '' }, { file: 'a', target: '/etc' }, { file: ['a'] }, { file: 'a\0' }])
      assert.equal((await ask('POST', '/api/models/unzip', { body })).status, 400)
    assert.deepEqual(manager.calls, [
      ['unzipModel', 'sub/a.zip'],
      ['unzipModel', 'b.zip'],
    ])
  })
})
