import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { LibraryModel } from '../../src/server/api-types.ts'
import { arranged, nextOrder, parameterCount } from './model-order.ts'
import type { Column } from './model-order.ts'

const model = (name: string, more: Partial<LibraryModel> = {}): LibraryModel => ({
  name,
  fullName: `registry.ollama.ai/library/${name}`,
  id: '0'.repeat(64),
  size: 1,
  modifiedAt: '2026-01-01T00:00:00Z',
  manifestPath: `/store/${name}`,
  family: 'llama',
  parameters: null,
  quantization: null,
  missing: [],
  ...more,
})

const models = [
  model('b:13b', { size: 3, parameters: '13B', quantization: 'Q4_K_M', modifiedAt: '2026-03-01T00:00:00Z' }),
  model('b:7b', { size: 2, parameters: '7B', quantization: 'Q8_0', missing: ['sha256:1'] }),
  model('a:mini', { size: 5, parameters: '137M', family: 'bert', modifiedAt: '2026-02-01T00:00:00Z' }),
]
const names = (search: string, column: Column, descending = false) =>
  arranged(models, search, { column, descending }, ({ missing }) => missing.length).map(({ name }) => name)

describe('the list of models', () => {
  it('is sorted by each column, both ways, numbers as numbers', () => {
    assert.deepEqual(names('', 'name'), ['a:mini', 'b:7b', 'b:13b'])
    assert.deepEqual(names('', 'size', true), ['a:mini', 'b:13b', 'b:7b'])
    assert.deepEqual(names('', 'parameters'), ['a:mini', 'b:7b', 'b:13b'])
    assert.deepEqual(names('', 'quantization'), ['a:mini', 'b:13b', 'b:7b'])
    assert.deepEqual(names('', 'modified', true), ['b:13b', 'a:mini', 'b:7b'])
    assert.equal(names('', 'state')[0], 'b:7b')
  })

  it('is narrowed to those that have every word somewhere', () => {
    assert.deepEqual(names('B q4', 'name'), ['b:13b'])
    assert.deepEqual(names('bert', 'name'), ['a:mini'])
    assert.deepEqual(names('bert q4', 'name'), [])
    assert.equal(names('  ', 'name').length, 3)
  })

  it('turns round at the second click on a column', () => {
    assert.deepEqual(nextOrder({ column: 'name', descending: false }, 'name'), { column: 'name', descending: true })
    assert.deepEqual(nextOrder({ column: 'name', descending: false }, 'size'), { column: 'size', descending: true })
  })
})

describe('a number of parameters', () => {
  it('is read with its unit', () => {
    assert.deepEqual(['1.2B', '137M', '7', null, 'many'].map(parameterCount), [1.2e9, 137e6, 7, -1, -1])
  })
})
