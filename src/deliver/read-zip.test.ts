import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { setImmediate } from 'node:timers/promises'
import type { TestContext } from 'node:test'
import fc from 'fast-check'
import { temporaryFolder } from '../../test/support/temporary-folder.ts'
import { u16, u32, zip64Field, zipBytes } from '../../test/support/zip-bytes.ts'
import type { ZipPart, ZipShape } from '../../test/support/zip-bytes.ts'
import { SluiceError } from '../core/errors.ts'
import { openZip } from './read-zip.ts'
import type { ZipEntry } from './read-zip.ts'

function file(t: TestContext, bytes: Uint8Array): string {
  const path = join(temporaryFolder(t), 'a.zip')
  writeFileSync(path, bytes)
  return path
}

async function readAll(entry: ZipEntry): Promise<Buffer> {
  const pieces: Buffer[] = []
  for await (const piece of entry.pieces()) pieces.push(Buffer.from(piece))
  return Buffer.concat(pieces)
}

/** Names and contents of a zip that is taken. */
async function contents(path: string): Promise<Record<string, string>> {
  const zip = await openZip(path)
  try {
    const found: Record<string, string> = {}
    for (const entry of zip.entries) {
      found[entry.folder ? `${entry.name}/` : entry.name] = (await readAll(entry)).toString('latin1')
    }
    return found
  } finally {
    zip.close()
  }
}

const plain: ZipPart[] = [
  { name: 'a', data: 'first' },
  { name: 'b/' },
  { name: 'b/c', data: 'second'.repeat(50), deflate: true },
]
const plainContents = { a: 'first', 'b/': '', 'b/c': 'second'.repeat(50) }
const mask = 0xffffffff

const taken: ReadonlyArray<readonly [string, ZipPart[], ZipShape?]> = [
  ['stored, deflated and folders', plain],
  ['with a comment', plain, { comment: Buffer.from('made by hand') }],
  ['with zip64 end records', plain, { zip64: {} }],
  [
    'with zip64 end records alone',
    plain,
    { zip64: {}, end: { entries: 0xffff, here: 0xffff, size: mask, offset: mask } },
  ],
  ...([12, 16, 20, 24] as const).map(
    (descriptor) =>
      [`with sizes behind the data, ${descriptor} bytes`, plain.map((part) => ({ ...part, descriptor }))] as const,
  ),
  [
    'with zip64 fields in both headers',
    [
      { name: 'a', data: 'first', says: { packed: mask, size: mask, extra: zip64Field(5, 5) } },
      { name: 'b/' },
      plain[2]!,
    ],
  ],
  ['with UTF-8 marked', plain.map((part) => ({ ...part, says: { flags: 0x800 } }))],
]

for (const [what, parts, shape] of taken) {
  test(`a zip is read: ${what}`, async (t) => {
    assert.deepEqual(await contents(file(t, zipBytes(parts, shape))), plainContents)
  })
}

test('a directory in another order than the file is read', async (t) => {
  // Two entries of one length, so that their records can change places.
  const bytes = zipBytes([
    { name: 'a', data: '1' },
    { name: 'b', data: '2' },
  ])
  const at = bytes.indexOf(u32(0x02014b50))
  const [one, other] = [bytes.subarray(at, at + 47), bytes.subarray(at + 47, at + 94)].map((part) => Buffer.from(part))
  const swapped = Buffer.concat([bytes.subarray(0, at), other!, one!, bytes.subarray(at + 94)])
  assert.deepEqual(await contents(file(t, swapped)), { b: '2', a: '1' })
})

const a = { name: 'a', data: 'first' }
const nested = zipBytes([{ name: 'evil', data: 'x' }])

