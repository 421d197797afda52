import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import { content, MiB, openLab, serve, sha256, startFileServer } from '../support/transfer-lab.ts'
import type { FileServer, Served, TransferLab } from '../support/transfer-lab.ts'

const within = { timeout: 180_000 }
const date = 'Sat, 14 Nov 2026 10:00:00 GMT'

/** A server that sends the beginning of a file and has lost it then. */
function startDyingServer(t: TestContext, file: Served): Promise<FileServer> {
  return startFileServer(t, (request, response, count) => {
    if (count === 1) serve(request, response, { ...file, cutAfter: 2 * MiB })
    else response.writeHead(404).end()
  })
}

const mirror = (t: TestContext, file: Served): Promise<FileServer> =>
  startFileServer(t, (request, response) => serve(request, response, file))

/** Codes of what was told about a download, its end included. */
const told = (lab: TransferLab): string[] => [
  ...lab.of('warning').map(({ code }) => code),
  ...lab.of('error').map(({ error }) => error.code),
]

test('when the first place has lost the file, a mirror that agrees goes on where it stopped', within, async (t) => {
  const body = content(5 * MiB)
  const agreeing: ReadonlyArray<readonly [string, Partial<Served>]> = [
    ['equal tag', {}],
    ['equal date', { etag: '"other"', lastModified: date }],
    ['no tag, equal date', { etag: null, lastModified: date }],
  ]
  for (const [name, file] of agreeing) {
    const first = await startDyingServer(t, { body, lastModified: date })
    const second = await mirror(t, { body, ...file })
    const lab = await openLab(t, { connections: 1 })
    await lab.get(first.url('/f.bin'), { mirrors: [second.url('/copy.bin')] })
    assert.ok(lab.read('f.bin').equals(body), name)
    assert.match(second.seen[0]?.headers.range ?? '', new RegExp(`^bytes=${2 * MiB}-`))
  }
})

test('a mirror with another size, or with other marks, gives not one byte', within, async (t) => {
  const body = content(5 * MiB)
  const differing: ReadonlyArray<readonly [string, Served]> = [
    ['size', { body: content(5 * MiB + 1) }],
    ['tag', { body: content(5 * MiB), etag: '"other"' }],
    ['date', { body: content(5 * MiB), etag: null, lastModified: 'Sat, 14 Nov 2026 09:00:00 GMT' }],
    ['no marks at all', { body: content(5 * MiB), etag: null }],
  ]
  for (const [name, file] of differing) {
    const first = await startDyingServer(t, { body, lastModified: date })
    const second = await mirror(t, file)
    const lab = await openLab(t, { connections: 1 })
    await assert.rejects(lab.get(first.url('/f.bin'), { mirrors: [second.url('/f.bin')] }), name)
    assert.ok(told(lab).includes('mirror-differs'), name)
    assert.ok(lab.read('f.bin.part').subarray(0, MiB).equals(body.subarray(0, MiB)))
    assert.ok(lab.read('f.bin.part').length <= 2 * MiB, name)
  }
})

test('with a digest, other marks do not matter: the digest decides', within, async (t) => {
  const body = content(5 * MiB)
  const first = await startDyingServer(t, { body })
  const second = await mirror(t, { body, etag: '"other"' })
  const lab = await openLab(t, { connections: 1 })
  const finished = await lab.get(first.url('/f.bin'), { mirrors: [second.url('/f.bin')], digests: [sha256(body)] })
  assert.equal(finished.verdict, 'verified')
})

test('with a digest, another size is still another file', within, async (t) => {
  const body = content(5 * MiB)
  const first = await startDyingServer(t, { body })
  const second = await mirror(t, { body: content(5 * MiB - 1), etag: '"other"' })
  const lab = await openLab(t, { connections: 1 })
  await assert.rejects(lab.get(first.url('/f.bin'), { mirrors: [second.url('/f.bin')], digests: [sha256(body)] }))
  assert.ok(told(lab).includes('mirror-differs'))
})

test('a first place that does not have the file is passed over', within, async (t) => {
  const body = content(2 * MiB)
  const first = await startFileServer(t, (_request, response) => response.writeHead(404).end())
  const second = await mirror(t, { body })
  const lab = await openLab(t)
  await lab.get(first.url('/f.bin'), { mirrors: [second.url('/f.bin')] })
  assert.ok(lab.read('f.bin').equals(body))
  assert.equal(first.seen.length, 1)
})

test('a first place that is dead is passed over', within, async (t) => {
  const body = content(2 * MiB)
  const second = await mirror(t, { body })
  const lab = await openLab(t, { retries: 1 })
  // Nothing listens on port 1.
  await lab.get('http://127.0.0.1:1/f.bin', { mirrors: [second.url('/f.bin')] })
  assert.ok(lab.read('f.bin').equals(body))
})

test('a first place that only says it is busy is passed over', within, async (t) => {
  const body = content(2 * MiB)
  const first = await startFileServer(t, (_request, response) => response.writeHead(503).end())
  const second = await mirror(t, { body })
  const lab = await openLab(t, { retries: 1 })
  await lab.get(first.url('/f.bin'), { mirrors: [second.url('/f.bin')] })
  assert.ok(lab.read('f.bin').equals(body))
})

test('when no place has the file, the error is told', within, async (t) => {
  const first = await startFileServer(t, (_request, response) => response.writeHead(404).end())
  const second = await startFileServer(t, (_request, response) => response.writeHead(404).end())
  const lab = await openLab(t)
  await assert.rejects(lab.get(first.url('/f.bin'), { mirrors: [second.url('/f.bin')] }), {
    code: 'http-not-found',
    exitCode: 4,
  })
  assert.deepEqual([first.seen.length, second.seen.length], [1, 1])
})

test('a mirror sees nothing of what the user adds for the first origin', within, async (t) => {
  const body = content(2 * MiB)
  const first = await startFileServer(t, (_request, response) => response.writeHead(404).end())
  const second = await mirror(t, { body })
  const lab = await openLab(t, { headers: [['X-Key', 'secret']] })
  await lab.get(first.url('/f.bin').replace('http://', 'http://user:word@'), { mirrors: [second.url('/f.bin')] })
  const headers = second.seen[0]?.headers ?? {}
  assert.deepEqual([headers['x-key'], headers.authorization], [undefined, undefined])
})
