import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { SluiceError, type ErrorCode } from './errors.ts'
import { buildNumber, newestFirst, parseLlamaVersion, parsePointer } from './llama-version.ts'

function refused(code: ErrorCode, act: () => unknown, text: string): void {
  assert.throws(
    act,
    (error) => error instanceof SluiceError && error.code === code && /^[\x20-\x7e…]+$/.test(error.message),
    JSON.stringify(text.slice(0, 50)),
  )
}

const hostile = [
  '',
  ' ',
  'b',
  'b0',
  'b01',
  'b-1',
  'b6089 ; rm',
  'b6089/..',
  'b6089\n b6090',
  'b6089\0',
  'b٣',
  'b9999999999',
  `b${'1'.repeat(100_000)}`,
  '6089',
  'v1',
  'v1.2',
  'v1.2.3.4',
  'v1.2.3-rc1',
  'v1.2.x',
  'v../../x',
  'master-1a2b3c4',
  'newest',
  'constructor',
  '../b6089',
  '\u202eb6089',
]

test('channels, builds and versions are read, in any case and with blanks around', () => {
  assert.deepEqual(parseLlamaVersion('latest'), { kind: 'latest' })
  assert.deepEqual(parseLlamaVersion('stable'), { kind: 'latest' })
  assert.deepEqual(parseLlamaVersion(' Nightly '), { kind: 'nightly' })
  assert.deepEqual(parseLlamaVersion('b6089'), { kind: 'build', tag: 'b6089', number: 6089 })
  assert.deepEqual(parseLlamaVersion('B6089\n'), { kind: 'build', tag: 'b6089', number: 6089 })
  assert.deepEqual(parseLlamaVersion('v0.6.0'), { kind: 'semver', tag: 'v0.6.0' })
})

test('anything else is a usage error that names the forms', () => {
  for (const text of hostile) refused('usage', () => parseLlamaVersion(text), text)
  assert.throws(() => parseLlamaVersion('6089'), { hint: /latest, nightly, .*b6089.*v0\.6\.0/ })
})

test('a pointer is one build tag and nothing else', () => {
  assert.equal(parsePointer('b11429'), 'b11429')
  assert.equal(parsePointer('b11429\r\n'), 'b11429')
  for (const text of [...hostile, 'B11429', 'latest', '<!DOCTYPE html>', `b1${' '.repeat(1100)}`])
    refused('not-the-file', () => parsePointer(text), text)
})

test('builds are sorted by number, newest first, each once; other tags are left out', () => {
  assert.deepEqual(newestFirst(['b999', 'v0.6.0', 'b11541', 'b1000', 'b999', 'gguf-b1', 'b01']), [
    'b11541',
    'b1000',
    'b999',
  ])
  assert.deepEqual(newestFirst([]), [])
  assert.equal(buildNumber('b11541'), 11_541)
  assert.equal(buildNumber('v1.0.0'), null)
})

test('property: a tag that is read is safe in a path and an address', () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.stringMatching(/^[bBvV]?[\d. /%-]{0,12}$/),
    fc.constantFrom(...hostile),
  )
  fc.assert(
    fc.property(text, (version) => {
      let read
      try {
        read = parseLlamaVersion(version)
      } catch (error) {
        assert.ok(error instanceof SluiceError && error.code === 'usage')
        return
      }
      if ('tag' in read) assert.match(read.tag, /^(?:b[1-9]\d{0,8}|v\d{1,6}\.\d{1,6}\.\d{1,6})$/)
    }),
    { numRuns: 2000 },
  )
})
