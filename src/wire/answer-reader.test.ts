import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { damagedAnswer, goodAnswer } from '../../test/support/answers.ts'
import { readAnswer } from '../../test/support/read-answer.ts'
import { createAnswerReader } from './answer-reader.ts'

const latin1 = (text: string): Buffer => Buffer.from(text, 'latin1')

/** Cuts at the given positions. */
function pieces(bytes: Buffer, cuts: ReadonlyArray<number>): Buffer[] {
  const places = [0, ...cuts.toSorted((a, b) => a - b), bytes.length]
  return places.slice(1).map((place, index) => bytes.subarray(places[index], place))
}

describe('the answer reader', () => {
  it('finds the same in an answer that is cut in two at any byte', () => {
    fc.assert(
      fc.property(goodAnswer, (text) => {
        const bytes = latin1(text)
        const whole = readAnswer([bytes])
        assert.equal(whole.refusal, undefined)
        for (let cut = 0; cut <= bytes.length; cut++) assert.deepEqual(readAnswer(pieces(bytes, [cut])), whole)
      }),
      { numRuns: 300 },
    )
  })

  it('finds the same in an answer that comes byte by byte', () => {
    fc.assert(
      fc.property(goodAnswer, (text) => {
        const bytes = latin1(text)
        const single = Array.from(bytes, (_byte, index) => bytes.subarray(index, index + 1))
        assert.deepEqual(readAnswer(single), readAnswer([bytes]))
      }),
      { numRuns: 500 },
    )
  })

  it('gives the same verdict on damaged answers however they are cut', () => {
    fc.assert(
      fc.property(damagedAnswer, fc.array(fc.nat(400), { maxLength: 6 }), (text, cuts) => {
        const bytes = latin1(text)
        const fitting = cuts.map((cut) => Math.min(cut, bytes.length))
        const whole = readAnswer([bytes])
        const cut = readAnswer(pieces(bytes, fitting))
        assert.equal(cut.refusal === undefined, whole.refusal === undefined)
        assert.equal(cut.how, whole.how)
        assert.equal(cut.body.startsWith(whole.body) || whole.refusal !== undefined, true)
      }),
      { numRuns: 5000 },
    )
  })

  it('reads answer after answer', () => {
    const seen: string[] = []
    const reader = createAnswerReader({
      head: (head) => seen.push(`${head.status}`),
      data: (buffer, start, end) => seen.push(buffer.toString('latin1', start, end)),
      end: (how, excess) => seen.push(how, `${excess}`),
    })
    const answers = [
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\n',
      'HTTP/1.1 206 OK\r\nContent-Length: 1\r\n\r\nb',
      'HTTP/1.1 204 None\r\n\r\n',
    ]
    const once = ['200', 'a', 'chunked', 'false', '206', 'b', 'length', 'false', '204', 'none', 'false']
    for (const text of [...answers, ...answers]) {
      const bytes = latin1(text)
      reader.feed(bytes, 0, bytes.length)
      assert.equal(reader.remaining, 0)
      reader.reset()
    }
    assert.deepEqual(seen, [...once, ...once])
  })

  it('knows how much of a body is to come', () => {
    const reader = createAnswerReader({ head: () => undefined, data: () => undefined, end: () => undefined })
    assert.equal(reader.remaining, null)
    const bytes = latin1('HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc')
    reader.feed(bytes, 0, bytes.length)
    assert.equal(reader.remaining, 7)
  })

  it('refuses a foreign protocol from its first bytes on', () => {
    for (const [text, words] of [
      ['S', /does not speak HTTP/],
      ['HTTQ', /does not speak HTTP/],
      ['HTTP/2', /status line/],
      ['\x15\x03\x01', /speaks TLS/],
    ] as const) {
      assert.match(readAnswer([latin1(text)]).refusal ?? '', words)
      assert.match(readAnswer([...text].map(latin1)).refusal ?? '', /bad-response/)
    }
  })

  it('refuses a header that never ends once it is larger than 300 KiB, and one just below is fine', () => {
    const line = `A: ${'x'.repeat(995)}\r\n`
    const feed = (lines: number): string | undefined =>
      readAnswer([latin1('HTTP/1.1 204 OK\r\n'), ...Array.from({ length: lines }, () => latin1(line)), latin1('\r\n')])
        .refusal
    assert.equal(feed(306), undefined)
    assert.match(feed(308) ?? '', /^head-too-large/)
    assert.match(readAnswer([latin1(`HTTP/1.1 204 OK\r\n${line.repeat(308)}\r\n`)]).refusal ?? '', /^head-too-large/)
  })
})
