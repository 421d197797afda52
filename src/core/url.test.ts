import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { SluiceError } from './errors.ts'
import { parseHttpUrl, redactUrl } from './url.ts'

function bad(text: string, words: RegExp): void {
  assert.throws(
    () => parseHttpUrl(text),
    (error) => error instanceof SluiceError && error.code === 'bad-url' && words.test(error.message),
    text,
  )
}

test('http and https addresses are read', () => {
  assert.equal(parseHttpUrl('https://example.com/a%20b?c=d').url.href, 'https://example.com/a%20b?c=d')
  assert.equal(parseHttpUrl('HTTP://EXAMPLE.com:80').url.href, 'http://example.com/')
  assert.equal(parseHttpUrl('http://[::1]:8080/x').url.host, '[::1]:8080')
  assert.equal(parseHttpUrl('https://münchen.example/ü').url.href, 'https://xn--mnchen-3ya.example/%C3%BC')
})

test('user information and fragment are split off', () => {
  const { url, username, password } = parseHttpUrl('https://al%40x:p%3Ass%25@example.com/f#part')
  assert.deepEqual([url.href, username, password], ['https://example.com/f', 'al@x', 'p:ss%'])
  assert.deepEqual(parseHttpUrl('https://tok@example.com/').password, undefined)
  assert.equal(parseHttpUrl('https://100%25@example.com/').username, '100%')
  assert.equal(parseHttpUrl('https://100%@example.com/').username, '100%')
})

test('other schemes are named', () => {
  bad('ftp://example.com/x', /"ftp:"/)
  bad('file:///etc/passwd', /"file:"/)
  bad('javascript:alert(1)', /"javascript:"/)
  bad('magnet:?xt=urn:btih:1', /"magnet:"/)
})

test('an address without a scheme says so', () => {
  bad('', /no scheme/)
  bad('example.com/x', /no scheme/)
  bad('localhost:8080/x', /no scheme/)
  bad('//example.com/x', /no scheme/)
})

test('a host is needed', () => {
  for (const text of [
    'http://',
    'http:///x',
    'http:x',
    'https:/example.com',
    'http://?x',
    'http://#x',
    'http://user@/',
    'http://h:0/',
    'http://h:99999/',
    'http://a%00b/',
  ]) {
    bad(text, /no valid host/)
  }
})

test('blanks, controls and backslashes are refused, and so is excess length', () => {
  for (const char of [' ', '\t', '\n', '\r', '\0', '\x7f', '\x9b', '\\', '\u00a0', '\u2028'])
    bad(`http://example.com/a${char}b`, /blank, a backslash or a control/)
  bad(`http://example.com/${'x'.repeat(8192)}`, /8211 characters/)
  assert.equal(parseHttpUrl(`http://example.com/${'x'.repeat(8173)}`).url.pathname.length, 8174)
})

test('printing hides user information, fragment and secret query values, and nothing else', () => {
  assert.equal(
    redactUrl('https://u:p@example.com/f?a=1&token=abc&X-Amz-Signature=12&b=%20#frag'),
    'https://example.com/f?a=1&token=…&X-Amz-Signature=…&b=%20',
  )
  assert.equal(
    redactUrl(
      new URL(
        'https://h/?sig=1&SIG=2&access_token=3&api-key=4&X-Amz-Security-Token=5&Key-Pair-Id=6&X-Goog-Credential=7',
      ),
    ),
    'https://h/?sig=…&SIG=…&access_token=…&api-key=…&X-Amz-Security-Token=…&Key-Pair-Id=…&X-Goog-Credential=…',
  )
  assert.equal(redactUrl('https://h/f?design=1&name=x&flag&token='), 'https://h/f?design=1&name=x&flag&token=')
  assert.equal(redactUrl('http://u:p@:/x?token=1'), 'http://:/x')
})

test('property: an address that is accepted carries no user information on', () => {
  fc.assert(
    fc.property(
      fc.webUrl({ withFragments: true, withQueryParameters: true }),
      fc.string({ minLength: 1 }),
      (address, secret) => {
        const withUser = address.replace('://', `://${encodeURIComponent(secret.toWellFormed())}:geheim@`)
        const { url, username, password } = parseHttpUrl(withUser)
        assert.deepEqual([url.username, url.password, url.hash], ['', '', ''])
        assert.deepEqual([username, password], [secret.toWellFormed(), 'geheim'])
        assert.ok(!redactUrl(withUser).includes('geheim'))
      },
    ),
  )
})
