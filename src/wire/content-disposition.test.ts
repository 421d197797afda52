import assert from 'node:assert/strict'
import { Buffer } from 'node:buffer'
import { test } from 'node:test'
import fc from 'fast-check'
import { fileNameFromContentDisposition as nameOf } from './content-disposition.ts'

function names(cases: ReadonlyArray<readonly [string, string | undefined]>): void {
  for (const [value, name] of cases) assert.equal(nameOf(value), name, value)
}

const raw = (text: string): string => Buffer.from(text).toString('latin1')

test('quoted and bare names, attachment or inline, any case', () => {
  names([
    ['attachment; filename="plain name.bin"', 'plain name.bin'],
    ['attachment; filename=token.bin', 'token.bin'],
    ['inline; filename="inline.bin"', 'inline.bin'],
    ['ATTACHMENT;FileName = "q.txt" ; x=y', 'q.txt'],
    ['attachment; filename=two words.bin', 'two words.bin'],
    ['attachment; filename="a;b,c.bin"', 'a;b,c.bin'],
  ])
})

test('quoted pairs are unfolded', () => {
  names([
    ['attachment; filename="a \\"b\\".bin"', 'a "b".bin'],
    ['attachment; filename="f\\oo.html"', 'foo.html'],
  ])
})

test('the extended parameter wins, wherever it stands, unless it cannot be decoded', () => {
  names([
    ['attachment; filename="wrong.bin"; filename*=UTF-8\'\'na%C3%AFve%20%E2%82%AC.bin', 'naïve €.bin'],
    ["attachment; filename*=utf-8'en'%E2%82%AC; filename=wrong", '€'],
    ["attachment; filename*=ISO-8859-1''%A3.bin; filename=wrong", '£.bin'],
    ['attachment; filename*="UTF-8\'\'a%20b.txt"', 'a b.txt'],
    ["attachment; filename*=gbk''%D6%D0%CE%C4.zip", '中文.zip'],
    ["attachment; filename*=UTF-8''%ff.bin; filename=right.bin", 'right.bin'],
    ["attachment; filename*=klingon''a.bin; filename=right.bin", 'right.bin'],
    ["attachment; filename*=UTF-8''..; filename=right.bin", 'right.bin'],
  ])
})

test('a plain name that is percent-encoded throughout is decoded, any other percent sign stays', () => {
  names([
    ['attachment; filename="na%C3%AFve%20x.bin"', 'naïve x.bin'],
    ['attachment; filename="100% sure.bin"', '100% sure.bin'],
    ['attachment; filename="50%25 off.bin"', '50%25 off.bin'],
    ['attachment; filename="a%FFb.bin"', 'a%FFb.bin'],
    ['attachment; filename="a%2"', 'a%2'],
  ])
})

test('words of RFC 2047 are decoded', () => {
  names([
    ['attachment; filename="=?UTF-8?B?bmHDr3ZlLmJpbg==?="', 'naïve.bin'],
    ['attachment; filename="=?iso-8859-1?Q?a=E9_100%.bin?="', 'aé 100%.bin'],
    ['attachment; filename="=?utf-8?Q?a?= =?utf-8?Q?b.bin?="', 'ab.bin'],
    ['attachment; filename="=?klingon?Q?a?="', '=?klingon?Q?a?='],
  ])
})

test('raw bytes are UTF-8, an older character set, or Latin-1', () => {
  names([
    [raw('attachment; filename="日本語.zip"'), '日本語.zip'],
    ['attachment; filename="\xd6\xd0\xce\xc4.zip"', '中文.zip'],
    ['attachment; filename="na\xefve.bin"', 'naïve.bin'],
  ])
})

test('only the last part of a path is a name', () => {
  names([
    ['attachment; filename="../../up.bin"', 'up.bin'],
    ['attachment; filename="/tmp/x.bin"', 'x.bin'],
    ["attachment; filename*=UTF-8''..%2f..%5cdown.bin", 'down.bin'],
    ['attachment; filename="C:\\\\dir\\\\x.bin"', 'x.bin'],
    ['attachment; filename=".."', undefined],
    ['attachment; filename="a/"', undefined],
  ])
})

test('fields without a name', () => {
  names([
    ['attachment', undefined],
    ['', undefined],
    ['attachment; filename=""', undefined],
    ['attachment; filename=', undefined],
    ['attachment; name=x', undefined],
  ])
})

test('common mistakes of servers are understood', () => {
  names([
    ['filename=x.bin', 'x.bin'],
    ['; filename=x.bin', 'x.bin'],
    ['attachment; filename="open.bin', 'open.bin'],
    ['attachment; filename=x.bin;', 'x.bin'],
    ['attachment; filename=x.bin, attachment; filename=x.bin', 'x.bin'],
    ['attachment; filename="x.bin", attachment; filename="x.bin"', 'x.bin'],
  ])
})

test('property: no field breaks it, and no name holds a separator', () => {
  const pieces = fc.constantFrom(
    'attachment',
    ';',
    'filename',
    '*',
    '=',
    '"',
    '\\',
    "UTF-8''",
    '%',
    '%2f',
    '=?utf-8?B?',
    '?=',
    '/',
    '..',
    '\xff',
    ' ',
    'a',
  )
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: pieces }), fc.string({ unit: 'binary-ascii' })), (value) => {
      const name = nameOf(value)
      assert.ok(name === undefined || (name !== '' && name !== '..' && !/[/\\]/.test(name)))
    }),
    { numRuns: 1000 },
  )
})
