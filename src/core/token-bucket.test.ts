import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { readSizeFor, spend, startBucket, waitFor, withRate } from './token-bucket.ts'
import type { TokenBucket } from './token-bucket.ts'

const rates = fc.integer({ min: 10_000, max: 1_000_000_000 })

/** Reads for `ms` as a reader does that waits when it is told to; gives the bytes and the bucket at the end. */
function read(
  start: TokenBucket,
  from: number,
  ms: number,
  chunk: () => number,
): { bytes: number; bucket: TokenBucket } {
  let bucket = start
  let bytes = 0
  for (let now = from; ; now += waitFor(bucket, now)) {
    if (now >= from + ms) return { bytes, bucket }
    const size = chunk()
    bytes += size
    bucket = spend(bucket, size, now)
  }
}

test('property: over 5 seconds the bytes are within 3 % of the rate, whatever the sizes of the reads', () => {
  fc.assert(
    fc.property(
      rates,
      fc.array(fc.double({ min: 0.01, max: 1, noNaN: true }), { minLength: 1, maxLength: 20 }),
      (rate, shares) => {
        let turn = 0
        const largest = readSizeFor(rate)
        const { bytes } = read(startBucket(rate, 0), 0, 5000, () =>
          Math.ceil(largest * (shares[turn++ % shares.length] ?? 1)),
        )
        assert.ok(Math.abs(bytes / (rate * 5) - 1) <= 0.03, `${bytes} of ${rate * 5}`)
      },
    ),
    { numRuns: 60 },
  )
})

test('property: a steady reader gets no more than its share and one read in any 200 ms', () => {
  fc.assert(
    fc.property(rates, (rate) => {
      const reads: Array<readonly [number, number]> = []
      let bucket = startBucket(rate, 0)
      for (let now = 0; now < 1000; now += Math.max(waitFor(bucket, now), 1)) {
        reads.push([now, readSizeFor(rate)])
        bucket = spend(bucket, readSizeFor(rate), now)
      }
      for (const [from] of reads) {
        const inWindow = reads.filter(([at]) => at >= from && at < from + 200).reduce((sum, [, size]) => sum + size, 0)
        assert.ok(inWindow <= 0.2 * rate + readSizeFor(rate) + 1, `${inWindow} at ${rate}`)
      }
    }),
    { numRuns: 50 },
  )
})

test('after a pause no more than 150 ms of the rate has been saved up', () => {
  const rested = spend(startBucket(1000, 0), 0, 60_000)
  assert.ok(rested.tokens <= 150)
})

test('a debt is waited off, to the millisecond', () => {
  const bucket = spend(startBucket(1000, 0), 500, 0)
  assert.equal(waitFor(bucket, 0), 500)
  assert.equal(waitFor(bucket, 499), 1)
  assert.equal(waitFor(bucket, 500), 0)
})

test('a debt stays when the rate changes and is paid at the new rate', () => {
  const bucket = spend(startBucket(1000, 0), 1000, 0)
  assert.equal(waitFor(withRate(bucket, 10_000, 500), 500), 50)
  assert.equal(waitFor(withRate(bucket, 100, 500), 500), 5000)
})

test('a clock that goes back gives no bytes', () => {
  const bucket = spend(startBucket(1000, 1000), 500, 1000)
  assert.ok(waitFor(bucket, 0) >= 500)
  assert.equal(spend(bucket, 0, 0).tokens, bucket.tokens)
})

test('property: reads are small enough to be smooth and large enough to be cheap', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }), (rate) => {
      const size = readSizeFor(rate)
      assert.ok(Number.isInteger(size) && size >= 1024 && size <= 512 * 1024)
    }),
  )
})
