import assert from 'node:assert/strict'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { content, MiB, openLab, serve, startFileServer } from '../support/transfer-lab.ts'

const within = { timeout: 180_000 }

test(
  'each file is asked for with its own fields, and the next one with the fields of the engine',
  within,
  async (t) => {
    const server = await startFileServer(t, (request, response) => serve(request, response, { body: content(10) }))
    const lab = await openLab(t, {
      headers: [
        ['X-Token', 'engine'],
        ['X-Other', 'kept'],
      ],
      userAgent: 'engine',
    })
    await lab.get(server.url('/a'), {
      options: { headers: [['x-token', 'file']], userAgent: 'file', referer: 'http://from.test/' },
    })
    await lab.get(server.url('/b'))
    const seen = server.seen.map(({ headers }) => [
      headers['x-token'],
      headers['x-other'],
      headers['user-agent'],
      headers.referer,
    ])
    assert.deepEqual(seen, [
      ['file', 'kept', 'file', 'http://from.test/'],
      ['engine', 'kept', 'engine', undefined],
    ])
  },
)

test('a dry run sends the fields of the file and tells the name of its template', within, async (t) => {
  const server = await startFileServer(t, (request, response) => serve(request, response, { body: content(10) }))
  const lab = await openLab(t)
  const request = {
    reference: server.url('/a.bin'),
    dir: lab.dir,
    digests: [],
    mirrors: [],
    key: 'dl-00000000000000aa',
  }
  const options = { headers: [['X-Token', 'file']] as const, nameTemplate: '{host}-{id}-{name}' }
  const preview = await lab.engine.preview({ ...request, options })
  assert.equal(server.seen[0]?.headers['x-token'], 'file')
  assert.equal(preview.filename, '127.0.0.1-dl-00000000000000aa-a.bin')
  assert.equal((await lab.engine.preview({ ...request, output: 'x/own.bin', options })).filename, 'own.bin')
})

test('a template names the file unless the user named it', within, async (t) => {
  const server = await startFileServer(t, (request, response) => serve(request, response, { body: content(10) }))
  const lab = await openLab(t)
  const options = { nameTemplate: '{stem}-from-{host}.{ext}' }
  await lab.get(server.url('/a.bin'), { options })
  await lab.get(server.url('/b.bin'), { options, output: 'c.bin' })
  assert.deepEqual(
    lab.names().filter((name) => !name.startsWith('.')),
    ['a-from-127.0.0.1.bin', 'c.bin'],
  )
})

test('what is wrong in the options of one file fails that file alone', within, async (t) => {
  const server = await startFileServer(t, (request, response) => serve(request, response, { body: content(10) }))
  const lab = await openLab(t)
  await assert.rejects(lab.get(server.url('/a'), { options: { headers: [['Range', 'bytes=0-1']] } }), { code: 'usage' })
  await assert.rejects(lab.get(server.url('/a'), { key: '../../etc' }), { code: 'usage' })
  await lab.get(server.url('/a'))
  assert.equal(server.seen.length, 1)
})

test('the policy for a name that is taken is that of the file', within, async (t) => {
  const server = await startFileServer(t, (request, response) => serve(request, response, { body: content(10) }))
  const lab = await openLab(t)
  mkdirSync(lab.dir, { recursive: true })
  writeFileSync(join(lab.dir, 'a'), 'mine')
  await assert.rejects(lab.get(server.url('/a'), { options: { ifExists: 'fail' } }), { code: 'target-exists' })
  assert.ok((await lab.get(server.url('/a'), { options: { ifExists: 'skip' } })).alreadyThere)
  assert.equal(lab.read('a').toString(), 'mine')
  await lab.get(server.url('/a'), { options: { ifExists: 'overwrite' } })
  assert.equal(lab.read('a').length, 10)
})

test('retries, web pages and connections are as the file has them', within, async (t) => {
  const body = content(6 * MiB)
  let asked = 0
  let most = 0
  let open = 0
  const server = await startFileServer(t, (request, response) => {
    if (request.url === '/busy') return void (asked++, response.writeHead(503).end())
    if (request.url === '/page.zip') return serve(request, response, { body, type: 'text/html' })
    most = Math.max(most, ++open)
    response.on('close', () => open--)
    serve(request, response, { body })
  })
  const lab = await openLab(t, { retries: 3, connections: 8 })
  await assert.rejects(lab.get(server.url('/busy'), { options: { retries: 0 } }), { code: 'http-busy' })
  assert.equal(asked, 1)
  await assert.rejects(lab.get(server.url('/page.zip')), { code: 'not-the-file' })
  await lab.get(server.url('/page.zip'), { options: { allowHtml: true } })
  await lab.get(server.url('/f.bin'), { options: { connections: 1 } })
  assert.equal(most, 1)
})

test('whether a changed file is begun anew is decided by the file', within, async (t) => {
  const [old, fresh] = [content(3 * MiB), content(3 * MiB)]
  let changed = false
  const server = await startFileServer(t, (request, response) =>
    serve(request, response, changed ? { body: fresh, etag: '"new"' } : { body: old, cutAfter: 2 * MiB }),
  )
  const lab = await openLab(t, { connections: 1, retries: 0 })
  await assert.rejects(lab.get(server.url('/f.bin')))
  changed = true
  await assert.rejects(lab.get(server.url('/f.bin')), { code: 'remote-changed' })
  await lab.get(server.url('/f.bin'), { options: { ifChanged: 'restart' } })
  assert.ok(lab.read('f.bin').equals(fresh))
})

test('an engine for public addresses refuses a private one at the first hop, and sends nothing', within, async (t) => {
  const server = await startFileServer(t, (request, response) => serve(request, response, { body: content(10) }))
  const lab = await openLab(t, { publicOnly: true, allowPrivate: true })
  await assert.rejects(lab.get(server.url('/a')), (error: Error & { code?: string; hint?: string }) => {
    assert.equal(error.code, 'private-address')
    assert.match(error.message, /127\.0\.0\.1.*is a private address/)
    assert.match(error.hint ?? '', /settings/)
    return true
  })
  assert.equal(server.seen.length, 0)
})

test('numbers come as often as the engine is told', within, async (t) => {
  const body = content(2 * MiB)
  const server = await startFileServer(t, (request, response) => serve(request, response, { body }))
  const lab = await openLab(t, { connections: 1, progressInterval: 400 })
  await lab.get(server.url('/f.bin'), { options: { limitRate: 2 * MiB } })
  const count = lab.of('progress').length
  assert.ok(count >= 1 && count <= 3, `${count}`)
})
