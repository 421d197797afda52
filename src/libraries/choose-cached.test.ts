import assert from 'node:assert/strict'
import { test } from 'node:test'
import { machine } from '../../test/support/hardware-facts.ts'
import { scriptedTree } from '../../test/support/scripted-libraries.ts'
import type { HardwareFacts } from '../core/hardware.ts'
import { byRelease, findCached } from './choose-cached.ts'
import type { CachedTree } from './types.ts'

const target = { os: 'linux', arch: 'arm64' } as const
const debian12 = machine({ arch: 'arm64' })
const whole = { find: async (tree: CachedTree): Promise<CachedTree | null> => tree }

function treeOf(tag: string): CachedTree {
  return { ...scriptedTree(tag, target), asset: `llama-${tag}-bin-ubuntu-arm64.tar.gz` }
}

function among(tags: readonly string[], host: HardwareFacts, cache = whole) {
  const releases = byRelease(tags.map(treeOf), 'ggml-org/llama.cpp', target)
  return findCached(cache, releases, { target, variant: 'auto', host })
}

test('a newer build that cannot run here hides no older one, and why it was passed over is told', async () => {
  const { trees, refused } = await among(['b8000', 'b9000', 'b7000'], debian12)
  assert.equal(trees?.[0].tag, 'b8000')
  assert.match(refused?.message ?? '', /^b9000 .* needs glibc 2\.38 or newer; this system has 2\.36\.$/)
})

test('where none can run here the reason is told, where none is there nothing is', async () => {
  const alpine = machine({ arch: 'arm64', libc: { family: 'musl', version: null } })
  const { trees, refused } = await among(['b8000', 'b9000'], alpine)
  assert.deepEqual([trees, refused?.code], [null, 'unsupported-platform'])
  assert.deepEqual(await among([], debian12), { trees: null, refused: null })
})

test('one whose files are not all there is passed over', async () => {
  const find = async (one: CachedTree): Promise<CachedTree | null> => (one.tag === 'b8000' ? null : one)
  const { trees, refused } = await among(['b8000', 'b7000'], debian12, { find })
  assert.deepEqual([trees?.[0].tag, refused], ['b7000', null])
})
