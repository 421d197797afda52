import assert from 'node:assert/strict'
import { test } from 'node:test'
import { SluiceError } from '../core/errors.ts'
import { readNamePattern } from '../core/name-pattern.ts'
import { matchInTime } from './match-in-time.ts'

const name = 'tool-14.1.0-x86_64-unknown-linux-musl.tar.gz'
const compare = (pattern: string): boolean => matchInTime(pattern, () => readNamePattern(pattern)(name))

test('An expression that would never come to an end is refused as wrong usage', () => {
  assert.throws(() => compare('/^(([a-z0-9._-])+)+!$/'), { code: 'usage', message: /takes too long/ })
})

test('Other expressions, names and globs are compared as they are', () => {
  assert.equal(compare('/x86_64.*musl/'), true)
  assert.equal(compare('/^musl/'), false)
  assert.equal(compare('*linux*'), true)
  assert.equal(
    matchInTime(undefined, () => 'all'),
    'all',
  )
})

test('What is wrong otherwise is told as it is', () => {
  assert.throws(() => compare('/(/'), { code: 'usage', message: /no regular expression/ })
  assert.throws(
    () =>
      matchInTime('/a/', () => {
        throw new SluiceError('not-found', 'There is none.')
      }),
    { code: 'not-found' },
  )
})
