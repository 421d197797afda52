import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { everything, openManagerLab, until } from '../../test/support/manager-lab.ts'
import type { AddRequest } from './types.ts'

test('what cannot be fetched is refused with the field that is wrong, and nothing is listed', async (t) => {
  const lab = await openManagerLab(t)
  const good = 'https://example.org/file'
  const wrong: ReadonlyArray<readonly [Partial<AddRequest>, string]> = [
    [{ reference: 'gopher://x/y' }, 'bad-url'],
    [{ reference: 'not an address' }, 'bad-url'],
    [{ filename: '../../escaped.bin' }, 'usage'],
    [{ filename: 'a\\b' }, 'usage'],
    [{ dir: '../outside' }, 'usage'],
    [{ dir: '/etc' }, 'usage'],
    [{ priority: 99 }, 'usage'],
    [{ priority: 1.5 }, 'usage'],
    [{ connections: 0 }, 'usage'],
    [{ retries: -1 }, 'usage'],
    [{ speedLimit: -1 }, 'usage'],
    [{ checksum: 'sha256:xyz' }, 'usage'],
    [{ mirrors: ['ftp://x/y'] }, 'bad-url'],
    [{ headers: { 'Bad Name': 'x' } }, 'usage'],
    [{ headers: { Good: 'bad\r\nvalue: x' } }, 'usage'],
    [{ headers: { Range: 'bytes=0-' } }, 'usage'],
    [{ startAt: 'tomorrow' }, 'usage'],
    [{ preset: 'unknown' }, 'usage'],
  ]
  for (const [request, code] of wrong)
    await assert.rejects(lab.manager.add({ reference: good, ...request }), { code }, JSON.stringify(request))
  assert.equal(lab.manager.list(everything).total, 0)
})

test('a daemon that others can reach refuses addresses that are private by themselves, unless that is allowed', async (t) => {
  const lab = await openManagerLab(t, {}, { reachable: true })
  const reference = 'https://example.org/file'
  const requests: ReadonlyArray<Partial<AddRequest>> = [
    { reference: 'http://127.0.0.1/' },
    { reference: 'http://0x7f.1/' },
    { reference: 'http://[::ffff:10.0.0.1]/' },
    { reference: 'http://169.254.169.254/latest' },
    { reference: 'http://LOCALHOST:8080/' },
    { reference, mirrors: ['http://192.168.1.1/'] },
    { reference: 'localhost:5000/library/tiny:1b', kind: 'model' },
  ]
  for (const request of requests) {
    const whole = { reference, ...request }
    await assert.rejects(lab.manager.add(whole), { code: 'private-address' }, JSON.stringify(request))
    const { errors } = await lab.manager.addMany([whole])
    assert.deepEqual(
      errors.map(({ code }) => code),
      ['private-address'],
    )
    await assert.rejects(lab.manager.preview(whole), { code: 'private-address' })
  }
  assert.equal(lab.manager.list(everything).total, 0)
  await lab.manager.changeSettings({ allowPrivate: true })
  for (const request of requests) await lab.add({ paused: true, ...request })
})

test('the engine gets the request over the preset over the settings', async (t) => {
  const lab = await openManagerLab(t)
  await lab.manager.changeSettings({
    userAgent: 'Mine/1',
    connectionsPerDownload: 3,
    filenameTemplate: '{host}-{name}',
    headers: [
      { name: 'Accept-Language', value: 'de' },
      { name: 'X-Both', value: 'setting' },
    ],
    presets: [{ name: 'small', connections: 2, priority: 8, dir: 'kept', speedLimit: 1000, referer: 'https://r/' }],
  })
  const id = await lab.running({
    preset: 'small',
    speedLimit: 500,
    filename: 'own.bin',
    headers: { 'x-both': 'request' },
    checksum: ['sha256:' + 'ab'.repeat(32), 'md5:' + 'cd'.repeat(16)],
    mirrors: ['https://mirror.example/file'],
    ifExists: 'skip',
  })
  const { request } = lab.engine.job(id)
  assert.deepEqual(request, {
    reference: request.reference,
    dir: join(lab.dir, 'kept'),
    output: 'own.bin',
    key: id,
    digests: [
      { algorithm: 'sha256', hex: 'ab'.repeat(32) },
      { algorithm: 'md5', hex: 'cd'.repeat(16) },
    ],
    mirrors: ['https://mirror.example/file'],
    options: {
      headers: [
        ['Accept-Language', 'de'],
        ['x-both', 'request'],
      ],
      retries: 5,
      ifExists: 'skip',
      connections: 2,
      userAgent: 'Mine/1',
      referer: 'https://r/',
      limitRate: 500,
      nameTemplate: '{host}-{name}',
    },
  })
  assert.equal(lab.of(id).priority, 8)
})

