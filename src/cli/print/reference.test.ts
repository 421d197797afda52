import assert from 'node:assert/strict'
import { test } from 'node:test'
import { shownReference } from './reference.ts'

test('a reference is shown as typed, but never with its secrets', () => {
  const samples: Array<[string, string]> = [
    ['http://Example.org/a', 'http://Example.org/a'],
    ['http://Example.org/a?b=1', 'http://Example.org/a?b=1'],
    ['http://user:secret@example.org/a', 'http://example.org/a'],
    ['http://example.org/a?token=secret&x=1', 'http://example.org/a?token=…&x=1'],
    ['http://user:sec ret@exa mple/a', 'http://exa mple/a'],
    ['user:secret@example.org/a', 'example.org/a'],
    ['llama3.2:1b', 'llama3.2:1b'],
    ['llama.cpp@b6089', 'llama.cpp@b6089'],
    ['ns/model@sha256:abc', 'ns/model@sha256:abc'],
  ]
  for (const [reference, shown] of samples) assert.equal(shownReference(reference), shown)
})
