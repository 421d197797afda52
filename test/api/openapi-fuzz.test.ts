import assert from 'node:assert/strict'
import { Agent } from 'node:http'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { downloadStatuses } from '../../src/core/download-states.ts'
import { call } from '../support/call.ts'
import type { Answer } from '../support/call.ts'
import { startDaemon, until } from '../support/daemon.ts'
import type { Daemon } from '../support/daemon.ts'
import { openEvents } from '../support/event-stream.ts'
import { startFakeGithub } from '../support/fake-github.ts'
import { startFarm } from '../support/farm.ts'
import { publishLatest } from '../support/library-lab.ts'
import { complaintAbout, damagedJson, resolved, valuesOf } from '../support/openapi.ts'
import type { Document, Operation, TextsFor } from '../support/openapi.ts'

const runs = Number(process.env['SLUICE_FUZZ_RUNS'] ?? 60)
const seed = Number(process.env['SLUICE_SEED'] ?? Date.now() % 1_000_000)

interface Target {
  readonly method: string
  readonly path: string
  readonly operation: Operation
}

interface Shot {
  readonly path: string
  readonly headers: Record<string, string>
  readonly body: string | undefined
}

const contentTypes = [
  ...['application/json', 'application/json; charset=utf-8', 'APPLICATION/JSON', 'text/plain', 'text/html', ''],
  ...['application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', 'application/octet-stream', 'bogus'],
]

/** Pieces of a path that are sent as they are, however odd. */
const oddSegments = [
  ...[
    '%',
    '%zz',
    '%00',
    '%2e%2e',
    '..%2f..%2fetc%2fpasswd',
    '..',
    '.',
    '__proto__',
    'constructor',
    'dl-',
    '%F0%9F%92%A5',
  ],
  ...[
    'dl-0000000000000000',
    'DL-0000000000000000',
    'dl-00000000000000001',
    'a'.repeat(3000),
    '%ff',
    '-1',
    'add',
    '*',
    "'",
  ],
]

const addressNames = new Set(['url', 'reference', 'mirrors'])

/** What is right in fields of these names, sent more often than what is not. */
const rightTexts: Readonly<Record<string, readonly string[]>> = {
  checksum: [`sha256:${'0'.repeat(64)}`, `md5:${'a'.repeat(32)}`],
  dir: ['sub', 'a/b', '', '.'],
  filename: ['x.bin', 'con', '...', 'ü.txt', '=1+1.csv'],
  startAt: ['2020-01-01', '2099-01-01T00:00:00Z'],
  since: ['2020-01-01'],
  until: ['2099-01-01'],
  cron: ['0 3 * * *', '*/5 * * * 1-5'],
  sort: ['-date', 'name', 'size', 'status'],
  userAgent: ['x/1'],
  referer: ['http://127.0.0.1/'],
  secret: ['hush'],
  preset: ['none'],
  platform: ['linux/amd64'],
  zip: ['own.zip'],
  file: ['a.zip', '../a.zip'],
  version: ['latest', 'nightly', 'b11429', 'v0.6.0', 'b1'],
  platforms: ['linux/amd64', 'windows/arm64', 'all'],
  variant: ['auto', 'cpu', 'vulkan', 'all'],
}

/** What is right and leads to this host. */
function namedByHost(name: string, host: string): readonly string[] | undefined {
  if (name === 'registry') return [host, `${host}/`]
  return name === 'model' ? [`${host.replace('http://', '')}/library/none:1`, 'hf.co/a/b/c/d'] : undefined
}

