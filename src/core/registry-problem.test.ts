import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { registryProblem } from './registry-problem.ts'

test('the error list of the distribution specification', () => {
  assert.deepEqual(
    registryProblem(
      '{"errors":[{"code":"MANIFEST_UNKNOWN","message":"manifest unknown","detail":{"Tag":"x"}},{"code":"B"}]}',
    ),
    { code: 'MANIFEST_UNKNOWN', words: 'manifest unknown' },
  )
  assert.deepEqual(registryProblem('{"errors":[{"code":"DENIED","message":"","detail":"no access"}]}'), {
    code: 'DENIED',
    words: 'no access',
  })
  assert.deepEqual(registryProblem('{"errors":[{"code":"DENIED"}]}'), { code: 'DENIED', words: 'DENIED' })
})

test('the two shapes of ollama', () => {
  assert.deepEqual(registryProblem('{"code":"needs_upgrade","error":"too old"}'), {
    code: 'NEEDS_UPGRADE',
    words: 'too old',
  })
  assert.deepEqual(registryProblem('{"error":"The model is a sharded GGUF"}'), {
    code: null,
    words: 'The model is a sharded GGUF',
  })
})

test('the error of OAuth2', () => {
  assert.deepEqual(registryProblem('{"error":"invalid_grant","error_description":"wrong password"}'), {
    code: 'INVALID_GRANT',
    words: 'wrong password',
  })
})

test('XML of object stores, titles of web pages, plain text', () => {
  assert.deepEqual(
    registryProblem(
      '<?xml version="1.0"?>\n<Error><Code>ExpiredRequest</Code><Message>Request has expired</Message></Error>',
    ),
    { code: 'EXPIREDREQUEST', words: 'Request has expired' },
  )
  assert.equal(registryProblem('<!doctype html><html><title lang=en>502 Bad\nGateway</title>').words, '502 Bad Gateway')
  assert.equal(registryProblem('<p>nothing').words, '')
  assert.deepEqual(registryProblem('404 page not found\n'), { code: null, words: '404 page not found' })
  assert.equal(registryProblem('').words, '')
  assert.equal(registryProblem('[1,2]').words, '[1,2]')
})

test('words are one line without control characters, and not long', () => {
  const text =
    '\n\nneeds a newer version\n\n\tof \u001b[31mollama\u202e\u0000, \ud800 see https://ollama.com/download\n'
  assert.equal(
    registryProblem(text).words,
    'needs a newer version of [31mollama , \ufffd see https://ollama.com/download',
  )
  const { words } = registryProblem(JSON.stringify({ error: 'é'.repeat(1000) }))
  assert.equal(words, `${'é'.repeat(299)}…`)
})

test('a code that is no word is none', () => {
  assert.equal(registryProblem('{"errors":[{"code":"a b","message":"m"}]}').code, null)
  assert.equal(registryProblem('{"errors":[{"code":7,"message":["m"]}]}').words, '')
})

test('property: any body gives at most 300 printable characters', () => {
  const body = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 700 }),
    fc.json(),
    fc.string().map((text) => `<${text}`),
  )
  fc.assert(
    fc.property(body, (text) => {
      const { words } = registryProblem(text)
      assert.ok(words.length <= 300)
      assert.doesNotMatch(words, /[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/)
    }),
    { numRuns: 1000 },
  )
})
