import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { readInputList } from './input-list.ts'
import type { ListEntry } from './input-list.ts'

async function* chunksOf(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

async function read(text: string | Uint8Array, size = 7): Promise<ListEntry[]> {
  const entries: ListEntry[] = []
  for await (const entry of readInputList(chunksOf(Buffer.from(text), size))) entries.push(entry)
  return entries
}

const hex = 'ab'.repeat(32)

test('one reference a line; blanks and # are skipped; options belong to the reference above', async () => {
  const entries = await read(
    `# comment\n\n  \nhttp://x/1\n  out=one\n\tdir=/d\n\n  checksum=sha-256=${hex}\nhttp://x/2\n#http://x/3\nhttp://x/4`,
  )
  assert.deepEqual(entries, [
    { reference: 'http://x/1', mirrors: [], out: 'one', dir: '/d', digests: [{ algorithm: 'sha256', hex }] },
    { reference: 'http://x/2', mirrors: [], digests: [] },
    { reference: 'http://x/4', mirrors: [], digests: [] },
  ])
})

test('addresses after tabs are mirrors of the same file', async () => {
  const [entry] = await read('http://x/1\thttp://y/1\t\thttp://z/1\t\n')
  assert.deepEqual([entry?.reference, entry?.mirrors], ['http://x/1', ['http://y/1', 'http://z/1']])
})

test('Windows lists are read: CRLF, byte order marks, UTF-16', async () => {
  const text = 'http://x/ä\r\n  out=ö\r\nhttp://x/2\r\n'
  const expected = await read(text.replaceAll('\r', ''))
  assert.equal(expected[0]?.out, 'ö')
  assert.deepEqual(await read(text), expected)
  assert.deepEqual(await read(`\ufeff${text}`), expected)
  assert.deepEqual(await read(Buffer.from(`\ufeff${text}`, 'utf16le')), expected)
  assert.deepEqual(await read(Buffer.from(`\ufeff${text}`, 'utf16le').swap16()), expected)
})

test('a wrong line fails its own reference, with its number, and no other', async () => {
  const list = [
    'http://x/1',
    '  split=4',
    'http://x/2',
    '  checksum=sha-256=abc',
    'http://x/3',
    '  out=',
    'http://x/\x004',
    'http://x/5',
    '  nothing',
    'http://x/6',
  ]
  const entries = await read(list.join('\n'))
  assert.deepEqual(
    entries.map(({ reference, error }) => [
      reference,
      error === undefined ? 0 : Number(/^Line (\d+) /.exec(error.message)?.[1]),
    ]),
    [
      ['http://x/1', 2],
      ['http://x/2', 4],
      ['http://x/3', 6],
      ['http://x/\x004', 7],
      ['http://x/5', 9],
      ['http://x/6', 0],
    ],
  )
  assert.ok(entries.every(({ error }) => error === undefined || error.exitCode === 2))
})

test('an option line above all references is a failure of its own', async () => {
  const [first, second] = await read('  out=x\nhttp://x/1')
  assert.match(first?.error?.message ?? '', /^Line 1 .*no reference/)
  assert.deepEqual(second, { reference: 'http://x/1', mirrors: [], digests: [] })
})

test('a name in a list never leads out of the folder', async () => {
  for (const out of ['/etc/x', '../x', 'a/../../x', '..', '\\x', 'C:\\x', 'a\\..\\x']) {
    assert.match((await read(`http://x/1\n out=${out}`))[0]?.error?.message ?? '', /leads out of the folder/, out)
  }
  assert.equal((await read('http://x/1\n out=sub/x..y'))[0]?.out, 'sub/x..y')
})

test('a line without end does not take the memory, nor the lines after it', async () => {
  const entries = await read(`${'x'.repeat(300_000)}\nhttp://x/2\n`, 1000)
  assert.match(entries[0]?.error?.message ?? '', /longer than/)
  assert.ok((entries[0]?.reference.length ?? 0) < 100)
  assert.equal(entries[1]?.reference, 'http://x/2')
})

test('an entry comes out before the list has ended', async () => {
  async function* endless(): AsyncGenerator<Uint8Array> {
    for (;;) yield Buffer.from('http://x/1\n')
  }
  const first = await readInputList(endless()).next()
  assert.equal(first.value?.reference, 'http://x/1')
})

test('how the bytes are cut makes no difference, and nothing breaks the reader', async () => {
  const line = fc.oneof(
    fc.constantFrom('http://x/ä', ' out=ü', '# c', '', `\tchecksum=sha-256:${hex}`, 'a\tb'),
    fc.string({ unit: 'binary' }),
  )
  await fc.assert(
    fc.asyncProperty(
      fc.array(line),
      fc.constantFrom('\n', '\r\n'),
      fc.integer({ min: 1, max: 9 }),
      async (lines, end, size) => {
        const bytes = Buffer.from(lines.join(end))
        assert.deepEqual(await read(bytes, size), await read(bytes, 1 << 20))
      },
    ),
  )
})
