import assert from 'node:assert/strict'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { it } from 'node:test'
import { temporaryFolder } from '../../test/support/temporary-folder.ts'
import { openPointerMemory } from './pointer-memory.ts'

it('remembers which build a release led to, by repository', async (t) => {
  const folder = temporaryFolder(t)
  const memory = openPointerMemory(folder)
  assert.equal(await memory.recall('ggml-org/llama.cpp', 'v0.6.0'), null)
  await memory.remember('ggml-org/llama.cpp', 'v0.6.0', 'b11429')
  await memory.remember('ggml-org/llama.cpp', 'v0.5.0', 'b10999')
  await memory.remember('ggml-org/llama.cpp', 'v0.6.0', 'b11430')
  const again = openPointerMemory(folder)
  assert.equal(await again.recall('GGML-org/llama.cpp', 'v0.6.0'), 'b11430')
  assert.equal(await again.recall('ggml-org/llama.cpp', 'v0.5.0'), 'b10999')
  assert.equal(await again.recall('other/llama.cpp', 'v0.6.0'), null)
})

it('takes a damaged memory for an empty one, and what is no build for nothing', async (t) => {
  const cacheDir = temporaryFolder(t)
  const folder = join(cacheDir, 'api')
  mkdirSync(folder)
  const memory = openPointerMemory(cacheDir)
  for (const text of ['', '[]', '{"a/b@v1.0.0":"../x"}', '{"a/b@v1.0.0":1}']) {
    writeFileSync(join(folder, 'pointers.json'), text)
    assert.equal(await memory.recall('a/b', 'v1.0.0'), null, text)
  }
  await memory.remember('a/b', 'v1.0.0', 'b5')
  assert.match(readFileSync(join(folder, 'pointers.json'), 'utf8'), /b5/)
})
