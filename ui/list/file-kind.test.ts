import { test } from 'node:test'
import assert from 'node:assert/strict'
import { fileKind } from './file-kind.ts'

test('the kind of a file follows from its type', () => {
  assert.equal(fileKind('tar.gz'), 'archive')
  assert.equal(fileKind('gguf'), 'model')
  assert.equal(fileKind('iso'), 'disk')
  assert.equal(fileKind('unknown'), 'file')
  assert.equal(fileKind('constructor'), 'file')
})
