import assert from 'node:assert/strict'
import { test } from 'node:test'
import { SluiceError } from './errors.ts'
import type { ManifestIndex } from './manifest.ts'
import { choosePlatform, hostPlatform, parsePlatform, showPlatform } from './platform.ts'

const digestOf = (text: string): string => `sha256:${Buffer.from(text).toString('hex').padEnd(64, '0').slice(0, 64)}`

/** An index of these platforms, `-` for none; each entry's digest tells its place. */
function indexOf(...platforms: string[]): ManifestIndex {
  return {
    mediaType: 'application/vnd.oci.image.index.v1+json',
    manifests: platforms.map((text, place) => {
      const [os = '', architecture = '', variant] = text.replace('!', '').split('/')
      return {
        mediaType: 'application/vnd.oci.image.manifest.v1+json',
        digest: digestOf(String(place)),
        size: 1,
        annotations: text.startsWith('!') ? { 'vnd.docker.reference.type': 'attestation-manifest' } : {},
        platform: text === '-' ? null : { os, architecture, ...(variant === undefined ? {} : { variant }) },
      }
    }),
  }
}

function chosen(wanted: string, ...platforms: string[]): number {
  const index = indexOf(...platforms)
  const { digest } = choosePlatform(index, parsePlatform(wanted))
  return index.manifests.findIndex((entry) => entry.digest === digest)
}

test('platforms are read in the words of Go and of Node', () => {
  for (const [text, shown] of [
    ['linux/amd64', 'linux/amd64'],
    ['Linux/X64', 'linux/amd64'],
    ['linux/x86_64', 'linux/amd64'],
    ['linux/ia32', 'linux/386'],
    ['linux/arm', 'linux/arm'],
    ['linux/arm/v7', 'linux/arm/v7'],
    ['linux/armv7l', 'linux/arm/v7'],
    ['linux/armhf', 'linux/arm/v7'],
    ['linux/ARMv6', 'linux/arm/v6'],
    ['linux/armhf/v6', 'linux/arm/v6'],
    ['linux/aarch64/V8', 'linux/arm64/v8'],
    ['win32/x64', 'windows/amd64'],
    ['darwin/arm64', 'darwin/arm64'],
  ] as const)
    assert.equal(showPlatform(parsePlatform(text)), shown)
  assert.equal(showPlatform(hostPlatform('x64')), 'linux/amd64')
  assert.equal(showPlatform(hostPlatform('arm64')), 'linux/arm64')
  assert.equal(showPlatform(hostPlatform('ia32')), 'linux/386')
})

test('what is no platform is wrong usage', () => {
  for (const text of [
    '',
    'linux',
    'amd64',
    '/',
    'linux/',
    '/amd64',
    'linux/amd64/',
    'a/b/c/d',
    'linux amd64',
    'l\n/a',
  ]) {
    assert.throws(
      () => parsePlatform(text),
      (error) => error instanceof SluiceError && error.code === 'usage' && /^[\x20-\x7e]+$/.test(error.message),
      text,
    )
  }
})

test('operating system and architecture must be equal, the variant only if asked for', () => {
  assert.equal(chosen('linux/arm64', 'linux/amd64', 'linux/arm64'), 1)
  assert.equal(chosen('linux/amd64', 'windows/amd64', 'linux/amd64'), 1)
  assert.equal(chosen('linux/arm64', 'linux/arm64/v8'), 0)
  assert.equal(chosen('linux/arm', 'linux/arm/v6', 'linux/arm/v7'), 1)
  assert.equal(chosen('linux/arm', 'linux/arm/v6', 'linux/arm/v5'), 0)
  assert.equal(chosen('linux/amd64', 'linux/amd64/v3', 'linux/amd64/v1'), 1)
  assert.equal(chosen('linux/arm64', 'linux/arm64/v9', 'linux/arm64/V8'), 1)
  assert.equal(chosen('linux/arm', 'linux/arm/v6', 'linux/arm'), 1)
  assert.equal(chosen('linux/arm/v7', 'linux/arm/v6', 'linux/arm/v7'), 1)
  assert.equal(chosen('linux/x64', 'linux/x86_64'), 0)
})

test('a variant that is meant by none fits it', () => {
  assert.equal(chosen('linux/arm64/v8', 'linux/arm/v8', 'linux/arm64'), 1)
  assert.equal(chosen('linux/amd64/v1', 'linux/amd64/v2', 'linux/amd64'), 1)
})

test('attestations are no choice', () => {
  assert.equal(chosen('linux/amd64', '!linux/amd64', 'linux/amd64'), 1)
  assert.throws(() => chosen('unknown/unknown', 'unknown/unknown', 'linux/amd64'), { code: 'no-platform' })
})

test('the only manifest of an index may say nothing of its platform', () => {
  assert.equal(chosen('linux/amd64', '-'), 0)
  assert.equal(chosen('linux/amd64', 'unknown/unknown', '-'), 1)
  assert.throws(() => chosen('linux/amd64', '-', '-'), { code: 'no-platform', message: /names no platform/ })
})

test('without a fitting one the error lists every choice once', () => {
  assert.throws(() => chosen('linux/riscv64', 'linux/amd64', 'linux/arm64/v8', 'linux/amd64', '-', '!linux/x'), {
    code: 'no-platform',
    message: 'There is nothing for linux/riscv64; there is linux/amd64, linux/arm64/v8.',
  })
  assert.throws(() => chosen('linux/arm/v5', 'linux/arm/v7'), { message: /nothing for linux\/arm\/v5/ })
  assert.throws(() => chosen('a/b'), { code: 'no-platform' })
  const many = Array.from({ length: 70 }, (_, place) => `linux/m${place}`)
  assert.throws(() => chosen('linux/amd64', ...many), { message: /linux\/m49 and 20 more\.$/ })
})
