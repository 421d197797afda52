import fc from 'fast-check'

/** Bytes of an HTTP answer as Latin-1 text. */
export type AnswerText = string

const tokenText = fc.string({ unit: fc.constantFrom(...'abcXYZ019-_.!#$%&*+^`|~'), minLength: 1, maxLength: 12 })
const valueText = fc.string({ unit: fc.constantFrom(...'ab ,;="/\t\xe9\xff\xa0()'), maxLength: 20 })
const fieldName = fc.oneof(
  tokenText.map((name) => `x${name}`),
  fc.constantFrom('ETag', 'Content-Type', 'Date', 'Set-Cookie', 'Keep-Alive', 'Content-Range', 'Accept-Ranges'),
)
const fieldLine = fc
  .tuple(fieldName, fc.constantFrom('', ' ', '\t', '  '), valueText, fc.constantFrom('', ' '))
  .map(([name, before, value, after]) => `${name}:${before}${value}${after}\r\n`)
const fieldLines = fc.array(fieldLine, { maxLength: 5 }).map((lines) => lines.join(''))
const bodyText = fc.string({ unit: fc.constantFrom(...'ab\r\n0 :\x00\xff'), maxLength: 40 })
const reason = fc.constantFrom(' OK', ' ', '', ' Not Found', ' a:b\xff')
const status = fc.constantFrom(200, 206, 302, 404, 416, 500, 205, 204, 304, 299, 999)

const extension = fc.oneof(
  fc.constant(''),
  tokenText.map((name) => `;${name}`),
  fc.tuple(tokenText, tokenText).map(([name, value]) => `;${name}=${value}`),
  fc
    .tuple(tokenText, fc.constantFrom('""', '"a;b"', '"\\"\\\\"', '"\t\xff"'))
    .map(([name, value]) => `;${name}=${value}`),
)
const chunk = fc
  .tuple(
    bodyText.filter((text) => text !== ''),
    extension,
    fc.nat(3),
    fc.boolean(),
  )
  .map(([text, more, zeros, upper]) => {
    const size = '0'.repeat(zeros) + text.length.toString(16)
    return `${upper ? size.toUpperCase() : size}${more}\r\n${text}\r\n`
  })
const chunkedBody = fc
  .tuple(fc.array(chunk, { maxLength: 4 }), extension, fieldLines)
  .map(([chunks, more, trailers]) => `${chunks.join('')}0${more}\r\n${trailers}\r\n`)

const interim = fc
  .tuple(fc.constantFrom('100 Continue', '103 Early Hints', '102 Processing'), fieldLines)
  .map(([line, fields]) => `HTTP/1.1 ${line}\r\n${fields}\r\n`)

const finalAnswer = fc
  .tuple(
    status,
    reason,
    fieldLines,
    fieldLines,
    bodyText,
    chunkedBody,
    fc.constantFrom('length', 'chunked', 'close'),
    fc.boolean(),
  )
  .map(([code, words, before, after, body, chunks, framing, old]) => {
    const version = old && framing !== 'chunked' ? '1.0' : '1.1'
    const length = framing === 'length' ? `Content-Length: ${body.length}\r\n` : ''
    const coding = framing === 'chunked' ? 'transfer-encoding: Chunked\r\n' : ''
    const bytes = code === 204 || code === 304 ? '' : framing === 'chunked' ? chunks : body
    return `HTTP/${version} ${code}${words}\r\n${before}${length}${coding}${after}\r\n${bytes}`
  })

/** Answers that keep to RFC 9112, the final one after up to two interim ones. */
export const goodAnswer: fc.Arbitrary<AnswerText> = fc
  .tuple(fc.array(interim, { maxLength: 2 }), finalAnswer)
  .map(([interims, final]) => interims.join('') + final)

const snippet = fc.constantFrom(
  ...[
    '\r',
    '\n',
    '\r\n',
    '\0',
    ' ',
    '\t',
    ':',
    ';',
    '"',
    '\\',
    ',',
    '0',
    '9',
    'f',
    'g',
    '-',
    '+',
    '\x7f',
    '\x80',
    '\x01',
  ],
  ...[
    '\r\n\r\n',
    '\n\n',
    '\r\n ',
    'Content-Length: 3\r\n',
    'Transfer-Encoding: chunked\r\n',
    'Content-Length: 3, 3\r\n',
  ],
  ...[
    'Transfer-Encoding: gzip\r\n',
    'Connection: close\r\n',
    'Upgrade: x\r\n',
    ': x\r\n',
    'HTTP/1.1 200 OK\r\n',
    'ffffffffffffffff',
  ],
)
const edit = fc.record({
  kind: fc.constantFrom('insert', 'replace', 'delete', 'repeat', 'cut', 'line'),
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  length: fc.integer({ min: 1, max: 8 }),
  text: snippet,
})

/** The answer with one to three places damaged. */
export const damagedAnswer: fc.Arbitrary<AnswerText> = fc
  .tuple(goodAnswer, fc.array(edit, { minLength: 1, maxLength: 3 }))
  .map(([answer, edits]) => edits.reduce(damage, answer))

function damage(
  answer: string,
  { kind, at, length, text }: { kind: string; at: number; length: number; text: string },
): string {
  const place = Math.floor(at * answer.length)
  const before = answer.slice(0, place)
  const after = answer.slice(place)
  switch (kind) {
    case 'insert':
      return before + text + after
    case 'replace':
      return before + text + after.slice(length)
    case 'delete':
      return before + after.slice(length)
    case 'repeat':
      return before + after.slice(0, length) + after
    case 'cut':
      return before
    default: {
      const line = after.indexOf('\r\n')
      return line < 0 ? answer : before + after.slice(0, line + 2) + text + after.slice(line + 2)
    }
  }
}
