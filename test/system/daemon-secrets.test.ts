import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { startDaemon, until } from '../support/daemon.ts'
import { openEvents } from '../support/event-stream.ts'
import { startFarm } from '../support/farm.ts'

const MiB = 1_048_576

function secret(what: string): string {
  return `${what}${randomBytes(9).toString('hex')}`
}

/** Every file below a folder, and its path. */
function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
}

test('no secret is on the disk, in the log, in an answer, an event or an export, and all still work after kill -9', async (t) => {
  const secrets = {
    bearer: secret('bearer'),
    cookie: secret('cookie'),
    custom: secret('custom'),
    password: secret('password'),
    signature: secret('signature'),
    queryToken: secret('query'),
    mirror: secret('mirror'),
    hookSecret: secret('hook'),
    hookHeader: secret('hookheader'),
    broken: secret('broken'),
    daemon: secret('daemon'),
  }
  const farm = await startFarm(t)
  const host = farm.origin.slice('http://'.length)
  const token = { authorization: `Bearer ${secrets.daemon}` }
  const daemon = await startDaemon(t, { flags: ['--token', secrets.daemon] })
  const post = async (path: string, body?: unknown): Promise<{ id: string }> => {
    const answer = await daemon.api('POST', path, body, { headers: token })
    assert.ok(answer.status < 300, `${path}: ${answer.status} ${answer.text}`)
    return answer.text === '' ? { id: '' } : (answer.json() as { id: string })
  }
  const statusOf = async (id: string): Promise<string> => {
    const answer = await daemon.api('GET', `/api/download/${id}`, undefined, { headers: token })
    return (answer.json() as { status: string }).status
  }
  const reaches = (id: string, status: string): Promise<true> =>
    until(
      async () => (await statusOf(id)) === status || undefined,
      60_000,
      () => `${id} does not become ${status}`,
    )

  await daemon.api('PUT', '/api/settings', { logLevel: 'debug' }, { headers: token })
  const stream = await openEvents(t, daemon.origin, token)
  const heard = await until(
    () => stream.events().length > 0 || undefined,
    60_000,
    () => 'no event',
  )
  assert.ok(heard)

  for (const path of ['/done.bin', '/signed.bin', '/hook']) farm.plant(path, 2 * MiB)
  farm.plant('/running.bin', 60 * MiB)
  farm.plant('/paused.bin', 60 * MiB)
  await post('/api/webhooks', {
    url: `${farm.origin}/hook?token=${secrets.queryToken}`,
    events: ['download.started', 'download.completed', 'download.failed'],
    secret: secrets.hookSecret,
    headers: { 'X-Api-Key': secrets.hookHeader },
  })
  const headers = {
    Authorization: `Bearer ${secrets.bearer}`,
    Cookie: `sid=${secrets.cookie}`,
    'X-Whatever': secrets.custom,
  }
  const done = await post('/api/download/add', { url: `${farm.origin}/done.bin`, headers })
  const signed = await post('/api/download/add', {
    url: `${farm.origin}/signed.bin?X-Amz-Signature=${secrets.signature}&token=${secrets.queryToken}`,
    mirrors: [`http://me:${secrets.mirror}@${host}/signed.bin`],
  })
  const failed = await post('/api/download/add', { url: `http://me:${secrets.password}@${host}/missing.bin`, headers })
  await reaches(done.id, 'completed')
  await reaches(signed.id, 'completed')
  await reaches(failed.id, 'error')
  farm.rate = MiB
  const running = await post('/api/download/add', { url: `http://me:${secrets.password}@${host}/running.bin`, headers })
  const paused = await post('/api/download/add', {
    url: `http://me:${secrets.password}@${host}/paused.bin?sig=${secrets.signature}`,
    headers,
  })
  await reaches(running.id, 'active')
  await reaches(paused.id, 'active')
  await post(`/api/download/${paused.id}/pause`)
  await until(
    () => farm.sent('/running.bin') > 4 * MiB || undefined,
    60_000,
    () => 'nothing comes',
  )

  const told: Array<readonly [where: string, text: string]> = []
  const keep = async (method: string, path: string, body?: unknown): Promise<void> => {
    const { text } = await daemon.api(method, path, body, { headers: token })
    told.push([`${method} ${path}`, text])
  }
  await t.test('the real values reached the server', () => {
    const asked = (path: string): string => JSON.stringify(farm.requests.filter((one) => one.path === path))
    assert.ok(asked('/done.bin').includes(secrets.bearer) && asked('/done.bin').includes(secrets.custom))
    assert.ok(asked('/running.bin').includes('"authorization"'))
    assert.ok(asked('/hook').includes(secrets.hookHeader), 'the webhook was not called with its header')
  })

  for (const path of [
    ...['/api/downloads', '/api/history', '/api/history/export?format=json', '/api/history/export?format=csv'],
    ...['/api/statistics', '/api/settings', '/api/webhooks', '/api/health', '/api/metrics', '/api/schedules'],
    ...['/api/queue/export?format=json', '/api/queue/export?format=text'],
    ...[done, signed, failed, running, paused].map(({ id }) => `/api/download/${id}`),
  ])
    await keep('GET', path)
  await keep('POST', '/api/preview', {
    url: `http://me:${secrets.password}@${host}/nothing?token=${secrets.queryToken}`,
  })
  await keep('POST', '/api/download/add', { url: `http://me:${secrets.broken}@[bad/` })
  await keep('POST', '/api/download/add', {
    url: `${farm.origin}/done.bin`,
    headers: { Authorization: `${secrets.broken}\n` },
  })
  await keep('POST', '/api/downloads/batch', { items: [{ url: `ftp://me:${secrets.broken}@${host}/` }] })
  told.push(['the event stream', stream.text()])
  await daemon.kill()
  told.push(['what the daemon said', daemon.said()])
  // The home folder stands beside the two.
  for (const path of filesBelow(join(daemon.dir, '..'))) told.push([path, readFileSync(path, 'latin1')])

  await t.test('none of them is told or kept in plain', () => {
    const basic = Buffer.from(`me:${secrets.password}`).toString('base64')
    for (const [name, value] of [...Object.entries(secrets), ['Basic', basic] as const])
      assert.deepEqual(
        told.filter(([, text]) => text.includes(value)).map(([where]) => where),
        [],
        `the secret '${name}' is in plain there`,
      )
  })

  await t.test('the files of the data folder are readable by their owner only', () => {
    const open = filesBelow(daemon.dataDir).filter((path) => (statSync(path).mode & 0o077) !== 0)
    assert.deepEqual(open, [])
  })

  await t.test('after the restart what was running and what was paused go on with their secrets', async () => {
    const before = farm.requests.length
    farm.rate = Infinity
    await daemon.restart()
    await post(`/api/download/${paused.id}/resume`)
    await reaches(running.id, 'completed')
    await reaches(paused.id, 'completed')
    for (const path of ['/running.bin', '/paused.bin']) {
      const request = farm.requests.slice(before).find((one) => one.path === path)
      assert.equal(request?.headers['x-whatever'], secrets.custom)
    }
    assert.ok(!daemon.said().includes(secrets.bearer))
  })
})
