import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { LlamaReleases } from '../../src/server/api-types.ts'
import { isVersion, tagOf, variantsFor } from './release-choice.ts'

const variants = (...names: string[]) => names.map((name) => ({ name, bytes: 1 }))

const known: LlamaReleases = {
  repository: 'ggml-org/llama.cpp',
  latest: { tag: 'b2', why: [] },
  nightly: 'b3',
  releases: [
    { tag: 'b3', publishedAt: null, platforms: [{ platform: 'linux/amd64', variants: variants('cpu', 'vulkan') }] },
    {
      tag: 'b2',
      publishedAt: null,
      platforms: [
        { platform: 'linux/amd64', variants: variants('cpu', 'cuda-13.4') },
        { platform: 'darwin/arm64', variants: variants('metal') },
      ],
    },
  ],
  warnings: [],
}

describe('a version', () => {
  it('is a channel, a build or three numbers', () => {
    for (const text of ['latest', 'nightly', 'b6089', 'v0.6.0', ' B6089 ']) assert.ok(isVersion(text), text)
    for (const text of ['', 'b', '0.6.0', 'newest', 'b6089/..']) assert.ok(!isVersion(text), text)
  })

  it('means a build now', () => {
    assert.deepEqual(
      ['latest', 'stable', 'nightly', 'B7'].map((version) => tagOf(known, version)),
      ['b2', 'b2', 'b3', 'b7'],
    )
    assert.equal(tagOf({ ...known, latest: null }, 'latest'), null)
  })
})

describe('the variants to choose from', () => {
  it('are those of the release for the platforms', () => {
    assert.deepEqual(variantsFor(known, 'latest', ['linux/amd64']), ['cpu', 'cuda-13.4'])
    assert.deepEqual(variantsFor(known, 'latest', ['linux/amd64', 'darwin/arm64']), ['cpu', 'cuda-13.4', 'metal'])
  })

  it('are all that the newest ones have where the release is not among them', () => {
    assert.deepEqual(variantsFor(known, 'b1', ['linux/amd64']), ['cpu', 'vulkan', 'cuda-13.4'])
    assert.deepEqual(variantsFor(undefined, 'b1', ['linux/amd64']), [])
  })
})
