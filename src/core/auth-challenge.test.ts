import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { parseChallenges } from './auth-challenge.ts'

/** Challenges as plain data: [scheme, parameters or token68]. */
function read(...fields: string[]): unknown {
  return parseChallenges(fields).map(({ scheme, params, token68 }) => [scheme, token68 ?? Object.fromEntries(params)])
}

test('a bearer challenge is read whatever the order and case', () => {
  assert.deepEqual(
    read('Bearer realm="https://auth.docker.io/token",service="registry.docker.io",scope="repository:a/b:pull"'),
    [
      [
        'bearer',
        { realm: 'https://auth.docker.io/token', service: 'registry.docker.io', scope: 'repository:a/b:pull' },
      ],
    ],
  )
  assert.deepEqual(read('BEARER  Scope="repository:a:pull,push" ,\tREALM = "r"'), [
    ['bearer', { scope: 'repository:a:pull,push', realm: 'r' }],
  ])
})

test('one field may hold several challenges, and there may be several fields', () => {
  assert.deepEqual(read('Basic realm="a, b=\\"c\\"", Bearer realm="x",service=y, Negotiate, Digest qop="auth"'), [
    ['basic', { realm: 'a, b="c"' }],
    ['bearer', { realm: 'x', service: 'y' }],
    ['negotiate', {}],
    ['digest', { qop: 'auth' }],
  ])
  assert.deepEqual(read('Basic', 'Bearer realm="x"'), [
    ['basic', {}],
    ['bearer', { realm: 'x' }],
  ])
})

test('token68 is told from parameters', () => {
  assert.deepEqual(read('Negotiate YII+/a~._-==, Basic realm="r"'), [
    ['negotiate', 'YII+/a~._-=='],
    ['basic', { realm: 'r' }],
  ])
})

test('values without quotes are taken, addresses too', () => {
  assert.deepEqual(read('Bearer realm=https://a.test:5001/t?x=1,service=s'), [
    ['bearer', { realm: 'https://a.test:5001/t?x=1', service: 's' }],
  ])
})

test('escapes and missing ends of quoted strings', () => {
  assert.deepEqual(read('Bearer realm="a\\\\b\\"c", x="open\\"'), [['bearer', { realm: 'a\\b"c', x: 'open"' }]])
  assert.deepEqual(read('Bearer realm="never closed, Basic realm=x'), [
    ['bearer', { realm: 'never closed, Basic realm=x' }],
  ])
  assert.deepEqual(read('Bearer realm="x\\'), [['bearer', { realm: 'x' }]])
})

test('an empty realm stays empty, and the first of two counts', () => {
  assert.deepEqual(read('Bearer realm="",service="s"'), [['bearer', { realm: '', service: 's' }]])
  assert.deepEqual(read('Bearer realm="good",realm="evil"'), [['bearer', { realm: 'good' }]])
  assert.equal(parseChallenges(['Bearer __proto__="x"'])[0]?.params.get('__proto__'), 'x')
})

test('what makes no sense is passed over', () => {
  assert.deepEqual(read('', ',,, ,', '"quoted" ='), [])
  assert.deepEqual(read('realm="lost", Bearer realm="x" "stray" ;, @@, Basic realm="y"'), [
    ['bearer', { realm: 'x' }],
    ['basic', { realm: 'y' }],
  ])
})

const pieces = fc.constantFrom(...'Bearer|Basic|realm|=|"|\\|,| |\t|a|==|/|:|@|é|\u0000|\n'.split('|'))

test('property: any text is read without an end that never comes', () => {
  fc.assert(
    fc.property(fc.string({ unit: pieces, maxLength: 80 }), (text) => {
      for (const { scheme, params, token68 } of parseChallenges([text])) {
        assert.equal(scheme, scheme.toLowerCase())
        for (const value of [scheme, token68 ?? '', ...params.values()]) assert.ok(value.length <= text.length)
      }
    }),
    { numRuns: 3000 },
  )
})

test('property: what is written by the rules is read again', () => {
  const name = fc.stringMatching(/^[a-z][a-z0-9]{0,8}$/)
  const value = fc.string({ unit: fc.constantFrom(...'ab", =\\\t/:é'), maxLength: 12 })
  const challenge = fc.tuple(
    name,
    fc.uniqueArray(fc.tuple(name, value), { minLength: 1, maxLength: 4, selector: ([key]) => key }),
  )
  fc.assert(
    fc.property(fc.array(challenge, { minLength: 1, maxLength: 4 }), (wanted) => {
      const quoted = (text: string): string => `"${text.replace(/["\\]/g, '\\$&')}"`
      const field = wanted
        .map(([scheme, params]) => `${scheme} ${params.map(([key, text]) => `${key}=${quoted(text)}`).join(', ')}`)
        .join(', ')
      assert.deepEqual(
        parseChallenges([field]).map((one) => [one.scheme, [...one.params]]),
        wanted,
      )
    }),
  )
})

test('long hostile text takes no long time', () => {
  for (const part of ['a', 'a ', '"', '\\"', 'a=', ' =', '@', 'a\t\t', '==,', 'a="\\']) {
    const started = performance.now()
    parseChallenges([`Bearer ${part.repeat(300_000 / part.length)}@`])
    const took = performance.now() - started
    assert.ok(took < 10_000, `${part}: ${took} ms`)
  }
})
