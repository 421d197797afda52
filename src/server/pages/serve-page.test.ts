import assert from 'node:assert/strict'
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { brotliCompressSync, brotliDecompressSync, gunzipSync, gzipSync } from 'node:zlib'
import { askedApp, problemOf } from '../../../test/support/ask-app.ts'
import type { AskedApp } from '../../../test/support/ask-app.ts'
import { readPage, viewPaths } from './page-files.ts'

const html = '<!doctype html><title>Sluice</title>'
const script = 'console.log(1)'.repeat(50)
const asset = '/assets/index-Ab12.js'

describe('the built page', () => {
  let folder: string
  let asked: AskedApp
  const get = (path: string, headers: Record<string, string> = {}): Promise<Response> =>
    asked.ask('GET', path, { headers })

  before(async () => {
    const base = await mkdtemp(join(tmpdir(), 'sluice-page-'))
    folder = join(base, 'ui')
    await mkdir(join(folder, 'assets'), { recursive: true })
    await writeFile(join(folder, 'index.html'), html)
    await writeFile(join(folder, 'favicon.svg'), '<svg/>')
    await writeFile(join(folder, asset), script)
    await writeFile(join(folder, `${asset}.br`), brotliCompressSync(script))
    await writeFile(join(folder, `${asset}.gz`), gzipSync(script))
    await writeFile(join(folder, 'notes.txt'), 'of no known type')
    await writeFile(join(base, 'secret.js'), 'secret')
    await symlink(join(base, 'secret.js'), join(folder, 'linked.js'))
    const page = await readPage(folder)
    asked = askedApp(undefined, { token: 'a-token-of-good-length-123456', ...(page === undefined ? {} : { page }) })
  })
  after(() => rm(join(folder, '..'), { recursive: true }))

  it('is one document at the address of every view, asked for anew each time', async () => {
    for (const path of viewPaths) {
      const response = await get(`${path}?search=x`)
      assert.equal(response.status, 200, path)
      assert.equal(await response.text(), html)
      assert.equal(response.headers.get('content-type'), 'text/html; charset=utf-8')
      assert.equal(response.headers.get('cache-control'), 'no-cache')
      assert.match(response.headers.get('content-security-policy') ?? '', /script-src 'self';/)
    }
  })

  it('needs no token, unlike the API', async () => {
    assert.equal((await get('/')).status, 200)
    assert.equal((await get(asset)).status, 200)
    assert.equal((await get('/api/downloads')).status, 401)
  })

  it('has hashed files that stay for good', async () => {
    const response = await get(asset)
    assert.equal(await response.text(), script)
    assert.equal(response.headers.get('content-type'), 'text/javascript; charset=utf-8')
    assert.equal(response.headers.get('cache-control'), 'public, max-age=31536000, immutable')
    assert.equal(response.headers.get('content-length'), String(script.length))
    assert.equal((await get('/favicon.svg')).headers.get('content-type'), 'image/svg+xml')
    assert.equal((await get('/favicon.svg')).headers.get('cache-control'), 'no-cache')
  })

  it('is sent compressed as the reader can take it', async () => {
    const encodingFor = async (field: string): Promise<string | null> => {
      const response = await get(asset, { 'Accept-Encoding': field })
      assert.equal(response.headers.get('vary'), 'Accept-Encoding')
      return response.headers.get('content-encoding')
    }
    assert.equal(await encodingFor('gzip, deflate, br, zstd'), 'br')
    assert.equal(await encodingFor('gzip;q=1.0, br;q=0'), 'gzip')
    assert.equal(await encodingFor('GZIP'), 'gzip')
    assert.equal(await encodingFor('*'), 'br')
    assert.equal(await encodingFor('*;q=0.000'), null)
    assert.equal(await encodingFor('brotli, identity'), null)
    assert.equal(await encodingFor(''), null)
    const body = await (await get(asset, { 'Accept-Encoding': 'br' })).arrayBuffer()
    assert.equal(brotliDecompressSync(body).toString(), script)
    const gzipped = await (await get(asset, { 'Accept-Encoding': 'gzip' })).arrayBuffer()
    assert.equal(gunzipSync(gzipped).toString(), script)
    assert.equal(await (await get(asset, { 'Accept-Encoding': 'identity' })).text(), script)
  })

  it('is not sent again to those who have it, in the same encoding', async () => {
    const tag = (await get('/')).headers.get('etag') ?? ''
    const again = await get('/', { 'If-None-Match': `"other", W/${tag}` })
    assert.deepEqual([again.status, await again.text()], [304, ''])
    assert.equal(again.headers.get('etag'), tag)
    const plain = (await get(asset)).headers.get('etag') ?? ''
    assert.equal((await get(asset, { 'If-None-Match': plain })).status, 304)
    assert.equal((await get(asset, { 'If-None-Match': plain, 'Accept-Encoding': 'br' })).status, 200)
  })

  it('answers HEAD like GET, without a body, and refuses other methods', async () => {
    for (const path of ['/', '/queue', asset]) {
      const head = await asked.ask('HEAD', path)
      const whole = await get(path)
      assert.deepEqual([...head.headers], [...whole.headers])
      assert.deepEqual([head.status, await head.text()], [200, ''])
      const refused = await asked.ask('POST', path, { body: {} })
      assert.equal(refused.headers.get('allow'), 'GET, HEAD')
      assert.equal((await problemOf(refused)).code, 'method-not-allowed')
    }
  })

  it('gives out nothing but the files that it is made of', async () => {
    for (const path of [
      '/index.html',
      '/notes.txt',
      '/linked.js',
      `${asset}.br`,
      '/assets/',
      '/assets',
      '/../secret.js',
      '/..%2fsecret.js',
      '/assets/..%2f..%2fsecret.js',
      '/assets/%2e%2e/%2e%2e/secret.js',
      '//favicon.svg',
      '/queue/',
      '/constructor',
    ])
      assert.equal((await get(path)).status, 404, path)
    await writeFile(join(folder, 'late.js'), 'later')
    assert.equal((await get('/late.js')).status, 404)
  })
})

it('without a built page there is none, and / says how to get it', async () => {
  assert.equal(await readPage(join(tmpdir(), 'sluice-no-such-folder')), undefined)
  const { ask } = askedApp()
  assert.match(await (await ask('GET', '/')).text(), /npm run build:ui/)
  assert.equal((await ask('GET', '/queue')).status, 404)
})
