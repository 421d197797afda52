import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { gaps, totalBytes } from '../../src/core/ranges.ts'
import { parseSession } from '../../src/transfer/session.ts'
import { content, MiB, openLab, serve, sha256, startFileServer } from '../support/transfer-lab.ts'
import type { TransferLab } from '../support/transfer-lab.ts'

const within = { timeout: 180_000 }

/** Fetches until about `bytes` are here, and interrupts. */
async function interruptAt(
  lab: TransferLab,
  reference: string,
  bytes: number,
  more: Parameters<TransferLab['get']>[1] = {},
): Promise<void> {
  const controller = new AbortController()
  const running = lab.get(reference, more, controller.signal)
  const watch = setInterval(() => {
    if ((lab.of('progress').at(-1)?.bytesDone ?? 0) >= bytes) controller.abort()
  }, 5)
  await assert.rejects(running, { code: 'interrupted', exitCode: 130 })
  clearInterval(watch)
}

/** Bytes that the one session in the folder claims. */
function claimed(lab: TransferLab): number {
  const [id = ''] = readdirSync(join(lab.dir, '.staging')).filter((name) => name.startsWith('dl-'))
  const session = parseSession(readFileSync(join(lab.dir, '.staging', id, 'session.json'), 'utf8'), id)
  assert.ok(session)
  return totalBytes(session.done)
}

test('an interrupted download goes on where it was, and only the rest is fetched', within, async (t) => {
  const body = content(12 * MiB)
  let patient = true
  const server = await startFileServer(t, (request, response) => {
    if (!patient) return serve(request, response, { body })
    response.writeHead(200, { 'Content-Length': body.length, ETag: '"one"', 'Accept-Ranges': 'bytes' })
    response.write(body.subarray(0, 5 * MiB))
  })
  const lab = await openLab(t, { connections: 1 })
  await interruptAt(lab, server.url('/f.bin'), 5 * MiB)
  assert.deepEqual(lab.names(), ['.staging', 'f.bin.part'])
  assert.equal(claimed(lab), 5 * MiB)
  patient = false
  const next = await lab.again()
  const finished = await next.get(server.url('/f.bin'))
  assert.ok(next.read('f.bin').equals(body))
  assert.deepEqual([finished.verdict, finished.bytes, finished.alreadyThere], ['length-only', body.length, false])
  assert.equal(next.of('start')[0]?.resumedFrom, 5 * MiB)
  const ranges = server.seen.slice(1).map((request) => request.headers.range ?? '')
  assert.ok(
    ranges.every((range) => Number(/^bytes=(\d+)/.exec(range)?.[1]) >= 5 * MiB),
    ranges.join(' '),
  )
  assert.equal(server.seen[1]?.headers['if-range'], '"one"')
})

test('a small file that was interrupted goes on, too', within, async (t) => {
  const body = content(300_000)
  const server = await startFileServer(t, (request, response) => {
    if (request.headers.range !== undefined) return serve(request, response, { body })
    response.writeHead(200, { 'Content-Length': body.length, ETag: '"one"', 'Accept-Ranges': 'bytes' })
    response.write(body.subarray(0, 200_000))
  })
  const lab = await openLab(t)
  await interruptAt(lab, server.url('/f.bin'), 200_000)
  const next = await lab.again()
  await next.get(server.url('/f.bin'), { digests: [sha256(body)] })
  assert.ok(next.read('f.bin').equals(body))
  assert.equal(server.seen[1]?.headers.range, 'bytes=200000-299999')
})

test('a connection that is cut again and again costs no bytes and no budget while bytes move', within, async (t) => {
  const body = content(6 * MiB)
  const server = await startFileServer(t, (request, response, count) =>
    serve(request, response, { body, ...(count <= 5 ? { cutAfter: MiB } : {}) }),
  )
  const lab = await openLab(t, { connections: 1, retries: 1 })
  await lab.get(server.url('/f.bin'))
  assert.ok(lab.read('f.bin').equals(body))
  assert.deepEqual(
    server.seen.map((request) => request.headers.range?.split('-')[0]),
    [undefined, ...[1, 2, 3, 4, 5].map((n) => `bytes=${n * MiB}`)],
  )
})

test('a file that changed at the server is never mixed with the part, and the part stays', within, async (t) => {
  const [old, fresh] = [content(3 * MiB), content(3 * MiB)]
  let body = old
  let etag = '"old"'
  const server = await startFileServer(t, (request, response, count) =>
    serve(request, response, { body, etag, ...(count === 1 ? { cutAfter: 2 * MiB } : {}) }),
  )
  const lab = await openLab(t, { connections: 1, retries: 0 })
  await assert.rejects(lab.get(server.url('/f.bin')))
  body = fresh
  etag = '"new"'
  const next = await lab.again()
  await assert.rejects(next.get(server.url('/f.bin')), { code: 'remote-changed', exitCode: 5 })
  assert.deepEqual(next.names(), ['.staging', 'f.bin.part'])
  assert.ok(next.read('f.bin.part').subarray(0, MiB).equals(old.subarray(0, MiB)))
})

