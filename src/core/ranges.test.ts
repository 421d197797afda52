import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { addRange, gaps, prefixLength, rangeSetFrom, removeRange, totalBytes } from './ranges.ts'
import type { RangeSet } from './ranges.ts'

/** The model: one flag for each byte of a small file. */
const width = 40

const span = fc.tuple(fc.nat(width), fc.nat(width)).map(([a, b]) => [Math.min(a, b), Math.max(a, b)] as const)
const steps = fc.array(fc.record({ add: fc.boolean(), span }), { maxLength: 30 })

function run(history: ReadonlyArray<{ add: boolean; span: readonly [number, number] }>): {
  set: RangeSet
  bits: boolean[]
} {
  const bits = Array.from({ length: width }, () => false)
  let set: RangeSet = []
  for (const {
    add,
    span: [start, end],
  } of history) {
    bits.fill(add, start, end)
    set = add ? addRange(set, start, end) : removeRange(set, start, end)
  }
  return { set, bits }
}

function bitsOf(set: RangeSet): boolean[] {
  const bits = Array.from({ length: width }, () => false)
  for (const [start, end] of set) bits.fill(true, start, end)
  return bits
}

function assertTidy(set: RangeSet): void {
  let last = -1
  for (const [start, end] of set) {
    assert.ok(start > last && end > start, `not sorted, disjoint, apart and without empty ones: ${JSON.stringify(set)}`)
    last = end
  }
}

test('property: adding and removing in any order is set algebra over bytes, and the set stays tidy', () => {
  fc.assert(
    fc.property(steps, (history) => {
      const { set, bits } = run(history)
      assertTidy(set)
      assert.deepEqual(bitsOf(set), bits)
      assert.equal(totalBytes(set), bits.filter(Boolean).length)
      const firstHole = bits.indexOf(false)
      assert.equal(prefixLength(set), firstHole < 0 ? width : firstHole)
    }),
  )
})

test('property: gaps are exactly the bytes below the size that are not in the set', () => {
  fc.assert(
    fc.property(steps, fc.nat(width), (history, size) => {
      const { set, bits } = run(history)
      const missing = gaps(set, size)
      assertTidy(missing)
      assert.deepEqual(
        bitsOf(missing),
        bits.map((has, byte) => !has && byte < size),
      )
    }),
  )
})

test('property: a set is never changed in place', () => {
  fc.assert(
    fc.property(steps, span, (history, [start, end]) => {
      const { set } = run(history)
      const before = JSON.stringify(set)
      addRange(set, start, end)
      removeRange(set, start, end)
      gaps(set, width)
      assert.equal(JSON.stringify(set), before)
    }),
  )
})

test('ranges that touch become one; an empty range changes nothing', () => {
  assert.deepEqual(addRange([[0, 5]], 5, 9), [[0, 9]])
  assert.deepEqual(addRange([[5, 9]], 0, 5), [[0, 9]])
  assert.deepEqual(
    addRange(
      [
        [0, 2],
        [4, 6],
      ],
      2,
      4,
    ),
    [[0, 6]],
  )
  assert.deepEqual(addRange([[0, 2]], 7, 7), [[0, 2]])
  assert.deepEqual(addRange([[0, 2]], 9, 7), [[0, 2]])
  assert.deepEqual(removeRange([[0, 9]], 3, 3), [[0, 9]])
})

test('positions up to 2^53 are exact', () => {
  const top = Number.MAX_SAFE_INTEGER
  assert.deepEqual(gaps([[0, top - 1]], top), [[top - 1, top]])
  assert.deepEqual(rangeSetFrom([[top - 1, top]], top), [[top - 1, top]])
})

test('property: what a set was written as is read back as the same set', () => {
  fc.assert(
    fc.property(steps, (history) => {
      const { set } = run(history)
      assert.deepEqual(rangeSetFrom(JSON.parse(JSON.stringify(set)), width), set)
    }),
  )
})

test('unsorted, overlapping, touching or empty ranges are not ours', () => {
  for (const ranges of [
    [
      [8, 9],
      [0, 4],
    ],
    [
      [0, 4],
      [2, 6],
    ],
    [
      [0, 4],
      [4, 6],
    ],
    [[3, 3]],
  ])
    assert.equal(rangeSetFrom(ranges, 10), null)
  assert.deepEqual(
    rangeSetFrom(
      [
        [0, 4],
        [6, 10],
      ],
      10,
    ),
    [
      [0, 4],
      [6, 10],
    ],
  )
})

test('what are no ranges within the size is refused', () => {
  const hostile: unknown[] = [
    null,
    undefined,
    7,
    'x',
    {},
    { 0: [0, 1], length: 1 },
    [1],
    [null],
    ['0-1'],
    [[]],
    [[0]],
    [[0, 1, 2]],
    [{ 0: 0, 1: 1, length: 2 }],
    [['0', '1']],
    [[0, '1']],
    [[0, null]],
    [[0.5, 1]],
    [[0, 1.5]],
    [[NaN, 1]],
    [[0, NaN]],
    [[0, Infinity]],
    [[-Infinity, 1]],
    [[-1, 1]],
    [[0, 11]],
    [[5, 4]],
    [[0, 2 ** 53]],
    [[0n, 1n]],
    [
      [0, 1],
      [0, 11],
    ],
  ]
  for (const value of hostile) assert.equal(rangeSetFrom(value, 10), null, String(value))
})

test('property: nothing that JSON can hold makes a set beyond the size', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.nat(100), (value, size) => {
      const set = rangeSetFrom(value, size)
      if (set) for (const [start, end] of set) assert.ok(start >= 0 && end <= size && start < end)
    }),
  )
})
