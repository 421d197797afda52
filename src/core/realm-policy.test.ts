import assert from 'node:assert/strict'
import { test } from 'node:test'
import { SluiceError } from './errors.ts'
import { judgeRealm } from './realm-policy.ts'

const isPrivate = ({ hostname }: URL): boolean => /^(?:10|127|169\.254)\.|^\[|^localhost$/.test(hostname)

function credentials(registry: string, realm: string): boolean {
  return judgeRealm(new URL(registry), realm, isPrivate).mayHaveCredentials
}

function refused(registry: string, realm: string, words: RegExp): void {
  assert.throws(
    () => judgeRealm(new URL(registry), realm, isPrivate),
    (error) => error instanceof SluiceError && error.code === 'realm-refused' && words.test(error.message),
    realm,
  )
}

test('a realm of the same host may have the credentials, at any port', () => {
  assert.equal(credentials('https://ghcr.io', 'https://ghcr.io/token'), true)
  assert.equal(credentials('https://quay.io', 'https://quay.io./v2/auth'), true)
  assert.equal(credentials('https://mine.azurecr.io', 'https://mine.azurecr.io/oauth2/token'), true)
  assert.equal(credentials('https://europe-docker.pkg.dev', 'https://europe-docker.pkg.dev/v2/token'), true)
  assert.equal(credentials('http://127.0.0.1:5055', 'http://127.0.0.1:5056/token'), true)
  assert.equal(credentials('https://hub.lan:5000', 'https://hub.lan:5001/auth'), true)
  assert.equal(credentials('http://hub.lan:5000', 'https://hub.lan/auth'), true)
})

test('aliases may have them, and hosts of the same registrable domain', () => {
  for (const [registry, realm] of [
    ['hf.co', 'huggingface.co'],
    ['huggingface.co', 'hf.co'],
    ['registry.ollama.ai', 'ollama.com'],
    ['registry-1.docker.io', 'auth.docker.io'],
    ['registry.gitlab.com', 'gitlab.com'],
    ['registry.example.com', 'gitlab.example.com'],
    ['registry.example.co.uk', 'auth.example.co.uk'],
    ['example.org', 'auth.example.org'],
  ]) {
    assert.equal(credentials(`https://${registry}`, `https://${realm}/token`), true, `${registry} ${realm}`)
  }
})

test('anybody else gets anonymous requests only', () => {
  for (const [registry, realm] of [
    ['registry.example.com', 'evil.test'],
    ['registry.example.com', 'example.com.evil.test'],
    ['registry.example.com', 'notexample.com'],
    ['registry.example.com', 'hf.co'],
    ['mine.azurecr.io', 'yours.azurecr.io'],
    ['mine.azurecr.io', 'azurecr.io'],
    ['a.pkg.dev', 'b.pkg.dev'],
    ['ollama.com', 'registry.ollama.ai'],
    ['registry.co.uk', 'evil.co.uk'],
    ['registry.com.au', 'com.au'],
    ['me.github.io', 'you.github.io'],
    ['127.0.0.1:5000', 'localhost:5001'],
    ['1.2.3.4', '5.2.3.4'],
    ['[2001:db8::1]', '[2001:db8::2]'],
    ['hub', 'auth'],
  ]) {
    const [from, to] = [`http://${registry}`, `https://${realm}/token`]
    const { mayHaveCredentials } = judgeRealm(new URL(from), to, () => false)
    assert.equal(mayHaveCredentials, false, `${registry} ${realm}`)
  }
})

test('user information and fragment of a realm are never used', () => {
  const { url } = judgeRealm(new URL('https://a.test'), 'https://u:p@a.test/t?x=1#f', isPrivate)
  assert.equal(url.href, 'https://a.test/t?x=1')
})

test('a realm must be an address', () => {
  refused('https://a.test', '', /sent no token endpoint/)
  refused('https://a.test', '  ', /sent no token endpoint/)
  for (const realm of [
    '/token',
    'a.test',
    'ftp://a.test/',
    'file:///etc/passwd',
    'https://',
    'https://a.test:0/',
    'https://a.test\\@b.test/',
    'https://a .test',
    `https://a.test/${'x'.repeat(9000)}`,
  ]) {
    refused('https://a.test', realm, /no address/)
  }
  refused('https://a.test', 'java\u001b[31m', /java\?\[31m/)
})

test('a registry of https cannot send us to a realm of http, and one of the internet not to a private one', () => {
  refused('https://a.test', 'http://a.test/token', /without encryption/)
  for (const host of ['127.0.0.1', '10.1.2.3', '169.254.169.254', '[::1]', 'localhost', '2130706433', '0x7f.1']) {
    refused('https://a.test', `https://${host}/token`, /private address/)
    refused('http://a.test', `http://${host}/token`, /private address/)
  }
  assert.equal(credentials('http://10.0.0.1:5000', 'http://10.0.0.2/token'), false)
})
