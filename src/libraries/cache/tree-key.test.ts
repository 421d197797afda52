import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { treeKey } from '../../../test/support/cache-lab.ts'
import { isLeafOf, leafForm, leafName, newerTagFirst } from './tree-key.ts'

test('builds go by number before versions, versions before all else', () => {
  const tags = ['nightly', 'v0.10.0', 'b9', 'v0.9.1', 'b11541', 'b600', '0.9.2']
  assert.deepEqual(tags.sort(newerTagFirst), ['b11541', 'b600', 'b9', 'v0.10.0', '0.9.2', 'v0.9.1', 'nightly'])
})

test('the order of tags is one: equal for equal, opposite when turned, and it goes on', () => {
  const tag = fc.oneof(
    fc.nat(20).map((n) => `b${n}`),
    fc.tuple(fc.nat(3), fc.nat(3)).map(([a, b]) => `v${a}.${b}`),
    fc.constantFrom('x', 'master-12ab', 'b', 'v'),
  )
  fc.assert(
    fc.property(tag, tag, tag, (a, b, c) => {
      assert.equal(Math.sign(newerTagFirst(a, b)), -Math.sign(newerTagFirst(b, a)) + 0)
      if (newerTagFirst(a, b) <= 0 && newerTagFirst(b, c) <= 0) assert.ok(newerTagFirst(a, c) <= 0)
    }),
  )
})

test('a folder belongs to its own variant alone', () => {
  const sha256 = '0123456789ab'.padEnd(64, '0')
  const name = leafName(treeKey('b1', { variant: 'cuda-13.4' }), sha256)
  assert.equal(name, 'linux-amd64-cuda-13.4-0123456789ab')
  assert.ok(leafForm.test(name))
  assert.equal(isLeafOf(treeKey('b1', { variant: 'cuda-13.4' }), name), true)
  assert.equal(isLeafOf(treeKey('b1', { variant: 'cuda' }), name), false)
  for (const other of ['linux-amd64-cpu', 'linux-riscv-cpu-0123456789ab', 'x', 'linux-amd64--0123456789ab'])
    assert.equal(leafForm.test(other), false, other)
})