const refused: ReadonlyArray<readonly [string, RegExp, ZipPart[], ZipShape?]> = [
  ['a parent in front', /leads elsewhere/, [a, { name: '../evil' }]],
  ['a parent inside', /leads elsewhere/, [a, { name: 'blobs/../../evil' }]],
  ['a parent at the end', /leads elsewhere/, [a, { name: 'blobs/..' }]],
  ['a dot', /leads elsewhere/, [a, { name: 'blobs/./evil' }]],
  ['an empty segment', /leads elsewhere/, [a, { name: 'blobs//evil' }]],
  ['an absolute name', /absolute/, [a, { name: '/etc/evil' }]],
  ['a drive', /absolute/, [a, { name: 'C:/evil' }]],
  ['a drive without a slash', /absolute/, [a, { name: 'c:evil' }]],
  ['a backslash', /backslash/, [a, { name: '..\\evil' }]],
  ['a UNC name', /backslash/, [a, { name: '\\\\host\\evil' }]],
  ['NUL', /control/, [a, { name: 'evil\0.txt' }]],
  ['an escape sequence', /"evil\?\[31m"/, [a, { name: 'evil\x1b[31m' }]],
  ['no name', /no name/, [a, { name: '' }]],
  ['a name that is no UTF-8', /not UTF-8/, [a, { name: Buffer.from([0x65, 0xff]) }]],
  ['a name of 300 bytes', /too long/, [a, { name: 'e'.repeat(300) }]],
  ['a path of 2000 bytes', /too long/, [a, { name: 'evil/'.repeat(400) }]],
  ['a symbolic link', /link/, [a, { name: 'evil', data: '/etc', says: { attributes: (0o120777 << 16) >>> 0 } }]],
  ['a device', /link/, [a, { name: 'evil', says: { attributes: (0o020666 << 16) >>> 0 } }]],
  ['a pipe', /link/, [a, { name: 'evil', says: { attributes: (0o010666 << 16) >>> 0 } }]],
  ['a folder by its mode only', /link/, [a, { name: 'evil', says: { attributes: (0o040755 << 16) >>> 0 } }]],
  ['a folder by its DOS attribute only', /at once/, [a, { name: 'evil', says: { attributes: 0x10 } }]],
  [
    'a file by its mode, named as a folder',
    /link/,
    [a, { name: 'evil/', says: { attributes: (0o100644 << 16) >>> 0 } }],
  ],
  ['a folder with content', /folder with content/, [a, { name: 'evil/', data: 'x' }]],
  ['encryption', /encrypted/, [{ ...a, says: { flags: 1, packed: 17 } }]],
  ['strong encryption', /damaged|encrypted/, [{ ...a, says: { flags: 0x41 } }]],
  ['hidden headers', /encrypted/, [{ ...a, says: { flags: 0x2000 } }]],
  ['patched data', /flags/, [{ ...a, says: { flags: 0x20 } }]],
  ['another method', /method.*\(12\)/, [{ ...a, says: { method: 12 } }]],
  ['the same name twice', /twice/, [a, a]],
  ['names that differ in case', /twice/, [a, { name: 'A' }]],
  ['names that differ in composition', /twice/, [{ name: '\u00e9' }, { name: 'e\u0301' }]],
  ['names that are one where ss is the same as sharp s', /twice/, [{ name: 'ss' }, { name: '\u00df' }]],
  ['a file and a folder of one name', /twice/, [a, { name: 'a/' }]],
  ['a file below a file', /lies in a file/, [a, { name: 'A/evil' }]],
  ['a second name in an extra field', /two names/, [{ ...a, says: { extra: Buffer.concat([u16(0x7075), u16(0)]) } }]],
  ['sizes twice', /twice/, [{ ...a, central: { extra: Buffer.concat([zip64Field(5), zip64Field(5)]) } }]],
  [
    'sizes twice in the local header',
    /two different/,
    [{ ...a, local: { extra: Buffer.concat([zip64Field(5), zip64Field(5)]) } }],
  ],
  ['an extra field that is cut off', /damaged/, [{ ...a, says: { extra: Buffer.concat([u16(1), u16(99)]) } }]],
  ['a local header with another name', /two different/, [{ ...a, local: { name: 'x' } }]],
  ['a local header with another method', /two different/, [{ ...a, local: { method: 8 } }]],
  ['a local header with other flags', /two different/, [{ ...a, local: { flags: 8 } }]],
  ['a local header with another size', /two different/, [{ ...a, local: { size: 4 } }]],
  ['a local header with another packed size', /two different/, [{ ...a, local: { packed: 4 } }]],
  ['a local header with another checksum', /two different/, [{ ...a, local: { crc: 1 } }]],
  [
    'a local zip64 field with another size',
    /two different/,
    [{ ...a, local: { size: mask, packed: mask, extra: zip64Field(5, 6) } }],
  ],
  [
    'a local size beyond all numbers',
    /two different/,
    [{ ...a, local: { size: mask, packed: mask, extra: zip64Field(2n ** 64n - 1n, 5) } }],
  ],
  [
    'a local size that is not told',
    /does not tell/,
    [{ ...a, local: { size: mask, packed: mask, extra: zip64Field(5) } }],
  ],
  ['a stored entry of two sizes', /damaged/, [{ ...a, says: { size: 6 } }]],
  ['a descriptor with other sizes', /two different/, [{ ...a, descriptor: 16, descriptorBytes: Buffer.alloc(16) }]],
  [
    'a descriptor of an odd length',
    /belong to no entry/,
    [{ ...a, descriptor: 16, descriptorBytes: Buffer.alloc(15) }],
  ],
  [
    'a descriptor that is not there',
    /belong to no entry/,
    [{ ...a, descriptor: 16, descriptorBytes: Buffer.alloc(0) }],
  ],
  ['an entry that begins in another', /overlaps/, [a, { ...a, name: 'b', central: { offset: 10 } }]],
  ['two entries with one content', /overlaps/, [a, { ...a, name: 'b', central: { offset: 0 } }]],
  [
    'an entry that reaches into the next',
    /overlaps/,
    [
      { ...a, says: { packed: 30, size: 30 } },
      { name: 'b', data: 'x'.repeat(50) },
    ],
  ],
  ['an entry that reaches into the directory', /overlaps/, [{ ...a, says: { packed: 30, size: 30 } }]],
  ['an entry that begins behind the directory', /precede|overlaps/, [a, { name: 'b', central: { offset: 5000 } }]],
  [
    'an offset beyond all numbers',
    /overlaps/,
    [a, { name: 'b', central: { offset: mask, extra: zip64Field(2n ** 64n - 1n) } }],
  ],
  ['an offset that is not told', /damaged|overlaps/, [a, { name: 'b', central: { offset: mask } }]],
  ['bytes between entries', /belong to no entry/, [{ ...a, gap: Buffer.from('hidden') }, { name: 'b' }]],
  ['bytes in front of the directory', /belong to no entry/, [{ ...a, gap: Buffer.from('hidden') }]],
  ['bytes in front', /precede/, [a], { before: Buffer.from('#!/bin/sh\n') }],
  ['bytes behind', /follow/, [a], { behind: Buffer.from('more') }],
  ['a zip in front', /precede/, [a], { before: nested }],
  ['a zip as comment', /two ends/, [a], { comment: nested }],
  ['an end record in the comment', /follow/, [a], { comment: Buffer.concat([u32(0x06054b50), Buffer.alloc(30)]) }],
  ['another disk', /another disk/, [{ ...a, central: { disk: 1 } }]],
  ['the end on another disk', /several/, [a], { end: { disk: 1 } }],
  ['the directory on another disk', /several/, [a], { end: { directoryDisk: 1 } }],
  ['entries on other disks', /several/, [a], { end: { here: 2 } }],
  ['several zip64 disks', /several/, [a], { zip64: { disks: 2 } }],
  ['more entries than there are', /damaged|length/, [a], { end: { entries: 2 } }],
  ['fewer entries than there are', /another length/, [a, { name: 'b' }], { end: { entries: 1 } }],
  ['another size of the directory', /not where/, [a], { end: { size: 40 } }],
  ['another place of the directory', /not where/, [a], { end: { offset: 3 } }],
  ['zip64 numbers unlike the plain ones', /contradict/, [a], { zip64: { entries: 2 } }],
  ['a zip64 record elsewhere', /not where/, [a], { zip64: { locatorOffset: 0 } }],
  ['a zip64 record beyond all numbers', /not where/, [a], { zip64: { locatorOffset: 2n ** 64n - 1n } }],
  ['a zip64 record of another length', /not where/, [a], { zip64: { length: 60 } }],
  ['a zip64 size beyond all numbers', /not where|contradict/, [a], { zip64: { size: 2n ** 63n }, end: { size: mask } }],
  ['too many entries', /20000 entries/, [a], { zip64: { entries: 20_001 }, end: { entries: 0xffff } }],
  ['a bomb', /1000 to 1/, [{ name: 'zeros', data: Buffer.alloc(4 * 1024 * 1024), deflate: true }]],
]

