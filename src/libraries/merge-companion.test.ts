import assert from 'node:assert/strict'
import { mkdirSync, readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import type { TestContext } from 'node:test'
import { fill } from '../../test/support/cache-lab.ts'
import { temporaryFolder } from '../../test/support/temporary-folder.ts'
import { mergeCompanion } from './merge-companion.ts'

/** Two unpacked archives, the second to be merged into the first. */
function archives(t: TestContext, main: Record<string, string>, companion: Record<string, string>) {
  const folder = join(temporaryFolder(t), 'tree')
  const apart = join(folder, '.companion')
  mkdirSync(apart, { recursive: true })
  const { files, library } = fill(folder, main)
  const added = fill(apart, companion).files
  return { folder, merge: () => mergeCompanion(folder, files, library, apart, added) }
}

const main = { 'llama-b1/libllama.so': 'llama', 'llama-b1/libggml-cuda.so': 'cuda', 'llama-b1/LICENSE': 'MIT' }

describe('merging a companion', () => {
  for (const root of ['', 'llama-b1/', 'cudart-llama-b1/lib/'])
    it(`puts libraries and links beside the main library, from ${root || 'a flat archive'}`, async (t) => {
      const links = { [`${root}libcudart.so`]: '-> libcudart.so.13', [`${root}libcudart.so.13`]: 'runtime' }
      const { folder, merge } = archives(t, main, {
        ...links,
        [`${root}EULA.txt`]: 'text',
        [`${root}LICENSE`]: 'another',
      })
      const entries = await merge()
      const paths = entries.map(({ path }) => path).toSorted()
      assert.deepEqual(paths, [...Object.keys(main), 'llama-b1/libcudart.so', 'llama-b1/libcudart.so.13'].toSorted())
      assert.equal(readlinkSync(join(folder, 'llama-b1/libcudart.so')), 'libcudart.so.13')
      assert.equal(readFileSync(join(folder, 'llama-b1/libcudart.so'), 'utf8'), 'runtime')
    })

  it('leaves what both have with the same content', async (t) => {
    const { folder, merge } = archives(t, main, { 'libggml-cuda.so': 'cuda', 'libcublas.so.13': 'blas' })
    assert.equal((await merge()).length, 4)
    assert.deepEqual(readdirSync(join(folder, 'llama-b1')).length, 4)
  })

  it('refuses another content, in other case too, and links that would lead nowhere', async (t) => {
    for (const companion of [
      { 'libggml-cuda.so': 'other' },
      { 'LIBGGML-CUDA.so': 'other' },
      { 'a/libx.so': 'one', 'b/libx.so': 'two' },
      { 'libcudart.so': '-> ../data/runtime', 'data/runtime': 'runtime' },
    ]) {
      const { merge } = archives(t, main, companion)
      await assert.rejects(merge(), { code: 'bad-archive' }, JSON.stringify(companion))
    }
  })
})
