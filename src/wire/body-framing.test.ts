import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { framingOf } from './body-framing.ts'
import { parseHead } from './response-head.ts'

const framing = (fields: string, line = 'HTTP/1.1 200 OK'): unknown => framingOf(parseHead(line + fields))

describe('the end of a body', () => {
  it('is known from Content-Length', () => {
    assert.deepEqual(framing('\r\nContent-Length: 0'), { kind: 'length', length: 0 })
    assert.deepEqual(framing(`\r\nContent-Length: ${2 ** 53 - 1}`), { kind: 'length', length: 2 ** 53 - 1 })
  })

  it('is known from the chunked coding', () => {
    assert.deepEqual(framing('\r\nTransfer-Encoding: CHUNKED'), { kind: 'chunked' })
  })

  it('is the close of the connection when nothing else is said', () => {
    assert.deepEqual(framing(''), { kind: 'close' })
    assert.deepEqual(framing('', 'HTTP/1.0 200 OK'), { kind: 'close' })
  })

  it('is the end of the head for 204 and 304, whatever they announce', () => {
    for (const status of [204, 304]) {
      assert.deepEqual(framing('\r\nContent-Length: 5', `HTTP/1.1 ${status} x`), { kind: 'none' })
      assert.deepEqual(framing('\r\nTransfer-Encoding: chunked', `HTTP/1.1 ${status} x`), { kind: 'none' })
    }
  })

  for (const value of [
    '',
    '-1',
    '+1',
    '1.0',
    '0x1',
    '1e3',
    '5, 5',
    '5 5',
    '5,6',
    'five',
    '９',
    `${2 ** 53}`,
    '9'.repeat(400),
  ]) {
    it(`is refused for the length "${value.slice(0, 20)}"`, () => {
      // ９ (a full-width digit) cannot come in Latin-1, but would be a number for some parsers.
      assert.throws(() => framingOf({ version: '1.1', status: 200, reason: '', fields: [['content-length', value]] }), {
        code: 'bad-response',
      })
    })
  }

  for (const fields of [
    '\r\nContent-Length: 5\r\nContent-Length: 5',
    '\r\nContent-Length: 5\r\nTransfer-Encoding: chunked',
    '\r\nTransfer-Encoding: chunked\r\nContent-Length: 5',
    '\r\nTransfer-Encoding: gzip',
    '\r\nTransfer-Encoding: identity',
    '\r\nTransfer-Encoding: gzip, chunked',
    '\r\nTransfer-Encoding: chunked, gzip',
    '\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked',
    '\r\nTransfer-Encoding: xchunked',
    '\r\nTransfer-Encoding:',
  ]) {
    it(`is refused for${fields.replaceAll('\r\n', ' / ')}`, () => {
      assert.throws(() => framing(fields), { code: 'bad-response' })
      assert.throws(() => framing(fields, 'HTTP/1.1 204 No Content'), { code: 'bad-response' })
    })
  }

  it('is refused for a transfer coding in HTTP/1.0', () => {
    assert.throws(() => framing('\r\nTransfer-Encoding: chunked', 'HTTP/1.0 200 OK'), { code: 'bad-response' })
  })
})
