import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { test } from 'node:test'
import { gzipSync, zstdCompressSync } from 'node:zlib'
import { paxPart, tarBytes } from '../../../test/support/tar-bytes.ts'
import { unpackLab } from '../../../test/support/unpack-lab.ts'
import { zipBytes } from '../../../test/support/zip-bytes.ts'
import { createMeter, unpackLimits } from './unpack-meter.ts'

const MiB = 1024 ** 2
const files = (count: number, size: number): Array<{ name: string; data: Buffer }> =>
  Array.from({ length: count }, (_, i) => ({ name: `f${i}`, data: Buffer.alloc(size, i) }))

test('each limit refuses an archive that is one above it, and takes one that is not', async (t) => {
  for (const make of [tarBytes, zipBytes]) {
    const lab = unpackLab(t)
    const bytes = make(files(4, 1000))
    await lab.refuses(bytes, /more than 3 entries/, { limits: { entries: 3 } })
    await lab.refuses(bytes, /"f0".*larger than 999 B/, { limits: { fileBytes: 999 } })
    await lab.refuses(bytes, /more than 3\.91 KiB.*"f3"/, { limits: { totalBytes: 3999 } })
    await lab.unpack(bytes, { limits: { entries: 4, fileBytes: 1000, totalBytes: 4000 } })
  }
})

test('folders that no entry names count as entries, copies and files that are not wanted as content', async (t) => {
  const lab = unpackLab(t)
  const deep = [{ name: 'a/b/c/d/e', data: 'x' }, { name: 'f' }]
  await lab.refuses(tarBytes(deep), /more than 3 entries/, { limits: { entries: 3 } })
  const linked = tarBytes([
    { name: 'a', data: 'x'.repeat(1000) },
    { name: 'b', type: '1', target: 'a' },
    { name: 'c', type: '2', target: 'a' },
  ])
  await lab.refuses(linked, /is reached at "b"/, { limits: { totalBytes: 1999 } })
  await lab.refuses(linked, /is reached at "c"/, { limits: { totalBytes: 2999 }, copyLinks: true })
  await lab.refuses(linked, /is reached at "a"/, { limits: { totalBytes: 999 }, wanted: () => false })
})

test('100,000 entries are refused', async (t) => {
  const lab = unpackLab(t)
  const part = tarBytes([{ name: 'a/', type: '5' }], Buffer.alloc(0))
  const many = Buffer.concat([...Array.from({ length: 100_000 }, () => part), Buffer.alloc(1024)])
  await lab.refuses(gzipSync(many), /more than (?:20000 entries|200 to 1)/)
  await lab.refuses(many, /more than 20000 entries/)
})

test('a bomb is refused soon after 64 MiB, however it is packed and wherever its bytes are', async (t) => {
  const lab = unpackLab(t)
  const zeros = { name: 'zeros', data: Buffer.alloc(66 * MiB) }
  await lab.refuses(gzipSync(tarBytes([zeros])), /200 to 1/)
  await lab.refuses(zstdCompressSync(tarBytes([zeros])), /200 to 1/)
  await lab.refuses(zipBytes([{ ...zeros, deflate: true }]), /to 1/)
  await lab.refuses(gzipSync(tarBytes([{ name: 'a' }], Buffer.alloc(66 * MiB))), /200 to 1/)
  const headers = tarBytes([paxPart({ comment: 'x'.repeat(60_000) }, 'g')], Buffer.alloc(0))
  await lab.refuses(gzipSync(Buffer.concat(Array.from({ length: 1160 }, () => headers))), /200 to 1/)
})

test('many zips of zeros that are no bomb each are one together', async (t) => {
  const zeros = Array.from({ length: 80 }, (_, i) => ({ name: `f${i}`, data: Buffer.alloc(MiB), deflate: true }))
  await unpackLab(t).refuses(zipBytes(zeros), /200 to 1/)
})

test('the meter compares with what was read so far, and with the room on the disk', () => {
  const meter = createMeter(unpackLimits, 1000)
  meter.stream(64 * MiB, 1)
  meter.stream(200 * MiB, MiB)
  assert.throws(() => meter.stream(200 * MiB + 1, MiB), { code: 'bad-archive' })
  assert.throws(() => meter.stream(17 * 1024 * MiB, 17 * 1024 * MiB), { code: 'bad-archive' })
  meter.file('left out', 5000, false)
  meter.file('fits', 1000, true)
  assert.throws(() => meter.file('does not', 1, true), { code: 'disk-full', message: /1000 B are free/ })
})

test('an archive that is larger than it says ends where it says', async (t) => {
  const lab = unpackLab(t)
  const data = 'x'.repeat(1000)
  for (const size of [999, 1001]) {
    await lab.refuses(zipBytes([{ name: 'a', data, deflate: true, says: { size } }]), /damaged|another size/)
    await lab.refuses(zipBytes([{ name: 'a', data, says: { size } }]), /damaged|another size/)
  }
  assert.equal(existsSync(lab.into), false)
})
