import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createReadBuffers } from './read-buffers.ts'

describe('read buffers', () => {
  it('are one for all sockets outside the ring', () => {
    const buffers = createReadBuffers(1000)
    const first = buffers.next(undefined, false)
    assert.equal(buffers.next(undefined, false).base, first.base)
    assert.deepEqual([first.base.length, first.keepable], [1000, false])
  })

  it("are never two sockets' or a socket's and the receiver's in the ring", () => {
    const buffers = createReadBuffers(1000)
    const one = buffers.next(undefined, true)
    const two = buffers.next(undefined, true)
    assert.notEqual(one.base, two.base)
    one.keeps = 1
    const three = buffers.next(one, true)
    assert.ok(three.base !== one.base && three.base !== two.base)
    buffers.release(one.base)
    buffers.uninstall(two)
    assert.ok(new Set([one.base, two.base]).has(buffers.next(undefined, true).base))
  })

  it('fall back to the shared one when four are kept, until one comes back', () => {
    const buffers = createReadBuffers(1000)
    let calls = 0
    assert.equal(
      buffers.claimRing(() => calls++),
      true,
    )
    assert.equal(
      buffers.claimRing(() => undefined),
      false,
    )
    let slot = buffers.next(undefined, true)
    const bases = new Set<Buffer>()
    for (let index = 0; index < 4; index++) {
      assert.equal(slot.keepable, true)
      assert.equal(buffers.ringHasRoom(), true)
      bases.add(slot.base)
      slot.keeps++
      slot = buffers.next(slot, true)
    }
    assert.equal(bases.size, 4)
    assert.deepEqual([slot.keepable, buffers.ringHasRoom()], [false, false])
    const [first] = bases
    assert.ok(first)
    buffers.release(first)
    assert.deepEqual([calls, buffers.ringHasRoom(), buffers.next(slot, true).base], [1, true, first])
    assert.throws(() => buffers.release(first), { code: 'internal' })
    buffers.disclaimRing()
    assert.equal(
      buffers.claimRing(() => undefined),
      true,
    )
  })

  it('show as many bytes as one read may bring', () => {
    const buffers = createReadBuffers(1000)
    const sizes = [10, 10, 0, 5000, Number.POSITIVE_INFINITY, 2.7].map((size) => {
      buffers.setReadSize(size)
      const { view, base } = buffers.next(undefined, false)
      assert.equal(view.buffer, base.buffer)
      return view.length
    })
    assert.deepEqual(sizes, [10, 10, 1, 1000, 1000, 2])
    buffers.setReadSize(10)
    const { view } = buffers.next(undefined, false)
    assert.equal(buffers.next(undefined, false).view, view)
  })

  it('let one socket ask for smaller reads than the others', () => {
    const buffers = createReadBuffers(4096)
    assert.equal(buffers.next(undefined, false, 100).view.length, 100)
    assert.equal(buffers.next(undefined, false).view.length, 4096)
    assert.equal(buffers.next(undefined, false, 10_000).view.length, 4096)
    assert.equal(buffers.next(undefined, true, 0).view.length, 1)
  })
})
