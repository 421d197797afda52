import assert from 'node:assert/strict'
import { test } from 'node:test'
import { randomBytes } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { createDecoder } from './decode.ts'

test(
  'many pieces at once ask for as many pauses as are ended, and none at the end is left',
  { timeout: 20_000 },
  async () => {
    const plain = randomBytes(2 * 1024 * 1024)
    const packed = gzipSync(plain)
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const out: Buffer[] = []
    let pauses = 0
    let asked = 0
    let at = 0
    const decoder = createDecoder('gzip', {
      bytes: (chunk) => out.push(chunk),
      ready() {
        pauses--
        if (pauses === 0) read()
      },
      ended: resolve,
      failed: reject,
    })
    /** As one read of a socket: 512 KiB in chunks of 4 KiB. */
    function read(): void {
      const end = Math.min(packed.length, at + 512 * 1024)
      for (; at < end; at += 4096) {
        if (decoder.push(packed.subarray(at, at + 4096))) continue
        pauses++
        asked++
      }
      if (at >= packed.length) decoder.finish()
    }
    read()
    assert.equal(pauses, 1)
    await promise
    assert.ok(Buffer.concat(out).equals(plain))
    assert.ok(asked > 1, 'one pause only: this shows nothing')
  },
)
