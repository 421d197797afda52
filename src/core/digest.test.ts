import assert from 'node:assert/strict'
import { test } from 'node:test'
import { digestAlgorithm, parseChecksum, parseSha256 } from './digest.ts'
import { SluiceError } from './errors.ts'

const a64 = 'A'.repeat(64)

function usage(text: string, words: RegExp, parse = parseChecksum): void {
  assert.throws(
    () => parse(text),
    (error) => error instanceof SluiceError && error.code === 'usage' && words.test(error.message),
    text,
  )
}

test('checksums are read in our form and in that of aria2; hex becomes lower case', () => {
  assert.deepEqual(parseChecksum(`sha256:${a64}`), { algorithm: 'sha256', hex: a64.toLowerCase() })
  assert.deepEqual(parseChecksum(`SHA-256=${a64}`), { algorithm: 'sha256', hex: a64.toLowerCase() })
  assert.deepEqual(parseChecksum(`md5:${'0'.repeat(32)}`), { algorithm: 'md5', hex: '0'.repeat(32) })
  assert.equal(parseChecksum(` sha-1 = ${'1'.repeat(40)} `).algorithm, 'sha1')
  assert.equal(parseChecksum(`sha512:${'2'.repeat(128)}`).algorithm, 'sha512')
})

test('a SHA-256 alone may carry its name', () => {
  assert.equal(parseSha256(a64).hex, a64.toLowerCase())
  assert.equal(parseSha256(`sha256:${a64}`).algorithm, 'sha256')
})

test('the error says whether the algorithm, a letter or the length is wrong', () => {
  usage(a64, /does not name its algorithm/)
  usage(`crc32:${a64}`, /"crc32" is not/)
  usage(`__proto__:${a64}`, /"__proto__" is not/)
  usage(`constructor:${a64}`, /"constructor" is not/)
  usage(`sha256:${a64.slice(1)}`, /has 64 hex digits; this one has 63/)
  usage(`sha256:${a64.slice(1)}g`, /contains "g"/)
  usage('sha256:', /this one has 0/)
  usage('md5:\u001b[31m', /contains "\?"/)
  usage('zz', /contains "z"/, parseSha256)
  usage(`${a64}00`, /this one has 66/, parseSha256)
})

test('algorithms are known by their usual names only', () => {
  assert.equal(digestAlgorithm('SHA-512'), 'sha512')
  assert.equal(digestAlgorithm('toString'), undefined)
})
