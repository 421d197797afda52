import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { mapFigures, segmentCells } from './segment-cells.ts'

const connection = (position: number) =>
  ({ host: 'h', start: 0, end: null, position, speed: 1, state: 'receiving' }) as const

test('a finished range fills its cells, a running one is here up to its position and coming behind it', () => {
  const cells = segmentCells(
    {
      total: 100,
      segments: [
        { start: 0, end: 25, done: 25, active: false },
        { start: 50, end: 100, done: 10, active: true },
      ],
      connections: [connection(60)],
    },
    4,
  )
  assert.deepEqual(cells, [
    { here: 1, coming: 0, writer: null },
    { here: 0, coming: 0, writer: null },
    { here: 0.4, coming: 0.6, writer: 1 },
    { here: 0, coming: 1, writer: null },
  ])
})

test('a range that ends within a cell fills a part of it', () => {
  const segments = [{ start: 10, end: 15, done: 5, active: false }]
  assert.deepEqual(
    segmentCells({ total: 40, segments, connections: [] }, 4).map(({ here }) => here),
    [0, 0.5, 0, 0],
  )
})

test('of two connections in one cell the first is named, and one at the very end is in the last cell', () => {
  const connections = [connection(1), connection(2), connection(100)]
  assert.deepEqual(
    segmentCells({ total: 100, segments: [], connections }, 2).map(({ writer }) => writer),
    [1, 3],
  )
})

test('without a size the map ends where the known bytes end', () => {
  const segments = [{ start: 0, end: null, done: 30, active: true }]
  assert.deepEqual(segmentCells({ total: null, segments, connections: [] }, 2), [
    { here: 1, coming: 0, writer: null },
    { here: 1, coming: 0, writer: null },
  ])
})

test('an empty file and a map without room have no cells', () => {
  assert.deepEqual(segmentCells({ total: 0, segments: [], connections: [] }, 5), [])
  assert.deepEqual(segmentCells({ total: 10, segments: [], connections: [] }, 0), [])
})

test('cells together hold as many bytes as are here, whatever the ranges', () => {
  const ranges = fc.array(fc.record({ gap: fc.nat(1e9), length: fc.integer({ min: 1, max: 1e9 }), part: fc.nat(100) }))
  fc.assert(
    fc.property(ranges, fc.integer({ min: 1, max: 400 }), (list, count) => {
      let at = 0
      const segments = list.map(({ gap, length, part }) => {
        const start = at + gap
        at = start + length
        return { start, end: at, done: Math.floor((length * part) / 100), active: part < 100 }
      })
      const total = at + 1
      const cells = segmentCells({ total, segments, connections: [] }, count)
      const here = cells.reduce((sum, cell) => sum + cell.here, 0) * (total / count)
      const expected = segments.reduce((sum, { done }) => sum + done, 0)
      assert.ok(Math.abs(here - expected) <= 1e-6 * total)
      assert.ok(cells.every((cell) => cell.here + cell.coming <= 1 + 1e-6))
    }),
  )
})

test('ranges that touch are one piece, ranges with a gap are several, empty ones none', () => {
  const segment = (start: number, done: number) => ({ start, end: start + 100, done, active: true })
  assert.deepEqual(mapFigures([segment(100, 50), segment(0, 100), segment(300, 0), segment(400, 10)]), {
    bytesHere: 160,
    pieces: 2,
  })
  assert.deepEqual(mapFigures([]), { bytesHere: 0, pieces: 0 })
})
