import assert from 'node:assert/strict'
import { Buffer } from 'node:buffer'
import { test } from 'node:test'
import type { ErrorCode } from '../core/errors.ts'
import { SluiceError } from '../core/errors.ts'
import { isRedirect, nextHop, sameOrigin } from './redirects.ts'

const closed = { allowDowngrade: false }
type Fields = ReadonlyArray<readonly [string, string]>

const to = (location: string, ...more: Fields): { status: number; fields: Fields } => ({
  status: 302,
  fields: [['location', location], ...more],
})
const hop = (from: string, location: string): string => nextHop(new URL(from), to(location), [], closed).href

function refused(code: ErrorCode, words: RegExp, run: () => unknown): void {
  assert.throws(run, (error) => error instanceof SluiceError && error.code === code && words.test(error.message))
}

const same = (a: string, b: string): boolean => sameOrigin(new URL(a), new URL(b))

test('301 302 303 307 308 lead elsewhere, other answers do not', () => {
  assert.deepEqual([301, 302, 303, 307, 308].map(isRedirect), [true, true, true, true, true])
  assert.deepEqual([200, 206, 300, 304, 305, 306, 401].map(isRedirect), [
    false,
    false,
    false,
    false,
    false,
    false,
    false,
  ])
})

test('targets may be absolute or relative in every form', () => {
  assert.equal(hop('https://a.test/x/y?q', 'https://b.test/z'), 'https://b.test/z')
  assert.equal(hop('https://a.test/x/y?q', '/z'), 'https://a.test/z')
  assert.equal(hop('https://a.test/x/y?q', 'z'), 'https://a.test/x/z')
  assert.equal(hop('https://a.test/x/y?q', '../z'), 'https://a.test/z')
  assert.equal(hop('https://a.test/x/y?q', '?r'), 'https://a.test/x/y?r')
  assert.equal(hop('https://a.test/x/y?q', '//b.test/z'), 'https://b.test/z')
  assert.equal(hop('http://a.test/x', ' https://a.test/with blank '), 'https://a.test/with%20blank')
})

test('raw bytes in a target are kept, be they UTF-8 or not', () => {
  assert.equal(hop('http://a.test/', Buffer.from('/ü/日').toString('latin1')), 'http://a.test/%c3%bc/%e6%97%a5')
  assert.equal(hop('http://a.test/', '/\xfc'), 'http://a.test/%fc')
  assert.equal(
    hop('http://a.test/', Buffer.from('http://münchen.test/').toString('latin1')),
    'http://xn--mnchen-3ya.test/',
  )
})

test('user information and fragment of a target are dropped', () => {
  assert.equal(hop('http://a.test/', 'http://user:secret@b.test/x#y'), 'http://b.test/x')
})

test('a target that is missing, ambiguous or no address is a bad answer', () => {
  const a = new URL('http://a.test/')
  refused('bad-response', /without saying where/, () => nextHop(a, { status: 302, fields: [] }, [], closed))
  refused('bad-response', /without saying where/, () => nextHop(a, to(' '), [], closed))
  refused('bad-response', /several different/, () => nextHop(a, to('/x', ['location', '/y']), [], closed))
  for (const location of ['http://', 'http://[1/', 'http://h:99999/', 'http://h:0/', `/${'x'.repeat(9000)}`]) {
    refused('bad-response', /no valid address/, () => nextHop(a, to(location), [], closed))
  }
  refused('bad-response', /control characters/, () => nextHop(a, to('/a\tb'), [], closed))
  assert.equal(nextHop(a, to('/x', ['location', '/x']), [], closed).pathname, '/x')
})

test('https never leads to http unless that is allowed; the way up is free', () => {
  refused('redirect-refused', /unprotected http:\/\/a\.test\/x\?token=…/, () =>
    hop('https://a.test/', 'http://a.test/x?token=geheim'),
  )
  assert.equal(
    nextHop(new URL('https://a.test/'), to('http://a.test/x'), [], { allowDowngrade: true }).href,
    'http://a.test/x',
  )
  assert.equal(hop('http://a.test/', 'https://a.test/'), 'https://a.test/')
})

test('other schemes are refused by name', () => {
  for (const location of ['file:///etc/passwd', 'ftp://a.test/x', 'javascript:alert(1)', 'data:text/plain,x']) {
    refused('redirect-refused', new RegExp(`"${location.split(':')[0]}:"`), () => hop('http://a.test/', location))
  }
})

test('ten redirects are followed, the eleventh is not', () => {
  const chain = Array.from({ length: 12 }, (_, i) => new URL(`http://a.test/${i}`))
  const step = (i: number): URL => nextHop(chain[i] ?? new URL('http://x'), to(`/${i + 1}`), chain.slice(0, i), closed)
  for (let i = 0; i < 10; i++) assert.equal(step(i).pathname, `/${i + 1}`)
  refused('too-many-redirects', /more than 10 times/, () => step(10))
})

test('a circle is named at once, unless a cookie may open it', () => {
  const [a, b] = [new URL('http://a.test/'), new URL('http://b.test/?sig=geheim')]
  refused('too-many-redirects', /circle: http:\/\/a\.test\/ -> http:\/\/b\.test\/\?sig=… -> http:\/\/a\.test\//, () =>
    nextHop(b, to('http://a.test/#x'), [a], closed),
  )
  refused('too-many-redirects', /circle: http:\/\/a\.test\/ -> http:\/\/a\.test\//, () =>
    nextHop(a, to('/'), [], closed),
  )
  assert.equal(nextHop(a, to('/', ['set-cookie', 'seen=1']), [], closed).href, a.href)
  refused('too-many-redirects', /more than 10/, () =>
    nextHop(a, to('/', ['set-cookie', 'n=1']), Array<URL>(10).fill(a), closed),
  )
})

test('an origin is scheme, host and port', () => {
  assert.ok(same('https://a.test/x', 'https://A.test:443/y'))
  for (const other of [
    'http://a.test/',
    'https://a.test:8443/',
    'https://b.a.test/',
    'https://a.test.evil/',
    'https://a.test./',
  ])
    assert.ok(!same('https://a.test/', other), other)
})
