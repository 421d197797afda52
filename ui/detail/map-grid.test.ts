import assert from 'node:assert/strict'
import { test } from 'node:test'
import { cellPlace, mapGrid } from './map-grid.ts'

test('cells fill the width exactly, without a gap behind the last', () => {
  for (const width of [200, 320, 388, 401.5, 700]) {
    const { columns, pitch, cell } = mapGrid(width)
    assert.ok(Math.abs((columns - 1) * pitch + cell - width) < 1e-9)
    assert.ok(cell > 10 && cell < 20)
  }
})

test('there is one column at least', () => {
  assert.equal(mapGrid(0).columns, 1)
})

test('the file begins at the left, and at the right where text does', () => {
  const grid = mapGrid(300)
  assert.deepEqual(cellPlace(grid, 0, false), { x: 0, y: 0 })
  assert.deepEqual(cellPlace(grid, 0, true), { x: (grid.columns - 1) * grid.pitch, y: 0 })
  assert.deepEqual(cellPlace(grid, grid.columns, false), { x: 0, y: grid.pitch })
})