for (const [what, reason, parts, shape] of refused) {
  test(`a zip is refused: ${what}`, async (t) => {
    const path = file(t, zipBytes(parts, shape))
    await assert.rejects(contents(path), (error) => {
      assert.ok(error instanceof SluiceError, String(error))
      assert.equal(error.code, 'bad-archive')
      assert.match(error.message, reason)
      assert.doesNotMatch(error.message, /[\x00-\x1f\x7f]/)
      return true
    })
  })
}

test('every shorter piece of a zip is refused', async (t) => {
  const whole = zipBytes(plain, { zip64: {} })
  const path = file(t, whole)
  for (let length = 0; length < whole.length; length++) {
    writeFileSync(path, whole.subarray(0, length))
    await assert.rejects(openZip(path), { code: 'bad-archive' })
  }
})

test('a changed byte is refused, or changes nothing but contents, times and versions', async (t) => {
  const whole = zipBytes(plain, { zip64: {} })
  const path = file(t, whole)
  await fc.assert(
    fc.asyncProperty(fc.nat(whole.length - 1), fc.integer({ min: 1, max: 255 }), async (at, change) => {
      const bytes = Buffer.from(whole)
      bytes[at]! ^= change
      writeFileSync(path, bytes)
      try {
        const found = await contents(path)
        assert.deepEqual(Object.keys(found), Object.keys(plainContents))
        for (const [name, text] of Object.entries(plainContents)) assert.equal(found[name]?.length, text.length)
      } catch (error) {
        if (!(error instanceof SluiceError)) throw error
        assert.equal(error.code, 'bad-archive')
      }
    }),
    { numRuns: 400 },
  )
})

