import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ipv6Groups } from './ipv6.ts'

test('every spelling of an address has eight groups', () => {
  assert.deepEqual(ipv6Groups('::'), [0, 0, 0, 0, 0, 0, 0, 0])
  assert.deepEqual(ipv6Groups('::1'), [0, 0, 0, 0, 0, 0, 0, 1])
  assert.deepEqual(ipv6Groups('2001:DB8::'), [0x2001, 0xdb8, 0, 0, 0, 0, 0, 0])
  assert.deepEqual(ipv6Groups('1:2:3:4:5:6:7:8'), [1, 2, 3, 4, 5, 6, 7, 8])
  assert.deepEqual(ipv6Groups('64:ff9b::10.0.200.1'), [0x64, 0xff9b, 0, 0, 0, 0, 0x0a00, 0xc801])
})
