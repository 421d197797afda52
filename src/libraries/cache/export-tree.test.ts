import assert from 'node:assert/strict'
import { appendFileSync, mkdirSync, readdirSync, readFileSync, readlinkSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { cacheLab, fill, treeKey, usualFiles } from '../../../test/support/cache-lab.ts'
import { temporaryFolder } from '../../../test/support/temporary-folder.ts'
import { exportTree } from './export-tree.ts'

test('the libraries, their links and licence are copied flat, and one build is kept', async (t) => {
  const { cache } = cacheLab(t)
  const contents = {
    ...usualFiles,
    'llama-b1/llama-cli': 'a tool',
    'llama-b1/libodd.so': '-> ../deep/libodd.so.1',
    'deep/libodd.so.1': 'odd',
  }
  const [old, fresh] = await Promise.all(
    ['b1', 'b2'].map((tag) => cache.install(treeKey(tag), async (folder) => fill(folder, contents))),
  )
  assert.ok(old && fresh)
  const libs = join(temporaryFolder(t), 'libs')
  assert.deepEqual((await exportTree(old, libs)).replaced, [])
  for (const mine of ['linux_amd64_mine', 'linux_amd64_b7', 'linux_arm64_b1']) mkdirSync(join(libs, mine))
  const { folder, bytes, replaced } = await exportTree(fresh, libs)
  assert.equal(folder, join(libs, 'linux_amd64_b2'))
  assert.deepEqual(replaced, [join(libs, 'linux_amd64_b1')])
  assert.deepEqual(readdirSync(libs).sort(), ['linux_amd64_b2', 'linux_amd64_b7', 'linux_amd64_mine', 'linux_arm64_b1'])
  assert.deepEqual(readdirSync(folder).sort(), [
    '.sluice-tree.json',
    'LICENSE',
    'libggml-base.so',
    'libllama.so',
    'libllama.so.0',
    'libllama.so.0.5.0',
    'libodd.so',
  ])
  assert.equal(readlinkSync(join(folder, 'libllama.so')), 'libllama.so.0')
  assert.equal(readFileSync(join(folder, 'libllama.so'), 'utf8'), 'the library')
  assert.equal(readFileSync(join(folder, 'libodd.so'), 'utf8'), 'odd')
  assert.equal(statSync(join(folder, 'libllama.so')).mode & 0o777, 0o755)
  assert.equal(bytes, 'the librarythe baseMITodd'.length)
  assert.equal((await exportTree(fresh, libs)).folder, folder)
})

test('a damaged tree is not copied, and a folder of somebody else is not replaced', async (t) => {
  const { cache } = cacheLab(t)
  const tree = await cache.install(treeKey(), async (folder) => fill(folder))
  const libs = temporaryFolder(t)
  mkdirSync(join(libs, 'linux_amd64_b11429'))
  writeFileSync(join(libs, 'linux_amd64_b11429/mine'), '')
  await assert.rejects(exportTree(tree, libs), { code: 'target-exists' })
  await assert.rejects(exportTree({ ...tree, tag: '../x' }, libs), { code: 'usage' })
  appendFileSync(tree.libraryPath, 'x')
  await assert.rejects(exportTree(tree, temporaryFolder(t)), { code: 'digest-mismatch' })
  assert.deepEqual(readdirSync(libs), ['linux_amd64_b11429'])
})
