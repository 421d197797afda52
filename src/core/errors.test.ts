import assert from 'node:assert/strict'
import { test } from 'node:test'
import { asSluiceError, errorKinds, SluiceError } from './errors.ts'
import type { ErrorCode } from './errors.ts'

const kinds = Object.entries(errorKinds)
const codes = Object.keys(errorKinds) as ErrorCode[]

test('every code is in small letters and its hint is one sentence that tells what to do', () => {
  for (const [code, { hint }] of kinds) {
    assert.match(code, /^[a-z]+(?:-[a-z]+)*$/)
    assert.match(hint, /^[A-Z][^\n]{10,}\.$/, code)
  }
})

test('every exit code is one of the contract', () => {
  const exits = new Set([1, 2, 3, 4, 5, 6, 7, 8, 9, 130])
  for (const [code, { exit }] of kinds) assert.ok(exits.has(exit), `${code}: ${exit}`)
})

test('each family of errors has its exit code', () => {
  const families: Partial<Record<ErrorCode, number>> = {
    usage: 2,
    'bad-url': 2,
    dns: 3,
    'connect-refused': 3,
    stalled: 3,
    'connection-lost': 3,
    'http-not-found': 4,
    'http-forbidden': 4,
    'digest-mismatch': 5,
    'remote-changed': 5,
    'not-the-file': 5,
    'disk-full': 6,
    'disk-permission': 6,
    tls: 7,
    'target-exists': 8,
    'not-found': 9,
    interrupted: 130,
  }
  for (const [code, exit] of Object.entries(families)) assert.equal(errorKinds[code as ErrorCode].exit, exit, code)
})

test('every API status is an error status of HTTP', () => {
  const statuses = new Set([400, 401, 403, 404, 405, 409, 413, 422, 429, 500, 502, 503, 504, 507])
  for (const [code, { http }] of kinds) assert.ok(statuses.has(http), `${code}: ${http}`)
})

test('an error carries what its row says unless the place that throws knows better', () => {
  for (const code of codes) {
    const error = new SluiceError(code, 'Something happened.')
    const kind = errorKinds[code]
    assert.deepEqual(
      [error.exitCode, error.hint, error.retry, error.retryable],
      [kind.exit, kind.hint, kind.retry, kind.retry !== 'never'],
    )
  }
  const cause = new Error('inner')
  const known = new SluiceError('dns', 'No such host.', {
    hint: 'Look here.',
    retry: 'never',
    cause,
    status: 500,
    retryAfter: 7,
  })
  assert.deepEqual(
    [known.hint, known.retryable, known.cause, known.status, known.retryAfter],
    ['Look here.', false, cause, 500, 7],
  )
})

test('any thrown value becomes a SluiceError, and one that is already stays itself', () => {
  const error = new SluiceError('dns', 'No such host.')
  assert.equal(asSluiceError(error), error)
  for (const value of [new TypeError('boom'), 'boom']) {
    const wrapped = asSluiceError(value)
    assert.equal(wrapped.code, 'internal')
    assert.match(wrapped.message, /boom/)
    assert.equal(wrapped.cause, value)
  }
  for (const value of [null, undefined, 7, {}]) assert.equal(asSluiceError(value).code, 'internal')
})
