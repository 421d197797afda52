import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createChunkedDecoder } from './chunked.ts'

interface Decoded {
  readonly body: string
  readonly done: boolean
  /** Bytes behind the body. */
  readonly rest: number
}

/** Decodes the text in pieces of the given size. */
function decode(text: string, size: number = text.length): Decoded {
  let body = ''
  const decoder = createChunkedDecoder((buffer, start, end) => {
    body += buffer.toString('latin1', start, end)
  })
  const bytes = Buffer.from(text, 'latin1')
  let at = 0
  while (at < bytes.length && !decoder.done) at = decoder.feed(bytes, at, Math.min(at + size, bytes.length))
  return { body, done: decoder.done, rest: bytes.length - at }
}

describe('the chunked coding', () => {
  it('is decoded in pieces of any size', () => {
    const text =
      '5\r\nhello\r\n00006;a;b=c;d="e;\\"\r"\r\n'.replace('\r"', '"') + ' world\r\n0;x\r\nA: b\r\nC: d\r\n\r\nrest'
    for (let size = 1; size <= text.length; size++) {
      assert.deepEqual(decode(text, size), { body: 'hello world', done: true, rest: 4 }, `pieces of ${size}`)
    }
  })

  it('may hold line ends and anything else in its chunks', () => {
    assert.equal(decode('6\r\n\r\n0\r\n\r\r\n0\r\n\r\n').body, '\r\n0\r\n\r')
  })

  it('knows sizes in both cases', () => {
    assert.equal(decode(`1a\r\n${'x'.repeat(26)}\r\n1A\r\n${'y'.repeat(26)}\r\n0\r\n\r\n`).body.length, 52)
  })

  it('is not done before the empty line behind the last chunk', () => {
    for (const text of ['', '5\r\nhel', '5\r\nhello\r\n', '0\r\n', '0\r\n\r', '0\r\nA: b\r\n'])
      assert.equal(decode(text).done, false)
  })

  it('begins anew after a reset', () => {
    let body = ''
    const decoder = createChunkedDecoder((buffer, start, end) => {
      body += buffer.toString('latin1', start, end)
    })
    const bytes = Buffer.from('1\r\na\r\n0\r\n\r\n')
    for (let round = 0; round < 3; round++) {
      assert.equal(decoder.feed(bytes, 0, bytes.length), bytes.length)
      decoder.reset()
    }
    assert.equal(body, 'aaa')
  })

  const refused: ReadonlyArray<readonly [what: string, text: string]> = [
    ['no size', '\r\nab'],
    ['a size that is no number', 'xy\r\n'],
    ['a sign', '-1\r\n'],
    ['a prefix', '0x2\r\nab\r\n'],
    ['a blank before the size', ' 2\r\nab\r\n'],
    ['a blank behind the size', '2 \r\nab\r\n'],
    ['a size above 2^53 - 1', '20000000000000\r\n'],
    ['a size of many digits', `${'f'.repeat(17)}\r\n`],
    ['a line without end', '0'.repeat(5000)],
    ['an extension without end', `2;${'a'.repeat(5000)}`],
    ['a bare line feed behind the size', '2\nab\r\n'],
    ['a bare carriage return behind the size', '2\rab\r\n'],
    ['data longer than the size', '2\r\nabc\r\n'],
    ['data shorter than the size', '3\r\nab\r\n0\r\n\r\n'],
    ['a bare line feed behind the data', '2\r\nab\n0\r\n\r\n'],
    ['an extension without a name', '2;\r\nab\r\n'],
    ['an extension without a value', '2;a=\r\nab\r\n'],
    ['text behind a quoted value', '2;a="b"c\r\nab\r\n'],
    ['a line end in a quoted value', '2;a="b\r\nab\r\n'],
    ['a control character in a quoted value', '2;a="\x01"\r\n'],
    ['a control character behind a backslash', '2;a="\\\x01"\r\n'],
    ['a bare line feed in the trailers', '0\r\nA: b\n\r\n'],
    ['a bare line feed as the last line', '0\r\n\n'],
    ['a folded trailer', '0\r\nA: b\r\n c\r\n\r\n'],
    ['a trailer that is no field', '0\r\nabc\r\n\r\n'],
  ]
  for (const [what, text] of refused) {
    it(`is refused for ${what}`, () => {
      assert.throws(() => decode(text), { code: 'bad-response' })
      assert.throws(() => decode(text, 1), { code: 'bad-response' })
    })
  }

  it('is refused for trailers without end', () => {
    assert.throws(() => decode(`0\r\n${'A: b\r\n'.repeat(60_000)}`, 1000), { code: 'head-too-large' })
  })
})
