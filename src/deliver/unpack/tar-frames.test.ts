import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { gnuMagic, gnuPart, paxPart, tarBytes } from '../../../test/support/tar-bytes.ts'
import { SluiceError } from '../../core/errors.ts'
import { readTar } from './read-tar.ts'

const plain = tarBytes([
  { name: 'd/', type: '5' },
  paxPart({ path: `d/${'n'.repeat(120)}`, size: '600' }),
  { name: 'n', data: 'y'.repeat(600) },
  gnuPart('L', `d/${'g'.repeat(120)}`),
  { name: 'g', data: 'first', magic: gnuMagic },
  { name: 'l', type: '2', target: 'g' },
  { name: 'large', data: 'z'.repeat(1024), size: Buffer.from('\x80\0\0\0\0\0\0\0\0\0\x04\0', 'latin1') },
])

async function* inPieces(bytes: Buffer, size: number): AsyncGenerator<Buffer, void, void> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

async function read(bytes: Buffer, size = bytes.length): Promise<string[]> {
  const found: string[] = []
  for await (const entry of readTar(inPieces(bytes, size))) {
    let content = ''
    if (entry.kind === 'file') for await (const piece of entry.pieces) content += Buffer.from(piece).toString('latin1')
    if (entry.kind === 'file') assert.equal(content.length, entry.size)
    found.push([entry.kind, entry.name, 'target' in entry ? entry.target : content].join(' '))
  }
  return found
}

const entries = [
  'folder d/ ',
  `file d/${'n'.repeat(120)} ${'y'.repeat(600)}`,
  `file d/${'g'.repeat(120)} first`,
  'link l g',
  `file large ${'z'.repeat(1024)}`,
]

test('a tar is the same in pieces of any size', async () => {
  for (const size of [1, 7, 511, 512, 513, 1000, 5000, plain.length])
    assert.deepEqual(await read(plain, size), entries, String(size))
})

test('every shorter piece of a tar is refused', async () => {
  for (let length = 0; length < plain.length; length += length % 512 < 3 || length % 512 > 509 ? 1 : 101)
    await assert.rejects(read(plain.subarray(0, length)), { code: 'bad-archive' }, String(length))
})

test('a changed byte is refused, or changes nothing but one text', async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat(plain.length - 1), fc.integer({ min: 1, max: 255 }), async (at, change) => {
      const bytes = Buffer.from(plain)
      bytes[at]! ^= change
      try {
        const found = await read(bytes, 700)
        assert.equal(found.length, entries.length)
        assert.ok(found.filter((entry, i) => entry !== entries[i]).length <= 1)
      } catch (error) {
        if (!(error instanceof SluiceError)) throw error
        assert.equal(error.code, 'bad-archive')
      }
    }),
    { numRuns: 500 },
  )
})

test('any bytes are refused or read, without end of neither', async () => {
  const block = fc.oneof(
    fc.constant(Buffer.alloc(512)),
    fc.constantFrom(...Array.from({ length: plain.length / 512 }, (_, i) => plain.subarray(512 * i, 512 * i + 512))),
    fc.uint8Array({ minLength: 512, maxLength: 512 }).map((bytes) => Buffer.from(bytes)),
  )
  await fc.assert(
    fc.asyncProperty(fc.array(block, { maxLength: 20 }), fc.integer({ min: 100, max: 3000 }), async (blocks, size) => {
      try {
        await read(Buffer.concat(blocks), size)
      } catch (error) {
        if (!(error instanceof SluiceError)) throw error
      }
    }),
    { numRuns: 500 },
  )
})

test('whoever stops early closes the input', async () => {
  let closed = 0
  async function* input(): AsyncGenerator<Buffer, void, void> {
    try {
      for (;;) yield plain.subarray(0, 512)
    } finally {
      closed += 1
    }
  }
  for await (const entry of readTar(input())) {
    assert.equal(entry.kind, 'folder')
    break
  }
  assert.equal(closed, 1)
})

test('an error of the input is what reading fails with, at a header or in a file', async () => {
  for (const length of [512, 1024 + 512 + 600, plain.length - 1500]) {
    async function* input(): AsyncGenerator<Buffer, void, void> {
      yield plain.subarray(0, length)
      throw new SluiceError('disk', 'The disk reports an error.')
    }
    await assert.rejects(
      async () => {
        for await (const entry of readTar(input())) {
          if (entry.kind === 'file') for await (const piece of entry.pieces) assert.ok(piece.length > 0)
        }
      },
      { code: 'disk' },
    )
  }
})