test('damaged or longer deflated data is refused while it is read', async (t) => {
  const data = Buffer.from('second'.repeat(50))
  const parts = (size: number): ZipPart[] => [{ name: 'c', data, deflate: true, says: { size } }]
  for (const size of [data.length - 1, data.length + 1]) {
    const zip = await openZip(file(t, zipBytes(parts(size))))
    await assert.rejects(readAll(zip.entries[0]!), { code: 'bad-archive' })
    zip.close()
  }
  const bytes = zipBytes(parts(data.length))
  bytes[31] = 0xff
  const zip = await openZip(file(t, bytes))
  await assert.rejects(readAll(zip.entries[0]!), { code: 'bad-archive', message: /damaged/ })
  zip.close()
})

test('what is no zip, a folder, a pipe or nothing is told apart', async (t) => {
  const dir = temporaryFolder(t)
  const path = file(t, Buffer.from('<!doctype html>'))
  await assert.rejects(openZip(path), { code: 'bad-archive', message: /not a zip/ })
  writeFileSync(path, zipBytes(plain).subarray(0, 60))
  await assert.rejects(openZip(path), { code: 'bad-archive', message: /cut off/ })
  mkdirSync(join(dir, 'folder'))
  await assert.rejects(openZip(join(dir, 'folder')), { code: 'bad-archive', message: /not a file/ })
  execFileSync('mkfifo', [join(dir, 'pipe')])
  await assert.rejects(openZip(join(dir, 'pipe')), { code: 'bad-archive', message: /not a file/ })
  await assert.rejects(openZip(join(dir, 'nothing')), { code: 'not-found' })
})

test('a stop ends reading with its reason, and no file stays open', async (t) => {
  const open = (): number => readdirSync('/proc/self/fd').length
  const before = open()
  const path = file(
    t,
    zipBytes([...plain, { name: 'long', data: Buffer.from('x'.repeat(3_000_000) + Math.E), deflate: false }]),
  )
  const reason = new Error('stopped')
  await assert.rejects(openZip(path, AbortSignal.abort(reason)), reason)
  for (const index of [2, 3]) {
    const zip = await openZip(path)
    const stop = new AbortController()
    await assert.rejects(async () => {
      for await (const _ of zip.entries[index]!.pieces(stop.signal)) stop.abort(reason)
      stop.signal.throwIfAborted()
    }, reason)
    zip.close()
  }
  const zip = await openZip(path)
  for await (const _ of zip.entries[2]!.pieces()) break
  zip.close()
  // Closing takes some turns of the event loop.
  for (let turns = 0; turns < 1000 && open() !== before; turns++) await setImmediate()
  assert.equal(open(), before)
})
