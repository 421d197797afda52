import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { isLlamaReference, showLlamaVersion, versionOfReference } from './llama-reference.ts'

describe('references of llama.cpp', () => {
  it('name a version, or none', () => {
    for (const [text, version] of [
      ['llama.cpp', null],
      [' llama.cpp@b6089 ', 'b6089'],
      ['LLAMA.CPP@B6089', 'b6089'],
      ['llama.cpp@latest', 'latest'],
      ['llama.cpp@stable', 'latest'],
      ['llama.cpp@nightly', 'nightly'],
      ['llama.cpp@v0.6.0', 'v0.6.0'],
    ] as const) {
      assert.equal(isLlamaReference(text), true, text)
      const found = versionOfReference(text)
      assert.equal(found === null ? null : showLlamaVersion(found), version, text)
    }
  })

  it('are told from addresses, models and other releases', () => {
    for (const text of [
      '',
      'llama',
      'llama.cpp/',
      'llama.cpp:b6089',
      'ggml-org/llama.cpp@b6089',
      'xllama.cpp',
      'llama.cpp@',
    ])
      assert.equal(isLlamaReference(text), false, text)
    assert.throws(() => versionOfReference('llama'), { code: 'usage' })
    assert.throws(() => versionOfReference('llama.cpp@seven'), { code: 'usage', message: /no version/ })
  })
})
