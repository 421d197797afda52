import assert from 'node:assert/strict'
import { test } from 'node:test'
import { centralHeader, endRecords, localHeader, localHeaderSize } from './zip-format.ts'

const mtime = new Date('2024-02-29T13:37:58Z')
const GiB = 1024 ** 3

test('a local header has the length that its name says, whatever the size of the file', () => {
  for (const name of ['a', 'blobs/', `blobs/sha256-${'0'.repeat(64)}`, 'ä'.repeat(20)]) {
    for (const size of [0, 1, 4 * GiB - 1, 4 * GiB, 2 ** 50]) {
      const header = localHeader({ name, size, crc: 1, offset: 0 }, mtime)
      assert.equal(header.length, localHeaderSize(name))
      assert.equal(header.length, 30 + Buffer.byteLength(name) + 20)
    }
  }
})

test('a local header has both sizes in its zip64 field, and the mark that they are there', () => {
  const header = localHeader({ name: 'abc', size: 5 * GiB, crc: 0xfedcba98, offset: 0 }, mtime)
  assert.equal(header.readUInt32LE(18), 0xffffffff)
  assert.equal(header.readUInt32LE(22), 0xffffffff)
  assert.equal(header.readUInt32LE(14), 0xfedcba98)
  assert.deepEqual([header.readUInt16LE(33), header.readUInt16LE(35)], [1, 16])
  assert.deepEqual([header.readBigUInt64LE(37), header.readBigUInt64LE(45)], [BigInt(5 * GiB), BigInt(5 * GiB)])
})

test('a directory header has in its zip64 field exactly what does not fit into 32 bits', () => {
  const header = (size: number, offset: number): Buffer => centralHeader({ name: 'abc', size, crc: 0, offset }, mtime)
  const fields = (bytes: Buffer): bigint[] => {
    const extra = bytes.subarray(49)
    return Array.from({ length: Math.max(0, extra.length - 4) / 8 }, (_, i) => extra.readBigUInt64LE(4 + 8 * i))
  }
  const small = header(7, 8)
  assert.deepEqual([small.readUInt32LE(20), small.readUInt32LE(24), small.readUInt32LE(42)], [7, 7, 8])
  assert.equal(small.length, 49)
  assert.deepEqual(fields(header(0xfffffffe, 0xfffffffe)), [])
  assert.deepEqual(fields(header(0xffffffff, 8)), [0xffffffffn, 0xffffffffn])
  assert.deepEqual(fields(header(7, 0xffffffff)), [0xffffffffn])
  assert.deepEqual(fields(header(9 * GiB, 10 * GiB)), [BigInt(9 * GiB), BigInt(9 * GiB), BigInt(10 * GiB)])
  const far = header(9 * GiB, 10 * GiB)
  assert.deepEqual([far.readUInt32LE(20), far.readUInt32LE(24), far.readUInt32LE(42)], Array(3).fill(0xffffffff))
  assert.equal(far.readUInt16LE(30), 28)
})

test('files and folders have the modes that a store needs', () => {
  const attributes = (name: string): number =>
    centralHeader({ name, size: 0, crc: 0, offset: 0 }, mtime).readUInt32LE(38)
  assert.equal(attributes('blobs/x') >>> 16, 0o100644)
  assert.equal(attributes('blobs/') >>> 16, 0o040755)
  assert.deepEqual([attributes('blobs/x') & 0xffff, attributes('blobs/') & 0xffff], [0, 0x10])
})

test('times are UTC, in steps of two seconds, and what the format cannot say becomes its first or last moment', () => {
  const stamp = (time: Date): number[] => {
    const header = localHeader({ name: '', size: 0, crc: 0, offset: 0 }, time)
    const [clock, day] = [header.readUInt16LE(10), header.readUInt16LE(12)]
    return [(day >> 9) + 1980, (day >> 5) & 15, day & 31, clock >> 11, (clock >> 5) & 63, (clock & 31) * 2]
  }
  assert.deepEqual(stamp(mtime), [2024, 2, 29, 13, 37, 58])
  assert.deepEqual(stamp(new Date(0)), [1980, 1, 1, 0, 0, 0])
  assert.deepEqual(stamp(new Date(Number.NaN)), [1980, 1, 1, 0, 0, 0])
  assert.deepEqual(stamp(new Date('2300-01-01T00:00:00Z')), [2107, 12, 31, 23, 59, 58])
})

test('zip64 end records are written only for what the plain one cannot say', () => {
  assert.equal(endRecords({ entries: 0xfffe, size: 0xfffffffe, offset: 0xfffffffe }).length, 22)
  for (const end of [
    { entries: 0xffff, size: 1, offset: 1 },
    { entries: 1, size: 0xffffffff, offset: 1 },
    { entries: 1, size: 1, offset: 0xffffffff },
  ]) {
    const records = endRecords(end)
    assert.equal(records.length, 98)
    assert.deepEqual(
      [24, 32, 40, 48, 64].map((at) => records.readBigUInt64LE(at)),
      [...[end.entries, end.entries, end.size, end.offset, end.offset + end.size].map(BigInt)],
    )
    assert.equal(records.readUInt16LE(76 + 10), Math.min(end.entries, 0xffff))
    assert.equal(records.readUInt32LE(76 + 16), Math.min(end.offset, 0xffffffff))
  }
})
