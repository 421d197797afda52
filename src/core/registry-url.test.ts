import assert from 'node:assert/strict'
import { test } from 'node:test'
import { SluiceError } from './errors.ts'
import { parseRegistry } from './registry-url.ts'

test('a base URL gives scheme and host, as addresses have them', () => {
  for (const [text, scheme, host] of [
    ['http://reg.example:5000', 'http', 'reg.example:5000'],
    ['https://reg.example/', 'https', 'reg.example'],
    ['HTTPS://REG.example:443/v2', 'https', 'reg.example'],
    ['http://127.1:5000/v2/', 'http', '127.0.0.1:5000'],
    ['http://[0:0::1]:5000', 'http', '[::1]:5000'],
  ] as const)
    assert.deepEqual(parseRegistry(text), { scheme, host })
})

test('all else is wrong usage, said without a password', () => {
  for (const [text, words] of [
    ['', /is empty/],
    ['reg.example', /no scheme/],
    ['127.0.0.1:5000', /no scheme/],
    ['ftp://reg.example', /cannot fetch "ftp:"/],
    ['http://', /no valid host/],
    ['http://user:geheim@reg.example', /no user and no password/],
    ['user:geheim@reg.example', /no user and no password/],
    ['http://reg.example/models', /ends after the host/],
    ['http://reg.example/v2/models', /ends after the host/],
    ['http://reg.example//', /ends after the host/],
    ['http://reg.example?token=geheim', /no "\?" and no "#"/],
    ['http://reg.example#a', /no "\?" and no "#"/],
    ['http://reg.example/ x', /blank/],
    ['http://../', /begins with "\."/],
    ['http://a..b/', /none that an address can have/],
    ['http://a!b/', /contains "!"/],
  ] as const) {
    assert.throws(
      () => parseRegistry(text),
      (error) =>
        error instanceof SluiceError &&
        error.code === 'usage' &&
        words.test(error.message) &&
        !error.message.includes('geheim'),
      text,
    )
  }
})
