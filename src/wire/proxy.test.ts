import assert from 'node:assert/strict'
import { test } from 'node:test'
import { SluiceError } from '../core/errors.ts'
import { chooseProxy, isExcepted, parseProxyUrl } from './proxy.ts'

type Env = Record<string, string>

const choose = (url: string, env: Env, flag?: string): string | undefined => chooseProxy(new URL(url), flag, env)?.host
const excepted = (url: string, noProxy: string): boolean => isExcepted(new URL(url), noProxy)

test('the scheme of the address decides which variable counts, all_proxy is for both', () => {
  const env = { http_proxy: 'http://h:1', https_proxy: 'http://s:2' }
  assert.equal(choose('http://a.test/', env), 'h:1')
  assert.equal(choose('https://a.test/', env), 's:2')
  assert.equal(choose('https://a.test/', { http_proxy: 'http://h:1' }), undefined)
  assert.equal(choose('https://a.test/', { http_proxy: 'http://h:1', ALL_PROXY: 'socks5://x:3' }), 'x:3')
  assert.equal(choose('http://a.test/', {}), undefined)
})

test('lower case goes before upper case, empty ones are not set', () => {
  assert.equal(choose('http://a.test/', { HTTP_PROXY: 'u:1', http_proxy: 'l:1' }), 'l:1')
  assert.equal(choose('http://a.test/', { HTTP_PROXY: 'u:1', http_proxy: '' }), 'u:1')
  assert.equal(choose('https://a.test/', { HTTPS_PROXY: 'u:1' }), 'u:1')
  assert.equal(choose('http://a.test/', { all_proxy: 'l:1', ALL_PROXY: 'u:1' }), 'l:1')
})

test('in a CGI program HTTP_PROXY could come from a client and is ignored', () => {
  assert.equal(choose('http://a.test/', { HTTP_PROXY: 'evil:1', REQUEST_METHOD: 'GET' }), undefined)
  assert.equal(choose('http://a.test/', { http_proxy: 'good:1', REQUEST_METHOD: 'GET' }), 'good:1')
})

test('the flag wins over variables and exceptions, empty it switches proxies off', () => {
  const env = { http_proxy: 'http://h:1', no_proxy: '*' }
  assert.equal(choose('http://127.0.0.1/', env, 'socks5h://f:9'), 'f:9')
  assert.equal(choose('http://a.test/', { http_proxy: 'http://h:1' }, ''), undefined)
})

test('loopback goes through the proxy unless it is excepted', () => {
  assert.equal(choose('http://127.0.0.1/', { http_proxy: 'h:1' }), 'h:1')
  assert.equal(choose('http://localhost/', { http_proxy: 'h:1', NO_PROXY: 'localhost' }), undefined)
})

test('exceptions by name hold for everything below it, with or without a dot', () => {
  for (const entry of ['a.test', '.a.test', '*.a.test', 'A.TEST', 'x, a.test ,y', 'x a.test', 'a.test.']) {
    assert.ok(excepted('http://a.test/', entry), entry)
    assert.ok(excepted('http://x.a.test/', entry), entry)
    assert.ok(!excepted('http://evila.test/', entry), entry)
    assert.ok(!excepted('http://a.test.evil/', entry), entry)
  }
  assert.ok(excepted('http://a.test./', 'a.test'))
  for (const entry of ['', ' , ', '.', '*.', ',,']) assert.ok(!excepted('http://a.test/', entry), entry)
  assert.ok(excepted('http://anything.test/', 'x,*'))
})

test('exceptions by address and range', () => {
  assert.ok(excepted('http://127.0.0.1/', '127.0.0.1'))
  assert.ok(excepted('http://10.1.2.3/', '10.0.0.0/8'))
  assert.ok(!excepted('http://11.1.2.3/', '10.0.0.0/8'))
  assert.ok(excepted('http://[::1]/', '::1'))
  assert.ok(excepted('http://[fd00::5]/', 'fd00::/8'))
  assert.ok(!excepted('http://10.1.2.3/', '10.0.0.0/33'))
  assert.ok(!excepted('http://10.1.2.3/', '10.0.0.0/x'))
  assert.ok(!excepted('http://10.1.2.3/', '2.3'))
  assert.ok(!excepted('http://name.test/', '0.0.0.0/0'))
})

test('an exception may hold for one port only', () => {
  assert.ok(excepted('http://a.test:8080/', 'a.test:8080'))
  assert.ok(!excepted('http://a.test/', 'a.test:8080'))
  assert.ok(excepted('https://a.test/', 'a.test:443'))
  assert.ok(excepted('http://127.0.0.1:81/', '127.0.0.1:81'))
  assert.ok(!excepted('http://127.0.0.1:82/', '127.0.0.1:81'))
  assert.ok(excepted('http://[::1]:81/', '[::1]:81'))
  assert.ok(!excepted('http://[::1]:82/', '[::1]:81'))
})

test('addresses of proxies: http by default, four schemes, a host', () => {
  assert.equal(parseProxyUrl('proxy:3128', 'x').href, 'http://proxy:3128/')
  assert.equal(parseProxyUrl('user:p%40ss@proxy:3128', 'x').password, 'p%40ss')
  assert.equal(parseProxyUrl('socks5h://proxy', 'x').protocol, 'socks5h:')
  assert.equal(parseProxyUrl('SOCKS://proxy:1', 'x').protocol, 'socks5:')
  for (const bad of [
    'socks4://proxy',
    'ftp://u:geheim@proxy',
    'http://',
    'socks5://',
    'geheim:99999',
    'a b',
    'http://u:geheim@',
    'proxy:0',
  ]) {
    assert.throws(
      () => parseProxyUrl(bad, 'http_proxy'),
      (error) =>
        error instanceof SluiceError &&
        error.code === 'usage' &&
        error.message.includes('http_proxy') &&
        !error.message.includes('geheim'),
      bad,
    )
  }
})