test('secrets reach the engine, also after a restart, and nobody else', async (t) => {
  const lab = await openManagerLab(t)
  const secret = 'hunter2hunter2'
  const heard: string[] = []
  lab.manager.events.listen((event) => heard.push(JSON.stringify(event)))
  const reference = `https://user:${secret}@example.org/a?signature=${secret}`
  const id = await lab.running({
    reference,
    headers: { Cookie: `sid=${secret}` },
    mirrors: [`https://example.net/a?token=${secret}`],
    referer: `https://example.net/?key=${secret}`,
  })
  const { request } = lab.engine.job(id)
  await lab.reopen()
  await until(() => lab.engine.jobs.some((job) => job.key === id), 'it goes on')
  assert.deepEqual(lab.engine.job(id).request, request)
  assert.equal(request.reference, reference)
  assert.deepEqual(request.options?.headers, [['Cookie', `sid=${secret}`]])
  lab.engine.job(id).fail('http-forbidden')
  await lab.is(id, 'error')
  const shown = JSON.stringify([
    await lab.manager.get(id),
    lab.manager.events.snapshot(),
    await lab.manager.history({ sort: 'date', descending: true, limit: 10, offset: 0 }),
    lab.manager.exportQueue('json'),
    lab.manager.exportQueue('text'),
    heard,
    lab.log.lines,
  ])
  assert.equal(shown.includes(secret), false)
  await lab.manager.close()
  for (const file of readdirSync(lab.dataDir, { recursive: true, withFileTypes: true }))
    if (file.isFile()) assert.equal(readFileSync(join(file.parentPath, file.name)).includes(secret), false, file.name)
})

test('the same address or the same checksum is a duplicate, and the user decides what then', async (t) => {
  const lab = await openManagerLab(t)
  const reference = 'https://user:one@example.org/file'
  const checksum = `sha256:${'ab'.repeat(32)}`
  const first = await lab.add({ reference, checksum, paused: true })
  const again = await lab.manager.add({ reference, paused: true })
  assert.equal(again.duplicateOf, first)
  assert.notEqual(again.id, first)
  const skipped = await lab.manager.add({ reference: 'https://else.example/x', checksum, ifDuplicate: 'skip' })
  assert.deepEqual(skipped, { id: first, duplicateOf: first, skipped: true })
  await assert.rejects(lab.manager.add({ reference, ifDuplicate: 'fail' }), { code: 'duplicate' })
  const other = await lab.manager.add({ reference: 'https://user:two@example.org/file', ifDuplicate: 'fail' })
  assert.equal(other.duplicateOf, undefined)
  const both = await Promise.allSettled(
    [1, 2].map(() => lab.manager.add({ reference: 'https://example.org/both', ifDuplicate: 'fail' })),
  )
  assert.deepEqual(both.map((one) => one.status).sort(), ['fulfilled', 'rejected'])
})

test('lines of text are added, and what is wrong is told with its line', async (t) => {
  const lab = await openManagerLab(t)
  await lab.manager.changeSettings({ autoStart: false })
  const result = await lab.manager.addText(
    [
      '# comment',
      '',
      'https://example.org/a',
      'not an address',
      'https://example.org/b[1-3].zip',
      '  dir=../out',
      'nonsense',
      'some/thing',
    ].join('\n'),
  )
  assert.equal(result.added.length, 1)
  assert.deepEqual(
    result.errors.map((error) => error.line),
    [4, 5, 5, 5, 7, 8],
  )
  const { skipped, errors } = await lab.manager.addMany([
    { reference: 'https://example.org/a', ifDuplicate: 'skip' },
    { reference: 'https://example.org/new' },
    { reference: 'https://example.org/new', ifDuplicate: 'fail' },
  ])
  assert.deepEqual(skipped, [{ line: 1, id: result.added[0] }])
  assert.deepEqual(
    errors.map((error) => [error.line, error.code]),
    [[3, 'duplicate']],
  )
})

test('ten thousand lines are one event, do not hold others up, and pages of them come at once', async (t) => {
  const lab = await openManagerLab(t)
  await lab.manager.changeSettings({ autoStart: false })
  const kinds: string[] = []
  lab.manager.events.listen((event) => kinds.push(event.type))
  let longest = 0
  let then = performance.now()
  const timer = setInterval(() => {
    longest = Math.max(longest, performance.now() - then)
    then = performance.now()
  }, 5)
  const text = Array.from({ length: 10_000 }, (_, at) => `https://example.org/${at}/file.zip`).join('\n')
  const begun = performance.now()
  const { added } = await lab.manager.addText(text)
  const seconds = (performance.now() - begun) / 1000
  clearInterval(timer)
  assert.equal(added.length, 10_000)
  assert.ok(kinds.filter((kind) => kind === 'refresh').length <= 2 && kinds.length <= 2, kinds.join())
  const before = performance.now()
  const page = lab.manager.list({ ...everything, status: ['queued'], search: '/99', limit: 50, offset: 20 })
  t.diagnostic(
    `added in ${seconds.toFixed(2)} s, nobody waited longer than ${longest.toFixed(0)} ms, page in ${(performance.now() - before).toFixed(1)} ms`,
  )
  assert.equal(page.downloads.length, 50)
  assert.equal(page.total, 111)
  assert.ok(longest < seconds * 500)
})
