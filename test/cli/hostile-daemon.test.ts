import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import { runSluice, spawnSluice } from '../support/cli.ts'

const evil = 'a\x1b]0;owned\x07\x1b[2J\u202etxt.exe\nsecond line'
const id = 'dl-0123456789abcdef'

const download = {
  id,
  reference: `http://host/${evil}`,
  filename: evil,
  status: 'active',
  priority: 5,
  bytesDone: 5,
  bytesTotal: 10,
  speed: 1,
  eta: 5,
  error: null,
  missing: false,
  waitingFor: evil,
  retryAt: null,
}
const entry = { ...download, fileSize: 10, downloadedAt: evil, duration: 1, verdict: evil }

/** A server that answers each path with what stands here, and everything else with an evil problem. */
async function startServer(t: TestContext, answers: Readonly<Record<string, unknown>>): Promise<string> {
  const server = createServer((request: IncomingMessage, response: ServerResponse) => {
    const path = request.url?.split('?')[0] ?? ''
    const value = answers[path]
    if (path === '/api/events') {
      response.writeHead(200, { 'Content-Type': 'text/event-stream' })
      response.write(`id: 1\nevent: snapshot\ndata: ${JSON.stringify(value)}\n\n`)
      response.write(`id: 2\nevent: changed\ndata: ${JSON.stringify({ download: { ...download, status: evil } })}\n\n`)
      return
    }
    const body = value ?? { code: 'wrong-state', detail: evil, hint: evil }
    response.writeHead(value === undefined ? 409 : 200, { 'Content-Type': 'application/json' })
    response.end(typeof body === 'string' ? body : JSON.stringify(body))
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  t.after(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

/** Line ends are the only control characters. */
function assertHarmless(text: string): void {
  assert.doesNotMatch(text, /[\0-\x09\x0b-\x1f\x7f-\x9f\u202e]/)
}

test('nothing that a daemon answers reaches the terminal as control characters', async (t) => {
  const url = await startServer(t, {
    '/api/downloads': { downloads: [download], total: 1 },
    '/api/history': { entries: [entry], total: 1, totalIsExact: true },
    '/api/settings': { [evil]: evil, list: [evil] },
    '/api/statistics': {
      ...Object.fromEntries(['totalFiles', 'totalBytes', 'totalTime', 'averageSpeed', 'todayFiles'].map((k) => [k, 1])),
      ...Object.fromEntries(['todayBytes', 'sessionFiles', 'sessionBytes', 'speed'].map((k) => [k, 1])),
      week: [{ date: evil, files: 1, bytes: 1 }],
      topDomains: { [evil]: 1 },
      fileTypeStats: { [evil]: 1 },
      counts: { [evil]: 1 },
    },
    '/api/download/add': { id: evil, duplicateOf: evil },
    '/api/downloads/pause-all': { done: [evil], failed: [{ id: evil, code: evil, message: evil }] },
    '/api/health': { status: 'ok', version: evil, uptime: 1, active: 1, queued: 1, database: evil, problems: [evil] },
  })
  const lines = [
    ['list'],
    ['history'],
    ['settings'],
    ['stats'],
    ['doctor'],
    ['add', `http://x/${evil}`],
    ['pause', '--all'],
    ['pause', id],
    ['remove', evil],
  ]
  for (const line of lines) {
    for (const json of [[], ['--json']]) {
      const { stdout, stderr } = await runSluice([...line, ...json], { env: { SLUICE_URL: url } })
      assert.ok((stdout + stderr).length > 0, line.join(' '))
      assertHarmless(stdout + stderr)
      if (json.length > 0) for (const one of stdout.split('\n').filter(Boolean)) JSON.parse(one)
    }
  }
})

test('watch prints the changes without control characters and ends with 130 on Ctrl-C', async (t) => {
  const url = await startServer(t, {
    '/api/events': { sequence: 1, counts: {}, speed: 0, downloads: [download], total: 1, settings: {} },
  })
  const { child, ended, output } = await spawnSluice(['watch'], { env: { SLUICE_URL: url } })
  await new Promise<void>((seen) => {
    child.stdout?.on('data', () => output().stdout.includes(id) && seen())
  })
  child.kill('SIGINT')
  const { code, stdout, stderr } = await ended
  assert.equal(code, 130)
  assertHarmless(stdout + stderr)
})

test('answers of a wrong shape end in an error, not in a trace', async (t) => {
  const url = await startServer(t, {
    '/api/downloads': { downloads: [null, 5, { id: {} }], total: 'x' },
    '/api/history': 'no JSON at all',
    '/api/statistics': [],
  })
  for (const command of ['list', 'history', 'stats']) {
    const { code, stderr } = await runSluice([command], { env: { SLUICE_URL: url } })
    assert.notEqual(code, 0, command)
    assert.doesNotMatch(stderr, /\n\s+at /)
  }
})
