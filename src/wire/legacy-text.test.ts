import assert from 'node:assert/strict'
import { Buffer } from 'node:buffer'
import { test } from 'node:test'
import fc from 'fast-check'
import { decodeRawBytes, decodeStrict } from './legacy-text.ts'

const raw = (hex: string): string => Buffer.from(hex.replaceAll(' ', ''), 'hex').toString('latin1')

test('strict UTF-8 wins', () => {
  assert.equal(decodeRawBytes(Buffer.from('naïve €.bin').toString('latin1')), 'naïve €.bin')
  assert.equal(decodeRawBytes('plain.bin'), 'plain.bin')
})

test('Chinese, Japanese and Russian bytes of old servers are recognised', () => {
  assert.equal(decodeRawBytes(`${raw('d6d0 cec4 cec4 bcfe')}.zip`), '中文文件.zip')
  assert.equal(decodeRawBytes(`${raw('8e91 97bf')}.pdf`), '資料.pdf')
  assert.equal(decodeRawBytes(`${raw('8365 8358 8367')}.txt`), 'テスト.txt')
  assert.equal(decodeRawBytes(`${raw('cff0 e8e2 e5f2')}.doc`), 'Привет.doc')
  assert.equal(
    decodeRawBytes(`${raw('cef2 f7e5 f2')} 2024 ${raw('e2')} ${raw('eff0 e8eb ee')}.doc`),
    'Отчет 2024 в прило.doc',
  )
})

test('Western letters stay Latin-1', () => {
  for (const name of [
    'naïve.txt',
    'Größe.bin',
    'Müller Über.pdf',
    'déjà vu.mp3',
    'señor año.zip',
    '£5.txt',
    'Ærøskøbing.jpg',
  ]) {
    assert.equal(decodeRawBytes(name), name)
  }
})

test('an unknown character set or foreign bytes are no text', () => {
  assert.equal(decodeStrict('klingon', Buffer.from('x')), undefined)
  assert.equal(decodeStrict('utf-8', Buffer.from([0xff])), undefined)
})

test('property: any bytes give some text, and UTF-8 gives its own', () => {
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => typeof decodeRawBytes(Buffer.from(bytes).toString('latin1')) === 'string'),
  )
  fc.assert(
    fc.property(
      fc.string({ unit: 'grapheme' }),
      (text) => decodeRawBytes(Buffer.from(text).toString('latin1')) === text.replace(/^\ufeff/, ''),
    ),
  )
})