/** Requests of one operation: addresses in them lead to `hosts` only. */
function shots(
  document: Document,
  target: Target,
  ids: readonly string[],
  hosts: readonly string[],
): fc.Arbitrary<Shot> {
  const addresses = fc.constantFrom(
    ...hosts.flatMap((host) => [`${host}/a.bin`, `${host}/b?x=[1-3]`, `${host}/%00`, `${host}/${'p'.repeat(3000)}`]),
    ...['http://', 'http://[::1', 'ftp://127.0.0.1/x', 'file:///etc/passwd', 'javascript:1', 'http://127.0.0.1:99999/'],
    ...['//127.0.0.1/x', 'http:\\\\127.0.0.1:9\\x', 'http://user:pass@127.0.0.1:9/x', 'HTTP://127.0.0.1:9/ü'],
  )
  const texts: TextsFor = (name) => {
    const right = namedByHost(name, hosts[0] ?? '') ?? rightTexts[name]
    const anything = fc.oneof(addresses, fc.constantFrom(...ids), fc.string({ unit: 'grapheme', maxLength: 20 }))
    const good = addressNames.has(name) ? fc.constantFrom(...hosts).map((host) => `${host}/a.bin`) : undefined
    const wanted = good ?? (right === undefined ? fc.constantFrom(...ids, 'a') : fc.constantFrom(...right))
    return fc.oneof({ weight: 4, arbitrary: wanted }, { weight: 1, arbitrary: anything })
  }
  const id = fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom(...ids) },
    fc.constantFrom(...oddSegments),
    fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }).map(encodeURIComponent),
  )
  const parameters = (target.operation.parameters ?? []).filter((one) => one.in === 'query')
  const query = fc.array(
    fc.tuple(
      fc.constantFrom('x', '__proto__', 'limit', 'offset', ...parameters.map(({ name }) => name)),
      fc.oneof(
        ...parameters.map(({ name, schema }) => valuesOf(resolved(document, schema ?? {}), texts, name).map(String)),
        fc.constantFrom(
          '',
          '-1',
          '0',
          '1e9',
          '99999999999999999999',
          'true',
          '%',
          '\0',
          'desc',
          'completed,error',
          '💥',
        ),
        fc.string({ unit: 'grapheme', maxLength: 20 }),
      ),
    ),
    { maxLength: 4 },
  )
  const content = target.operation.requestBody?.content['application/json']
  const right = valuesOf(resolved(document, content?.schema ?? {}), texts)
  const body = fc.oneof(
    { weight: 4, arbitrary: right.map((value) => JSON.stringify(value)) },
    { weight: 3, arbitrary: damagedJson(right) },
    fc.constant(undefined),
    fc.string({ unit: 'grapheme', maxLength: 200 }),
  )
  const type = fc.oneof({ weight: 4, arbitrary: fc.constant('application/json') }, fc.constantFrom(...contentTypes))
  return fc.record({ id, query, body, type }).map((parts) => {
    const path = target.path.replaceAll(/\{[^}]*\}/g, () => parts.id)
    const search = parts.query
      .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value.toWellFormed())}`)
      .join('&')
    return {
      path: search === '' ? path : `${path}?${search}`,
      headers: parts.type === '' ? {} : { 'content-type': parts.type },
      body: target.method === 'GET' ? undefined : parts.body,
    }
  })
}

/** What holds for every answer, whatever was asked. */
function checkAnswer(document: Document, target: Target, answer: Answer): void {
  const { status, text, headers } = answer
  const what = `${target.method} ${target.path}: ${status} ${text.slice(0, 300)}`
  const mayFailThere = target.path === '/api/preview' || target.path === '/api/models/preview'
  assert.ok(status < 500 || (mayFailThere && [502, 503, 504].includes(status)), what)
  assert.doesNotMatch(text, /\n\s+at |node_modules|\.ts:\d+/, `a stack trace in ${what}`)
  if (status >= 400) {
    assert.match(headers['content-type'] ?? '', /^application\/problem\+json/, what)
    const problem = answer.json() as Record<string, unknown>
    assert.equal(problem['status'], status, what)
    for (const key of ['type', 'title', 'detail', 'code', 'hint']) assert.equal(typeof problem[key], 'string', what)
    return
  }
  const told = target.operation.responses[String(status)]
  assert.ok(told !== undefined || status === 303, `the document does not name ${what}`)
  const schema = told?.content?.['application/json']?.schema
  if (schema === undefined || !/json/.test(headers['content-type'] ?? '')) return
  assert.equal(complaintAbout(document, schema, answer.json()), '', `not as the document says: ${what}`)
}

async function assertWell(daemon: Daemon): Promise<void> {
  const begun = performance.now()
  const health = await daemon.ask<{ status: string; problems: string[] }>('GET', '/api/health')
  assert.ok(performance.now() - begun < 20_000, 'the daemon answers slowly')
  assert.ok(['ok', 'degraded'].includes(health.status))
}

describe(`the API under malformed requests (SLUICE_SEED=${seed})`, () => {
  it('never fails by itself, tells what is wrong, and stays well and consistent', { timeout: 180_000 }, async (t) => {
    const farm = await startFarm(t)
    // What looks like a model of a registry elsewhere ends at a proxy that is not there.
    const github = await startFakeGithub()
    t.after(() => github.close())
    publishLatest(github)
    const daemon = await startDaemon(t, { env: { HTTPS_PROXY: 'http://127.0.0.1:9', ...github.env } })
    const agent = new Agent({ keepAlive: true, maxSockets: 1 })
    t.after(() => agent.destroy())
    const ids = [
      await daemon.add(farm.plant('/a.bin', 50_000)),
      await daemon.add(farm.plant('/b.bin', 50_000), { paused: true }),
      await daemon.add(farm.plant('/c.bin', 10, 'missing')),
      (await daemon.ask<{ id: string }>('POST', '/api/webhooks', { url: `${farm.origin}/a.bin` })).id,
      (
        await daemon.ask<{ id: string }>('POST', '/api/schedules', {
          cron: '0 3 * * *',
          request: { url: `${farm.origin}/a.bin` },
        })
      ).id,
    ]
    // Port 9 of this machine (discard) is closed; the farm answers.
    const hosts = [farm.origin, 'http://127.0.0.1:9']
    const document = await daemon.ask<Document>('GET', '/api/openapi.json')
    const targets = Object.entries(document.paths).flatMap(([path, operations]) =>
      Object.entries(operations)
        .filter(([method]) => ['get', 'put', 'post', 'delete', 'patch'].includes(method))
        .map(([method, operation]) => ({ method: method.toUpperCase(), path, operation })),
    )
    // What takes things away comes last.
    targets.sort((a, b) => Number(a.method === 'DELETE') - Number(b.method === 'DELETE'))
    assert.ok(targets.length >= 35, `only ${targets.length} operations are described`)

    for (const target of targets.filter(({ path }) => path !== '/api/events')) {
      await t.test(`${target.method} ${target.path}`, async () => {
        await fc.assert(
          fc.asyncProperty(shots(document, target, ids, hosts), async ({ path, headers, body }) => {
            const more = { headers, agent, timeout: 20_000, ...(body === undefined ? {} : { body }) }
            checkAnswer(document, target, await call(daemon.origin, target.method, path, more))
          }),
          { numRuns: runs, seed, endOnFailure: true },
        )
        await assertWell(daemon)
      })
    }

    await t.test('GET /api/events', async () => {
      for (const last of ['', '-1', '0', '99999999999999999999', 'x', '1e3', '💥', '__proto__']) {
        const stream = await openEvents(t, daemon.origin, { 'last-event-id': encodeURIComponent(last) })
        assert.ok(stream.status === 200 || stream.status === 400, `Last-Event-ID ${last}: ${stream.status}`)
        stream.close()
      }
      await assertWell(daemon)
    })

    await t.test('methods and paths that are not there', async () => {
      for (const { path } of targets) {
        const answer = await call(daemon.origin, 'PATCH', path.replaceAll(/\{[^}]*\}/g, ids[0] ?? ''), { agent })
        assert.equal(answer.status, 405, `PATCH ${path}: ${answer.text}`)
        assert.ok((answer.headers.allow ?? '') !== '', `405 of ${path} does not tell what is allowed`)
      }
      for (const path of [
        '/api',
        '/api/',
        '/api/nothing',
        '/api/download',
        '/api/download/',
        '//api/downloads',
        '/API/health',
      ])
        assert.equal((await call(daemon.origin, 'GET', path, { agent })).status, 404, path)
    })

    await t.test('the state is consistent, and a restart finds the same', async () => {
      const stopped = async (): Promise<true | undefined> => {
        await daemon.ask('POST', '/api/downloads/pause-all')
        const list = await daemon.list('limit=1000')
        return list.downloads.every(({ status }) => status !== 'active' && status !== 'validating') || undefined
      }
      await daemon.ask('PUT', '/api/settings', { autoStart: false, autoRetry: false, clearCompleted: 0 })
      await until(stopped, 20_000, () => 'not all can be paused')
      const before = await daemon.all()
      const { counts } = await daemon.statistics()
      for (const status of downloadStatuses)
        assert.equal(counts[status], before.filter((one) => one.status === status).length, status)
      const settings = await daemon.ask('GET', '/api/settings')
      await daemon.stop()
      await daemon.restart()
      const shown = (all: typeof before): string[] => all.map(({ id, status }) => `${id} ${status}`).sort()
      assert.deepEqual(shown(await daemon.all()), shown(before))
      assert.deepEqual(await daemon.ask('GET', '/api/settings'), settings)
    })
  })
})
