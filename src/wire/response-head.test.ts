import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { fieldValue, parseHead } from './response-head.ts'

describe('a response head', () => {
  it('gives version, status, reason and fields', () => {
    const head = parseHead('HTTP/1.1 206 Partial Content\r\nContent-Range: bytes 0-1/9\r\nX-A:\t b c \t')
    assert.deepEqual(head, {
      version: '1.1',
      status: 206,
      reason: 'Partial Content',
      fields: [
        ['content-range', 'bytes 0-1/9'],
        ['x-a', 'b c'],
      ],
    })
  })

  it('may lack a reason, and the blank before it', () => {
    assert.equal(parseHead('HTTP/1.0 200').reason, '')
    assert.equal(parseHead('HTTP/1.0 200 ').reason, '')
  })

  it('keeps bytes above ASCII, the no-break space at the ends of a value too', () => {
    assert.deepEqual(parseHead('HTTP/1.1 200 \xff\r\nA: \xa0\xe9\xa0 ').fields, [['a', '\xa0\xe9\xa0']])
  })

  const refused: ReadonlyArray<readonly [what: string, text: string]> = [
    ['another version', 'HTTP/2.0 200 OK'],
    ['a short status', 'HTTP/1.1 20 OK'],
    ['a long status', 'HTTP/1.1 2000 OK'],
    ['a status below 100', 'HTTP/1.1 099 OK'],
    ['a control character in the reason', 'HTTP/1.1 200 a\x1b[2J'],
    ['no status line', ''],
    ['a blank before the colon', 'HTTP/1.1 200 OK\r\nA : b'],
    ['a folded line', 'HTTP/1.1 200 OK\r\nA: b\r\n c'],
    ['a line without a colon', 'HTTP/1.1 200 OK\r\nabc'],
    ['an empty name', 'HTTP/1.1 200 OK\r\n: b'],
    ['a name that is no token', 'HTTP/1.1 200 OK\r\n(a): b'],
    ['NUL in a value', 'HTTP/1.1 200 OK\r\nA: b\0c'],
    ['an escape in a value', 'HTTP/1.1 200 OK\r\nA: b\x1bc'],
  ]
  for (const [what, text] of refused) {
    it(`is refused for ${what}`, () => assert.throws(() => parseHead(text), { code: 'bad-response' }))
  }

  it('may have 5000 fields, not more', () => {
    const text = (count: number): string => `HTTP/1.1 200 OK${'\r\na:b'.repeat(count)}`
    assert.equal(parseHead(text(5000)).fields.length, 5000)
    assert.throws(() => parseHead(text(5001)), { code: 'head-too-large' })
  })

  it('tells the value of a field, several lines joined', () => {
    const { fields } = parseHead('HTTP/1.1 200 OK\r\nA: 1\r\nB: 2\r\na: 3')
    assert.deepEqual(
      [fieldValue(fields, 'a'), fieldValue(fields, 'b'), fieldValue(fields, 'c')],
      ['1, 3', '2', undefined],
    )
  })
})
