import assert from 'node:assert/strict'
import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { content, MiB, openLab, serve, sha256, startFileServer } from '../support/transfer-lab.ts'
import type { TransferLab } from '../support/transfer-lab.ts'

const within = { timeout: 180_000 }
const key = 'dl-00000000000000d1'
const reserve = 4097

/** The file is the body behind so many zeros. */
function assertReserved(lab: TransferLab, name: string, body: Buffer, bytes = reserve): void {
  const file = lab.read(name)
  assert.equal(file.length, bytes + body.length)
  assert.ok(file.subarray(0, bytes).equals(Buffer.alloc(bytes)))
  assert.ok(file.subarray(bytes).equals(body))
}

test('bytes are left free in front, whatever the size and the number of connections', within, async (t) => {
  for (const [size, connections] of [
    [0, 1],
    [1, 1],
    [700_000, 1],
    [3 * MiB, 1],
    [12 * MiB, 8],
  ] as const) {
    const body = content(size)
    const server = await startFileServer(t, (request, response) => serve(request, response, { body }))
    const lab = await openLab(t, { connections })
    const finished = await lab.get(server.url('/f'), { reserve, size, digests: [sha256(body)], key })
    assert.deepEqual([finished.bytes, finished.verdict], [size, 'verified'])
    assert.equal(lab.of('start')[0]?.bytesTotal, size)
    assertReserved(lab, 'f', body)
    assert.equal((await lab.engine.finished(finished.path))?.size, reserve + size)
  }
})

test('without a digest and without a known size it is the same', within, async (t) => {
  const body = content(2 * MiB)
  const server = await startFileServer(t, (_request, response) => {
    response.writeHead(200).write(body.subarray(0, 1_000_000))
    response.end(body.subarray(1_000_000))
  })
  const lab = await openLab(t)
  const finished = await lab.get(server.url('/f'), { reserve })
  assert.deepEqual([finished.bytes, finished.verdict], [body.length, 'unverified'])
  assertReserved(lab, 'f', body)
})

test('what is here is gone on with by the same reserve, and by no other', within, async (t) => {
  const body = content(6 * MiB)
  let cutAfter: number | undefined
  const server = await startFileServer(t, (request, response) =>
    serve(request, response, { body, ...(cutAfter === undefined ? {} : { cutAfter }) }),
  )
  const lab = await openLab(t, { retries: 0, connections: 1 })
  for (const [first, second, resumedFrom] of [
    [reserve, reserve, 2 * MiB],
    [reserve, 0, 0],
    [0, reserve, 0],
    [reserve, reserve + 1, 0],
  ] as const) {
    const request = { key, digests: [sha256(body)], options: { ifExists: 'overwrite' as const } }
    cutAfter = 2 * MiB
    await assert.rejects(lab.get(server.url('/f'), { ...request, reserve: first }), { code: 'short-body' })
    const stored = await lab.engine.stored(lab.dir, key)
    assert.deepEqual([stored?.bytesDone, stored?.bytesTotal], [2 * MiB, 6 * MiB])
    const session = JSON.parse(readFileSync(join(lab.dir, '.staging', key, 'session.json'), 'utf8')) as object
    assert.deepEqual(
      'reserve' in session ? [session.reserve, 'version' in session && session.version] : [0, 1],
      first > 0 ? [first, 2] : [0, 1],
    )
    cutAfter = undefined
    await lab.get(server.url('/f'), { ...request, reserve: second })
    assertReserved(lab, 'f', body, second)
    const started = lab.of('start').at(-1)?.resumedFrom
    assert.equal(started, resumedFrom, `${first} ${second}`)
    writeFileSync(join(lab.dir, 'f'), 'other')
  }
})

test(
  'bytes that came out of order and a part that was cut off are read and counted behind the reserve',
  within,
  async (t) => {
    const body = content(6 * MiB)
    let free = false
    const server = await startFileServer(t, (request, response) =>
      serve(request, response, { body, ...(free ? {} : { cutAfter: 3 * MiB }) }),
    )
    const lab = await openLab(t, { retries: 0, connections: 1 })
    await assert.rejects(lab.get(server.url('/f'), { key, reserve }), { code: 'short-body' })
    const part = (await lab.engine.stored(lab.dir, key))?.partPath ?? ''
    assert.equal(statSync(part).size, reserve + 3 * MiB)
    for (const [length, left] of [
      [reserve + MiB, MiB],
      [10, 0],
    ] as const) {
      writeFileSync(part, readFileSync(part).subarray(0, length))
      assert.equal((await lab.engine.stored(lab.dir, key))?.bytesDone ?? 0, left)
    }
    free = true
    await lab.get(server.url('/f'), { key, reserve, digests: [sha256(body)] })
    assertReserved(lab, 'f', body)
  },
)

test('a file with the reserve and the digest is there already, one without the reserve is not', within, async (t) => {
  const body = content(100_000)
  const server = await startFileServer(t, (request, response) => serve(request, response, { body }))
  const lab = await openLab(t)
  const request = { reserve, size: body.length, digests: [sha256(body)] }
  await lab.get(server.url('/f'), request)
  const again = await lab.get(server.url('/f'), request)
  assert.deepEqual([again.alreadyThere, again.bytes], [true, body.length])
  assert.equal(server.seen.length, 1)
  writeFileSync(join(lab.dir, 'f'), body)
  const anew = await lab.get(server.url('/f'), { ...request, options: { ifExists: 'overwrite' } })
  assert.equal(anew.alreadyThere, false)
  assertReserved(lab, 'f', body)
})

test('a file without digest that finished with its reserve is there already the next time', within, async (t) => {
  const body = content(100_000)
  const server = await startFileServer(t, (request, response) => serve(request, response, { body }))
  const lab = await openLab(t)
  await lab.get(server.url('/f'), { reserve })
  assert.equal((await lab.get(server.url('/f'), { reserve })).alreadyThere, true)
  assert.equal((await lab.get(server.url('/f'))).alreadyThere, false)
})

test('a file that begins anew keeps its reserve', within, async (t) => {
  const body = content(3 * MiB)
  const server = await startFileServer(t, (request, response, count) =>
    serve(request, response, { body, ranges: false, ...(count === 1 ? { cutAfter: MiB } : {}) }),
  )
  const lab = await openLab(t, { retries: 1, connections: 1 })
  await lab.get(server.url('/f'), { reserve, digests: [sha256(body)] })
  assertReserved(lab, 'f', body)
})

test('a reserve that is no number of bytes is refused', within, async (t) => {
  const lab = await openLab(t)
  for (const bytes of [-1, 0.5, Infinity])
    await assert.rejects(lab.get('http://127.0.0.1:1/', { reserve: bytes }), { code: 'usage' })
})
