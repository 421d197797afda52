import assert from 'node:assert/strict'
import { existsSync, readdirSync, renameSync, utimesSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { cacheLab, fill, treeKey } from '../../../test/support/cache-lab.ts'
import { source, startNode } from '../../../test/support/node-child.ts'
import { isInUse, markUse } from './use-mark.ts'

test('pruning leaves a tree in use, until the last use of it is released', async (t) => {
  const { dir, cache } = cacheLab(t)
  const tree = await cache.install(treeKey(), async (folder) => fill(folder))
  const [first, second] = [await markUse(tree), await markUse(tree)]
  assert.deepEqual((await cache.prune(0)).removed, [])
  await first.release()
  await first.release()
  assert.deepEqual((await cache.prune(0)).removed, [])
  await second.release()
  assert.deepEqual(readdirSync(join(dir, 'locks')), [])
  assert.deepEqual((await cache.prune(0)).removed, [tree])
})

test('a mark of a process counts while it lives', async (t) => {
  const { dir, cache } = cacheLab(t)
  const tree = await cache.install(treeKey(), async (folder) => fill(folder))
  const child = startNode(
    t,
    `import { markUse } from ${source('libraries/cache/use-mark.ts')}
    await markUse(${JSON.stringify(tree)})
    console.log('marked')
    setInterval(() => {}, 1000)`,
  )
  await child.line()
  assert.deepEqual((await cache.prune(0)).removed, [])
  await child.kill()
  assert.equal((await cache.prune(0)).removed.length, 1)
  assert.ok((await cache.clean()) >= 0)
  assert.deepEqual(existsSync(dir) ? readdirSync(dir) : [], [])
})

test('a mark of another machine counts for a day', async (t) => {
  const { dir, cache } = cacheLab(t)
  const tree = await cache.install(treeKey(), async (folder) => fill(folder))
  await markUse(tree)
  const [name = ''] = readdirSync(join(dir, 'locks'))
  const folder = join(dir, 'locks', name)
  const [mark = ''] = readdirSync(folder)
  const foreign = join(folder, `use-${'0'.repeat(16)}-1-1`)
  renameSync(join(folder, mark), foreign)
  assert.equal(await isInUse(dir, tree, Date.now()), true)
  utimesSync(foreign, 1, 1)
  assert.equal(await isInUse(dir, tree, Date.now()), false)
})

test('who wants to use a tree that was removed meanwhile is told', async (t) => {
  const { dir, cache } = cacheLab(t)
  const tree = await cache.install(treeKey(), async (folder) => fill(folder))
  await cache.remove(tree)
  await assert.rejects(markUse(tree), { code: 'not-found' })
  assert.deepEqual(readdirSync(join(dir, 'locks')), [])
})