test('a session that was tampered with leads to a fresh start, not to wrong bytes', within, async (t) => {
  const body = content(3 * MiB)
  const server = await startFileServer(t, (request, response, count) =>
    serve(request, response, { body, ...(count % 2 === 1 ? { cutAfter: 2 * MiB } : {}) }),
  )
  for (const tamper of [
    () => '{',
    () => '',
    (text: string) => text.replace('f.bin.part', '../../f.bin.part'),
    (text: string) => text.replace(/"done":.*?\]\]/, '"done":[[0,99999999]]'),
  ]) {
    const lab = await openLab(t, { connections: 1, retries: 0 })
    await assert.rejects(lab.get(server.url('/f.bin')))
    const [id = ''] = readdirSync(join(lab.dir, '.staging')).filter((name) => name.startsWith('dl-'))
    const path = join(lab.dir, '.staging', id, 'session.json')
    writeFileSync(path, tamper(readFileSync(path, 'utf8')))
    const next = await lab.again()
    const finished = await next.get(server.url('/f.bin'))
    assert.equal(createHash('sha256').update(readFileSync(finished.path)).digest('hex'), sha256(body).hex)
    assert.equal(next.of('start')[0]?.resumedFrom, 0)
  }
})

test('a part that lost its tail is fetched from there', within, async (t) => {
  const body = content(4 * MiB)
  const server = await startFileServer(t, (request, response, count) =>
    serve(request, response, { body, ...(count === 1 ? { cutAfter: 3 * MiB } : {}) }),
  )
  const lab = await openLab(t, { connections: 1, retries: 0 })
  await assert.rejects(lab.get(server.url('/f.bin')))
  writeFileSync(join(lab.dir, 'f.bin.part'), lab.read('f.bin.part').subarray(0, MiB))
  const next = await lab.again()
  await next.get(server.url('/f.bin'))
  assert.ok(next.read('f.bin').equals(body))
  assert.equal(next.of('start')[0]?.resumedFrom, MiB)
})

test('a wrong digest keeps the part, and the right one needs no request', within, async (t) => {
  const body = content(2 * MiB)
  const server = await startFileServer(t, (request, response) => serve(request, response, { body }))
  const lab = await openLab(t)
  const wrong = sha256(content(10))
  await assert.rejects(lab.get(server.url('/f.bin'), { digests: [wrong] }), { code: 'digest-mismatch', exitCode: 5 })
  assert.deepEqual(lab.names(), ['.staging', 'f.bin.part'])
  const requests = server.seen.length
  const next = await lab.again()
  const finished = await next.get(server.url('/f.bin'), { digests: [sha256(body)] })
  assert.deepEqual(
    [finished.verdict, finished.digests.sha256, server.seen.length],
    ['verified', sha256(body).hex, requests],
  )
  assert.deepEqual(next.names(), ['f.bin'])
})

test('the same wrong digest again fetches the file again, in case the part was to blame', within, async (t) => {
  const body = content(2 * MiB)
  const server = await startFileServer(t, (request, response) => serve(request, response, { body }))
  const lab = await openLab(t, { connections: 1 })
  const digests = [sha256(content(10))]
  await assert.rejects(lab.get(server.url('/f.bin'), { digests }), { code: 'digest-mismatch' })
  const requests = server.seen.length
  await assert.rejects((await lab.again()).get(server.url('/f.bin'), { digests }), { code: 'digest-mismatch' })
  assert.ok(server.seen.length > requests)
})

test('many connections write one file', within, async (t) => {
  const body = content(24 * MiB)
  const server = await startFileServer(t, (request, response) => {
    // A slow sender is worth more connections.
    const match = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '')
    const first = Number(match?.[1] ?? 0)
    const end = match?.[2] ? Number(match[2]) + 1 : body.length
    response.writeHead(match ? 206 : 200, {
      ETag: '"one"',
      'Accept-Ranges': 'bytes',
      'Content-Length': end - first,
      ...(match ? { 'Content-Range': `bytes ${first}-${end - 1}/${body.length}` } : {}),
    })
    let at = first
    const timer = setInterval(() => {
      if (response.destroyed || at >= end) return clearInterval(timer)
      const next = Math.min(end, at + MiB / 8)
      response.write(body.subarray(at, next))
      at = next
      if (at >= end) response.end()
    }, 10)
    response.on('close', () => clearInterval(timer))
  })
  const lab = await openLab(t, { connections: 8 })
  const finished = await lab.get(server.url('/f.bin'), { digests: [sha256(body)] })
  assert.equal(finished.verdict, 'verified')
  assert.ok(lab.read('f.bin').equals(body))
  assert.ok(server.seen.length > 2)
  assert.deepEqual(gaps([[0, finished.bytes]], body.length), [])
})
