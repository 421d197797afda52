import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { closeSync, openSync, readFileSync, truncateSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import fc from 'fast-check'
import { temporaryFolder } from '../../test/support/temporary-folder.ts'
import { addRange, prefixLength } from '../core/ranges.ts'
import type { RangeSet } from '../core/ranges.ts'
import { followHash } from './hash-follower.ts'
import type { Readable } from './hash-follower.ts'

const sha256 = (body: Buffer): string => createHash('sha256').update(body).digest('hex')

function fileWith(t: TestContext, body: Buffer): Readable {
  const path = join(temporaryFolder(t), 'f.part')
  writeFileSync(path, body)
  const fd = openSync(path, 'r+')
  t.after(() => closeSync(fd))
  return { fd, path }
}

test('a file that is there is hashed with every algorithm that is asked for', async (t) => {
  const body = randomBytes(1_500_000)
  const digests = await followHash(['md5', 'sha1', 'sha256', 'sha512'], fileWith(t, body)).finish(body.length)
  for (const name of ['md5', 'sha1', 'sha256', 'sha512'] as const)
    assert.equal(digests[name], createHash(name).update(body).digest('hex'))
})

test('an empty file has a digest', async (t) => {
  assert.deepEqual(await followHash(['sha256'], fileWith(t, Buffer.alloc(0))).finish(0), {
    sha256: sha256(Buffer.alloc(0)),
  })
})

test('property: whatever order the bytes come in, taken or chased, the digest is that of the file', async (t) => {
  const size = 4000
  const piece = fc.record({
    // Anywhere, or a little before or behind what is hashed, as overlapping pieces are.
    place: fc.oneof(fc.nat(size - 1), fc.record({ away: fc.integer({ min: -300, max: 50 }) })),
    length: fc.integer({ min: 1, max: 900 }),
    chase: fc.boolean(),
    wait: fc.boolean(),
    memory: fc.boolean(),
  })
  const file = fileWith(t, Buffer.alloc(0))
  await fc.assert(
    fc.asyncProperty(
      fc.uint8Array({ minLength: size, maxLength: size }),
      fc.array(piece, { maxLength: 40 }),
      async (bytes, pieces) => {
        const body = Buffer.from(bytes)
        truncateSync(file.path, 0)
        const hash = followHash(['sha256'], file)
        let written: RangeSet = []
        function put(start: number, end: number, memory: boolean): void {
          writeSync(file.fd, body, start, end - start, start)
          written = addRange(written, start, end)
          // Pieces overlap: two connections may race for the same bytes.
          if (memory) hash.take(Buffer.concat([Buffer.alloc(3), body.subarray(start, end)]), 3, 3 + end - start, start)
        }
        for (const { place, length, chase, wait, memory } of pieces) {
          const wanted = typeof place === 'number' ? place : hash.position + place.away
          const start = Math.max(0, Math.min(size - 1, wanted))
          put(start, Math.min(size, start + length), memory)
          if (chase) hash.chase(prefixLength(written))
          if (wait) await new Promise(setImmediate)
          assert.ok(hash.position <= prefixLength(written), 'only what is written without a gap is in the digest')
        }
        put(0, size, false)
        assert.deepEqual(await hash.finish(size), { sha256: sha256(body) })
      },
    ),
    { numRuns: 60 },
  )
})

test('bytes that come in order are never read back', async (t) => {
  const body = randomBytes(300_000)
  const file = fileWith(t, Buffer.alloc(0))
  const hash = followHash(['sha256'], file)
  for (let at = 0; at < body.length; at += 50_000) hash.take(body, at, at + 50_000, at)
  assert.equal(hash.position, body.length)
  assert.deepEqual(await hash.finish(body.length), { sha256: sha256(body) })
  assert.equal(readFileSync(file.path).length, 0)
})

test('after a reset the file is hashed anew, even while it was being read back', async (t) => {
  const body = randomBytes(2_000_000)
  const other = randomBytes(700_000)
  const file = fileWith(t, body)
  const hash = followHash(['sha256'], file)
  hash.chase(body.length)
  await new Promise(setImmediate)
  hash.reset()
  assert.equal(hash.position, 0)
  truncateSync(file.path, 0)
  writeSync(file.fd, other, 0, other.length, 0)
  assert.deepEqual(await hash.finish(other.length), { sha256: sha256(other) })
})

test('asking twice gives the same digest', async (t) => {
  const body = randomBytes(10_000)
  const hash = followHash(['sha256'], fileWith(t, body))
  assert.deepEqual(await hash.finish(body.length), await hash.finish(body.length))
})

test('a file that is shorter than it should be is a disk error, and a chase of it harms nobody', async (t) => {
  const hash = followHash(['sha256'], fileWith(t, Buffer.alloc(100)))
  hash.chase(200)
  await assert.rejects(hash.finish(200), { code: 'disk' })
})
