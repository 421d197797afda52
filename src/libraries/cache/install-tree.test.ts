import assert from 'node:assert/strict'
import { mkdirSync, statSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { cacheLab, fill, hex, treeKey, usualFiles } from '../../../test/support/cache-lab.ts'
import { temporaryFolder } from '../../../test/support/temporary-folder.ts'
import type { CachedTree, NewTree } from '../types.ts'

test('a change that keeps size and time is found at the next use', async (t) => {
  const { cache, warnings } = cacheLab(t)
  const tree = await cache.install(treeKey(), async (folder) => fill(folder))
  const base = join(tree.folder, 'llama-b1/libggml-base.so')
  const { atime, mtime } = statSync(base)
  assert.ok(await cache.find(treeKey()))
  writeFileSync(base, 'The base')
  utimesSync(base, atime, mtime)
  assert.equal(await cache.find(treeKey()), null)
  assert.match(warnings.join(), /libggml-base\.so was changed/)
})

test('a tree that will not do stays until the new one is complete, and who comes meanwhile gets that', async (t) => {
  const lab = cacheLab(t)
  const { cache } = lab
  const old = await cache.install(treeKey(), async (folder) => fill(folder))
  const isGood = ({ installedAt }: CachedTree): boolean => installedAt !== old.installedAt
  await assert.rejects(
    cache.install(treeKey(), () => Promise.reject(new Error('no network')), { isGood }),
    /no network/,
  )
  assert.equal((await cache.find(treeKey()))?.installedAt, old.installedAt)
  lab.clock += 1000
  let made = 0
  const make = async (folder: string): Promise<NewTree> => {
    made++
    assert.ok(await cache.find(treeKey()))
    return fill(folder)
  }
  const both = await Promise.all([1, 2].map(() => cache.install(treeKey(), make, { isGood })))
  assert.deepEqual([made, both[0]?.folder, both[1]?.installedAt], [1, old.folder, both[0]?.installedAt])
  const other = await cache.install(treeKey(), async (folder) => fill(folder, usualFiles, { sha256: hex('new') }), {
    isGood: ({ sha256 }) => sha256 === hex('new'),
  })
  assert.deepEqual(
    (await cache.list()).map(({ folder }) => folder),
    [other.folder],
  )
})

test('what is in the place of a tree and is none is named', async (t) => {
  const { cache } = cacheLab(t)
  const tree = await cache.install(treeKey(), async (folder) => fill(folder))
  await cache.remove(tree)
  mkdirSync(dirname(tree.folder), { recursive: true })
  symlinkSync(temporaryFolder(t), tree.folder)
  const refused = { code: 'target-exists', message: new RegExp(`: ${tree.folder}$`) }
  await assert.rejects(
    cache.install(treeKey(), async (folder) => fill(folder)),
    refused,
  )
})
