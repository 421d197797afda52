import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isBareName } from './bare-name.ts'

test('names without a tag are bare, and nothing else is', () => {
  for (const text of ['nonsense', 'not-a-url', 'tiny', 'owner/repo', 'downloads/file.zip'])
    assert.equal(isBareName(text), true, text)
  for (const text of [
    '',
    'tiny:1b',
    'owner/repo@v1',
    'github:owner/repo',
    'https://github.com/owner/repo',
    'github.com/owner/repo',
    'ollama://tiny',
    'llama.cpp',
    'llama.cpp@b6089',
    'example.org/file.zip',
    'file.zip',
    'not an address',
    'a/b/c',
  ])
    assert.equal(isBareName(text), false, text)
})
