import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { readBatch } from './batch-text.ts'

const hex = 'ab'.repeat(32)

test('one reference a line; blank lines and # are skipped and counted', () => {
  assert.deepEqual(readBatch('# list\n\nhttp://h/1\n   \nhttp://h/2  \n#http://h/3\nnonsense'), {
    items: [
      { line: 3, reference: 'http://h/1' },
      { line: 5, reference: 'http://h/2' },
      { line: 7, reference: 'nonsense' },
    ],
    errors: [],
  })
  assert.deepEqual(readBatch(''), { items: [], errors: [] })
})

test('option lines belong to the reference above, mirrors stand after tabs', () => {
  const { items } = readBatch(
    `http://h/1\thttp://m/1\t\thttp://n/1\n  out=one.zip\n\tdir=/d/e\n\n  checksum=sha-256=${hex}\n checksum=md5=${'0'.repeat(32)}\nhttp://h/2`,
  )
  assert.deepEqual(items, [
    {
      line: 1,
      reference: 'http://h/1',
      filename: 'one.zip',
      dir: '/d/e',
      checksum: [`sha256:${hex}`, `md5:${'0'.repeat(32)}`],
      mirrors: ['http://m/1', 'http://n/1'],
    },
    { line: 7, reference: 'http://h/2' },
  ])
})

test('lists of Windows and of old Macs are read: byte order mark, CRLF, CR', () => {
  const lines = ['http://h/1', '  out=a b', 'http://h/2']
  const expected = readBatch(lines.join('\n'))
  assert.deepEqual(readBatch(`\ufeff${lines.join('\r\n')}\r\n`), expected)
  assert.deepEqual(readBatch(lines.join('\r')), expected)
})

test('patterns expand, in mirrors to as many', () => {
  const { items } = readBatch('http://h/f[1-2]\thttp://m/g[3-4]\n dir=sub')
  assert.deepEqual(items, [
    { line: 1, reference: 'http://h/f1', dir: 'sub', mirrors: ['http://m/g3'] },
    { line: 1, reference: 'http://h/f2', dir: 'sub', mirrors: ['http://m/g4'] },
  ])
})

test('a wrong line fails its own reference, under its own number, and no other', () => {
  const { items, errors } = readBatch(
    [
      ' out=early',
      'http://h/1',
      '  split=4',
      '  dir=',
      'http://h/2',
      '  checksum=sha-256=abc',
      'http://h/3',
      '  out=../x',
      'http://h/[9-1]',
      'http://h/[1-2]',
      '  out=x',
      'http://h/[1-2]\thttp://m/x',
      'http://h/4',
    ].join('\n'),
  )
  assert.deepEqual(items, [{ line: 13, reference: 'http://h/4' }])
  assert.deepEqual(
    errors.map(({ line, code }) => [line, code]),
    [1, 3, 6, 8, 9, 10, 12].map((line) => [line, 'usage']),
  )
  const words = [
    /below no reference/,
    /"split" is no option/,
    /64 hex digits/,
    /out of the folder/,
    /backwards/,
    /of 2 files/,
    /mirrors/,
  ]
  words.forEach((word, index) => assert.match(errors[index]?.message ?? '', word))
})

test('an error repeats no value', () => {
  const { errors } = readBatch('http://h/1\n  header=Authorization: Bearer geheim\nhttp://u:geheim@h/[2-1]')
  assert.equal(errors.length, 2)
  assert.doesNotMatch(JSON.stringify(errors), /geheim/)
})

test('reading ends at the line with the 100,001st download', () => {
  const lines = Array.from({ length: 10 }, (_, index) => `http://h/${index}/[1-10000]`)
  const { items, errors } = readBatch([...lines, 'http://h/more', 'http://h/most'].join('\n'))
  assert.equal(items.length, 100_000)
  assert.deepEqual(
    errors.map((error) => error.line),
    [11],
  )
  assert.match(errors[0]?.message ?? '', /more than 100000/)
})

test('property: any text is read without throwing, and every item and error names a line of it', () => {
  const word = fc.oneof(
    fc.constantFrom('http://h/', '\n', '\r\n', '\t', ' ', 'out=', 'dir=', 'checksum=md5=', '[1-3]', '{a,b}', '#', '='),
    fc.string({ unit: 'binary', maxLength: 5 }),
  )
  fc.assert(
    fc.property(fc.array(word, { maxLength: 40 }), (words) => {
      const text = words.join('')
      const count = text.split(/\r?\n|\r/).length
      const { items, errors } = readBatch(text)
      for (const { line } of [...items, ...errors]) assert.ok(line >= 1 && line <= count)
      const failed = new Set(errors.map((error) => error.line))
      assert.ok(items.every((item) => !failed.has(item.line) && item.reference !== ''))
    }),
    { numRuns: 500 },
  )
})
