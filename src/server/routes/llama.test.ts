import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { askedApp, problemOf } from '../../../test/support/ask-app.ts'

const path = '/api/llama/download'

describe('downloading libraries', () => {
  it('is adding a download of the kind llama, with what was asked for of it', async () => {
    const { ask, manager } = askedApp()
    const llama = { version: 'b6089', platforms: ['linux/amd64', 'all'], variant: 'cuda-12.8', strict: true }
    const more = {
      priority: 7,
      retries: 3,
      speedLimit: 1000,
      connections: 2,
      paused: true,
      ifDuplicate: 'skip',
      preset: 'p',
    }
    const response = await ask('POST', path, { body: { ...llama, ...more, startAt: '2026-01-01T02:00+02:00' } })
    assert.equal(response.status, 201)
    await ask('POST', path, { body: {} })
    const request = { reference: 'llama.cpp', kind: 'llama' }
    assert.deepEqual(manager.calls, [
      ['add', { ...more, ...request, llama, startAt: '2026-01-01T00:00:00.000Z' }],
      ['add', { ...request, llama: {} }],
    ])
  })

  it('takes the same from forms, where platforms stand in one field or several', async () => {
    const { ask, manager } = askedApp()
    const form = new URLSearchParams({
      version: 'nightly',
      platforms: 'linux/amd64, darwin/arm64',
      strict: 'on',
      variant: '',
    })
    form.append('platforms', 'windows/x64')
    form.append('priority', '9')
    await ask('POST', path, { body: form })
    await ask('POST', path, { body: new URLSearchParams({ platforms: ' ' }) })
    const request = { reference: 'llama.cpp', kind: 'llama' }
    const platforms = ['linux/amd64', 'darwin/arm64', 'windows/x64']
    assert.deepEqual(manager.calls, [
      ['add', { ...request, llama: { version: 'nightly', platforms, strict: true }, priority: 9 }],
      ['add', { ...request, llama: {} }],
    ])
  })

  it('takes no body as one that says nothing, and platforms as one text', async () => {
    const { ask, manager } = askedApp()
    const json = { headers: { 'Content-Type': 'application/json' } }
    for (const options of [{}, json, { body: {} }]) assert.equal((await ask('POST', path, options)).status, 201)
    await ask('POST', path, { body: { platforms: 'linux/amd64, darwin/arm64,' } })
    const request = { reference: 'llama.cpp', kind: 'llama' }
    const platforms = ['linux/amd64', 'darwin/arm64']
    assert.deepEqual(manager.calls, [
      ...Array.from({ length: 3 }, () => ['add', { ...request, llama: {} }]),
      ['add', { ...request, llama: { platforms } }],
    ])
    const text = { headers: { 'Content-Type': 'text/plain' } }
    assert.equal((await ask('POST', path, text)).status, 400)
    assert.equal((await ask('POST', '/api/download/add', {})).status, 400)
  })

  it('refuses what no libraries have, and folders above all', async () => {
    const { ask, manager } = askedApp()
    for (const body of [
      { version: 5 },
      { version: 'a\nb' },
      { platforms: 5 },
      { platforms: Array.from({ length: 21 }, () => 'all').join(',') },
      { platforms: [''] },
      { platforms: Array.from({ length: 21 }, () => 'all') },
      { strict: 'yes' },
      { dir: 'sub' },
      { cacheDir: '/etc' },
      { ifExists: 'skip' },
      { filename: 'x' },
      { githubApi: 'http://elsewhere.test' },
      { reference: 'llama.cpp' },
    ]) {
      const response = await ask('POST', path, { body })
      assert.equal(response.status, 400, JSON.stringify(body))
      assert.equal((await problemOf(response)).code, 'usage')
    }
    assert.deepEqual(manager.calls, [])
  })

  it('is possible beside addresses, too', async () => {
    const { ask, manager } = askedApp()
    const body = { reference: 'llama.cpp@b6089', kind: 'llama', llama: { platforms: ['linux/amd64'] } }
    await ask('POST', '/api/download/add', { body })
    await ask('POST', '/api/download/add', { body: { url: 'llama.cpp' } })
    assert.deepEqual(manager.calls, [
      ['add', body],
      ['add', { reference: 'llama.cpp' }],
    ])
    for (const wrong of [{ llama: 'x' }, { llama: { dir: '/' } }, { llama: { platforms: [5] } }])
      assert.equal((await ask('POST', '/api/download/add', { body: { ...body, ...wrong } })).status, 400)
  })
})

describe('the libraries of this machine', () => {
  it('are verified, removed, pruned and loaded as selected', async () => {
    const { ask, manager } = askedApp()
    const some = { version: 'b6089', platform: 'linux/amd64', variant: 'cpu' }
    for (const [method, where, body] of [
      ['GET', '/api/llama/releases'],
      ['GET', '/api/llama/releases?limit=30'],
      ['POST', '/api/llama/verify', some],
      ['POST', '/api/llama/verify', {}],
      ['DELETE', `/api/llama/cache?${new URLSearchParams(some).toString()}`],
      ['DELETE', '/api/llama/cache'],
      ['POST', '/api/llama/prune', { keep: 2 }],
      ['POST', '/api/llama/load', { version: 'b6089', variant: 'cpu' }],
      ['POST', '/api/llama/load', new URLSearchParams({ version: 'b6089' })],
    ] as const)
      assert.equal((await ask(method, where, body === undefined ? {} : { body })).status, 200, where)
    assert.deepEqual(manager.calls, [
      ['llamaReleases', {}],
      ['llamaReleases', { limit: 30 }],
      ['verifyLlama', some],
      ['verifyLlama', {}],
      ['cleanLlama', some],
      ['cleanLlama', {}],
      ['pruneLlama', 2],
      ['loadLlama', { version: 'b6089', variant: 'cpu' }],
      ['loadLlama', { version: 'b6089' }],
    ])
  })

  it('are not removed by a request that is spelled wrongly, and no path can be loaded', async () => {
    const { ask, manager } = askedApp()
    for (const [method, where, body] of [
      ['DELETE', '/api/llama/cache?versoin=b1'],
      ['DELETE', '/api/llama/cache?version='],
      ['DELETE', '/api/llama/cache?version=b1&version=b2'],
      ['POST', '/api/llama/verify', { tag: 'b1' }],
      ['POST', '/api/llama/prune', { keep: -1 }],
      ['POST', '/api/llama/prune', { keep: '2' }],
      ['POST', '/api/llama/load', { libraryPath: '/x.so' }],
      ['GET', '/api/llama/releases?limit=31'],
    ] as const)
      assert.equal((await ask(method, where, body === undefined ? {} : { body })).status, 400, where)
    assert.deepEqual(manager.calls, [])
  })
})
