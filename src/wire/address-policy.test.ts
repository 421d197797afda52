import assert from 'node:assert/strict'
import { test } from 'node:test'
import { SluiceError } from '../core/errors.ts'
import { classifyAddress, makeAddressPolicy } from './address-policy.ts'

test('addresses of the public internet', () => {
  for (const address of [
    '1.1.1.1',
    '8.8.8.8',
    '172.15.0.1',
    '172.32.0.1',
    '100.63.0.1',
    '100.128.0.1',
    '223.255.255.255',
    '2606:4700::1111',
    '2a00:1450:4001:8::200e',
  ]) {
    assert.equal(classifyAddress(address), 'public', address)
  }
})

test('loopback, private, carrier, link-local, metadata, multicast and reserved addresses', () => {
  const inside = [
    '127.0.0.1',
    '127.255.0.1',
    '10.0.0.1',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.1.1',
    '100.64.0.1',
    '169.254.169.254',
    '0.0.0.0',
    '224.0.0.1',
    '255.255.255.255',
    '240.0.0.1',
    '192.0.2.1',
    '198.18.0.1',
    '::',
    '::1',
    'fe80::1',
    'fe80::1%eth0',
    'fc00::1',
    'fd00:ec2::254',
    'ff02::1',
    'fec0::1',
    '2001:db8::1',
    '100::1',
    '2001::1',
    '4000::1',
    '[::1]',
  ]
  for (const address of inside) assert.equal(classifyAddress(address), 'private', address)
})

test('an IPv4 address inside an IPv6 one decides', () => {
  for (const address of [
    '::ffff:127.0.0.1',
    '::ffff:7f00:1',
    '64:ff9b::10.0.0.1',
    '64:ff9b::a00:1',
    '2002:a9fe:a9fe::1',
    '::10.0.0.1',
    '::ffff:0:192.168.0.1',
    '0:0:0:0:0:ffff:a00:1',
  ]) {
    assert.equal(classifyAddress(address), 'private', address)
  }
  for (const address of ['::ffff:8.8.8.8', '64:ff9b::8.8.8.8', '2002:808:808::1', '::8.8.8.8'])
    assert.equal(classifyAddress(address), 'public', address)
})

test('what is no address passes as private only', () => {
  for (const text of [
    '',
    'localhost',
    '1.2.3',
    '999.1.1.1',
    '0x7f000001',
    '2130706433',
    '127.1',
    ':::',
    '64:ff9b:1::1',
  ])
    assert.equal(classifyAddress(text), 'private', text)
})

const classify = (address: string): 'public' | 'private' => (address.endsWith('.2') ? 'public' : 'private')
const url = new URL('http://inside.test/x')
const refusal = (error: unknown): boolean =>
  error instanceof SluiceError && error.code === 'private-address' && error.message.includes('inside.test')

test('the first address may be anything, and so may what follows a private one', () => {
  const check = makeAddressPolicy({ allowPrivate: false, classify })
  check('127.0.0.1', url)
  check('127.0.0.1', url)
  check('127.0.0.2', url)
})

test('after a public address a private one is refused, again and again', () => {
  const check = makeAddressPolicy({ allowPrivate: false, classify })
  check('127.0.0.2', new URL('http://outside.test/'))
  assert.throws(() => check('127.0.0.1', url), refusal)
  assert.throws(() => check('127.0.0.1', url), refusal)
  check('127.0.0.2', url)
})

test('it may be allowed', () => {
  const check = makeAddressPolicy({ allowPrivate: true, classify })
  check('127.0.0.2', url)
  check('127.0.0.1', url)
})

test('for public addresses only, the first private one is refused already, whatever else is allowed', () => {
  for (const allowPrivate of [true, false]) {
    const check = makeAddressPolicy({ allowPrivate, publicOnly: true, classify })
    check('127.0.0.2', url)
    assert.throws(() => check('127.0.0.1', url), refusal)
  }
  const fresh = makeAddressPolicy({ allowPrivate: true, publicOnly: true })
  assert.throws(() => fresh('10.0.0.1', url), /inside\.test is a private address \(10\.0\.0\.1\)/)
  assert.throws(() => fresh('', new URL('http://localhost/')), { code: 'private-address' })
  fresh('', new URL('http://somewhere.test/'))
  fresh('8.8.8.8', url)
})

test('behind a proxy the host of the URL is judged as far as it tells', () => {
  const check = makeAddressPolicy({ allowPrivate: false })
  check('', new URL('http://127.0.0.1/'))
  check('', new URL('http://8.8.8.8/'))
  check('', new URL('http://somewhere.test/'))
  for (const inside of [
    'http://127.0.0.1/',
    'http://[::1]/',
    'http://169.254.169.254/',
    'http://localhost/',
    'http://x.localhost/',
    'http://metadata.google.internal/',
  ]) {
    assert.throws(() => check('', new URL(inside)), SluiceError)
  }
})
