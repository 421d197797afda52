import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { LlamaTree } from '../../src/server/api-types.ts'
import { arranged, beyond, nextOrder, treeKey, treeName } from './library-order.ts'
import type { Column } from './library-order.ts'

const tree = (tag: string, more: Partial<LlamaTree> = {}): LlamaTree => ({
  repository: 'ggml-org/llama.cpp',
  tag,
  platform: 'linux/amd64',
  variant: 'cpu',
  asset: `llama-${tag}-bin-ubuntu-x64.tar.gz`,
  sha256: '0'.repeat(64),
  verifiedBy: 'api',
  companions: [],
  folder: `/cache/${tag}`,
  libraryPath: `/cache/${tag}/libllama.so`,
  bytes: 1,
  installedAt: '2026-01-01T00:00:00Z',
  inUse: false,
  ...more,
})

// As the daemon tells them: the newest version first.
const trees = [
  tree('b11429', { bytes: 2, installedAt: '2026-03-01T00:00:00Z' }),
  tree('b11429', { platform: 'windows/amd64', variant: 'cuda-13.4', bytes: 5 }),
  tree('b9420', { bytes: 4, installedAt: '2026-02-01T00:00:00Z' }),
  tree('b6089', { bytes: 3 }),
]
const names = (search: string, column: Column, descending = false) =>
  arranged(trees, search, { column, descending }, ({ tag }) => Number(tag === 'b9420')).map(treeName)

describe('the list of libraries', () => {
  it('is sorted by each column, builds by their numbers', () => {
    assert.deepEqual(names('cpu', 'version'), [
      'b6089 linux/amd64 cpu',
      'b9420 linux/amd64 cpu',
      'b11429 linux/amd64 cpu',
    ])
    assert.equal(names('', 'version', true)[0], 'b11429 linux/amd64 cpu')
    assert.equal(names('', 'platform', true)[0], 'b11429 windows/amd64 cuda-13.4')
    assert.equal(names('', 'size', true)[0], 'b11429 windows/amd64 cuda-13.4')
    assert.equal(names('', 'installed', true)[0], 'b11429 linux/amd64 cpu')
    assert.equal(names('', 'state')[0], 'b9420 linux/amd64 cpu')
  })

  it('has the newest version first among equals', () => {
    assert.deepEqual(names('linux', 'variant'), [
      'b11429 linux/amd64 cpu',
      'b9420 linux/amd64 cpu',
      'b6089 linux/amd64 cpu',
    ])
  })

  it('is narrowed to those that have every word somewhere', () => {
    assert.deepEqual(names('CUDA windows', 'version'), ['b11429 windows/amd64 cuda-13.4'])
    assert.deepEqual(names('cuda linux', 'version'), [])
  })

  it('begins with the newest at the first click on the version', () => {
    assert.deepEqual(nextOrder({ column: 'state', descending: false }, 'version'), {
      column: 'version',
      descending: true,
    })
    assert.deepEqual(nextOrder({ column: 'version', descending: true }, 'version'), {
      column: 'version',
      descending: false,
    })
  })

  it('tells a build that was downloaded anew from the one before', () => {
    assert.notEqual(treeKey(tree('b1')), treeKey(tree('b1', { installedAt: '2026-01-01T00:00:01Z' })))
  })
})

describe('what goes where only some versions are kept', () => {
  it('is all beyond the newest ones of each platform and variant', () => {
    assert.deepEqual(beyond(trees, 1).map(treeName), ['b9420 linux/amd64 cpu', 'b6089 linux/amd64 cpu'])
    assert.deepEqual(beyond(trees, 0).length, 4)
    assert.deepEqual(beyond(trees, 3), [])
  })

  it('is nothing that is in use', () => {
    assert.deepEqual(beyond([tree('b2'), tree('b1', { inUse: true })], 1), [])
  })
})
