import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { mock, test } from 'node:test'
import type { TestContext } from 'node:test'
import { parseSession } from '../../src/transfer/session.ts'

type Done = (error: NodeJS.ErrnoException | null, count: number) => void
type Write = (fd: number, data: Buffer, offset: number, length: number, position: number, done: Done) => void

/** Stands for the disk as writes of other threads see it. Installed before any module takes its functions. */
let disk: Write | null = null
const real: Write = process.getBuiltinModule('node:fs').write
mock.method(process.getBuiltinModule('node:fs'), 'write', (...call: Parameters<Write>) => (disk ?? real)(...call))
const { content, MiB, openLab, serve, sha256, startFileServer } = await import('../support/transfer-lab.ts')

const within = { timeout: 180_000 }

function withDisk(t: TestContext, write: Write): void {
  disk = write
  t.after(() => (disk = null))
}

test('a connection that is cut while its bytes are being written loses none of them', within, async (t) => {
  const body = content(8 * MiB)
  const server = await startFileServer(t, (request, response, count) =>
    serve(request, response, { body, ...(count <= 2 ? { cutAfter: 3 * MiB } : {}) }),
  )
  let slow = 0
  withDisk(t, (fd, data, offset, length, position, done) => {
    if (slow++ > 3) return real(fd, data, offset, length, position, done)
    real(fd, data, offset, length, position, (error, count) => setTimeout(() => done(error, count), 150))
  })
  const lab = await openLab(t, { connections: 1, overallTimeout: 8000 })
  const finished = await lab.get(server.url('/f.bin'), { digests: [sha256(body)] })
  assert.ok(slow > 0, 'nothing was written by another thread')
  assert.equal(finished.verdict, 'verified')
  assert.ok(lab.read('f.bin').equals(body))
})

test('bytes that the disk refused are not claimed by the session', within, async (t) => {
  const body = content(16 * MiB)
  const server = await startFileServer(t, (request, response) => serve(request, response, { body }))
  const lost: Array<readonly [number, number]> = []
  withDisk(t, (fd, data, offset, length, position, done) => {
    if (lost.length > 0 || position < 4 * MiB) return real(fd, data, offset, length, position, done)
    lost.push([position, position + length])
    setImmediate(() => done(Object.assign(new Error('EIO'), { code: 'EIO' }), 0))
  })
  const lab = await openLab(t, { connections: 1, overallTimeout: 8000 })
  await assert.rejects(lab.get(server.url('/f.bin'), { digests: [sha256(body)] }), { code: 'disk', exitCode: 6 })
  const [[from, to] = [0, 0]] = lost
  assert.ok(to > 0, 'nothing was written by another thread')
  const [id = ''] = readdirSync(join(lab.dir, '.staging')).filter((name) => name.startsWith('dl-'))
  const session = parseSession(readFileSync(join(lab.dir, '.staging', id, 'session.json'), 'utf8'), id)
  assert.deepEqual(
    session?.done.filter(([start, end]) => start < to && end > from),
    [],
  )
})

for (const delay of [0, 50, 300]) {
  test(
    `a write that fails ${delay} ms later, when its connection may be long done, never lets a wrong file through`,
    within,
    async (t) => {
      const body = content(32 * MiB)
      const server = await startFileServer(t, (request, response) => serve(request, response, { body }))
      let lost = false
      withDisk(t, (fd, data, offset, length, position, done) => {
        if (lost || position < 8 * MiB || position + length > 30 * MiB)
          return real(fd, data, offset, length, position, done)
        lost = true
        setTimeout(() => done(Object.assign(new Error('EIO'), { code: 'EIO' }), 0), delay)
      })
      const lab = await openLab(t, { connections: 4, overallTimeout: 8000 })
      const [outcome] = await Promise.allSettled([lab.get(server.url('/f.bin'), { digests: [sha256(body)] })])
      if (outcome.status === 'fulfilled')
        assert.ok(lab.read('f.bin').equals(body), 'a file with wrong bytes was called verified')
      else assert.equal((outcome.reason as { code: string }).code, 'disk')
      assert.ok(lost, 'nothing was written by another thread')
    },
  )
}
