import assert from 'node:assert/strict'
import { appendFileSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import { cacheLab, fill, treeKey } from '../../../test/support/cache-lab.ts'
import type { CacheLab } from '../../../test/support/cache-lab.ts'
import { source, startNode } from '../../../test/support/node-child.ts'
import type { NodeChild } from '../../../test/support/node-child.ts'

/** A process with the cache of a lab open as `cache`. */
function inChild(t: TestContext, { dir }: CacheLab, text: string, before = ''): NodeChild {
  return startNode(
    t,
    `import { appendFileSync, existsSync } from 'node:fs'
    import { setTimeout as sleep } from 'node:timers/promises'
    ${before}
    const { openLibraryCache } = await import(${source('libraries/cache/open-library-cache.ts')})
    const { fill, treeKey } = await import(${source('../test/support/cache-lab.ts')})
    const cache = openLibraryCache(${JSON.stringify(dir)})
    ${text}`,
  )
}

function passing(dir: string): string[] {
  return readdirSync(dir).filter((name) => name.startsWith('.t'))
}

test('of two processes that want the same tree one makes it, and both get it', async (t) => {
  const lab = cacheLab(t)
  const log = `${lab.dir}.log`
  const gate = `${lab.dir}.go`
  const children = Array.from({ length: 2 }, () =>
    inChild(
      t,
      lab,
      `console.log('ready')
      while (!existsSync(${JSON.stringify(gate)})) await sleep(1)
      for (let tag = 1; tag <= 12; tag++) {
        const tree = await cache.install(treeKey('b' + tag), async (folder) => {
          appendFileSync(${JSON.stringify(log)}, 'b' + tag + '\\n')
          await sleep(20)
          return fill(folder)
        })
        console.log(tree.folder)
      }`,
    ),
  )
  for (const child of children) assert.equal(await child.line(), 'ready')
  writeFileSync(gate, '')
  for (let tag = 1; tag <= 12; tag++) {
    const folders = [await children[0]?.line(), await children[1]?.line()]
    assert.equal(folders[0], folders[1])
    assert.ok(folders[0]?.includes(`/b${tag}/`))
  }
  for (const child of children) assert.equal(await child.ended, 0)
  assert.equal(readFileSync(log, 'utf8').trim().split('\n').length, 12)
  assert.equal((await lab.cache.list()).length, 12)
  assert.deepEqual(passing(lab.dir), [])
})

test('one who waits for a process that is killed makes the tree himself', async (t) => {
  const lab = cacheLab(t)
  const child = inChild(
    t,
    lab,
    `await cache.install(treeKey(), async (folder) => {
      fill(folder)
      console.log(folder)
      await sleep(1e6)
    })`,
  )
  const folder = await child.line()
  const waiting = lab.cache.install(treeKey(), async (mine) => fill(mine))
  assert.deepEqual(await lab.cache.list(), [])
  assert.equal(await lab.cache.clean(), 0)
  assert.ok(existsSync(folder), 'cleaning takes nothing from a process that lives')
  await child.kill()
  const tree = await waiting
  assert.equal((await lab.cache.check(tree)).verdict, 'verified')
  assert.equal(existsSync(folder), false)
  assert.deepEqual(passing(lab.dir), [])
})

/** Kills the process at one call of a function of the file system, before or after it does its work. */
function killAt(name: string, call: number, moment: 'before' | 'after'): string {
  return `
    import { syncBuiltinESMExports } from 'node:module'
    const disk = process.getBuiltinModule('node:fs/promises')
    const real = disk.${name}
    let calls = 0
    disk.${name} = async (...given) => {
      const last = ++calls === ${call}
      if (last && '${moment}' === 'before') process.kill(process.pid, 'SIGKILL')
      const value = await real(...given)
      if (last) process.kill(process.pid, 'SIGKILL')
      return value
    }
    syncBuiltinESMExports()`
}

for (const name of ['rename', 'rm', 'mkdir', 'writeFile'])
  for (const moment of ['before', 'after'] as const)
    test(`killed ${moment} any ${name} of an install over a damaged tree, the next one is as if nothing was`, async (t) => {
      for (let call = 1, isDone = false; !isDone; call++) {
        const lab = cacheLab(t)
        const damaged = await lab.cache.install(treeKey(), async (folder) => fill(folder))
        appendFileSync(damaged.libraryPath, 'x')
        const text = `await cache.install(treeKey(), async (folder) => fill(folder))\nconsole.log('done')`
        const child = inChild(t, lab, text, killAt(name, call, moment))
        isDone = (await child.line().catch(() => '')) === 'done'
        await child.ended
        for (const tree of await lab.cache.list())
          if ((await lab.cache.check(tree)).verdict === 'damaged')
            assert.equal(readFileSync(tree.libraryPath, 'utf8'), 'the libraryx')
        const tree = await lab.cache.install(treeKey(), async (folder) => fill(folder))
        assert.equal((await lab.cache.check(tree)).verdict, 'verified')
        await lab.cache.prune(1)
        assert.deepEqual(passing(lab.dir), [])
        await lab.cache.clean()
        assert.deepEqual(readdirSync(lab.dir), [])
        assert.ok(call < 20)
      }
    })

test('cleaning in one process and installing in another end well together', async (t) => {
  const lab = cacheLab(t)
  const child = inChild(
    t,
    lab,
    `console.log('ready')
    for (;;) {
      await cache.clean()
      await cache.prune(0)
    }`,
  )
  await child.line()
  for (let round = 0; round < 25; round++)
    await lab.cache.install(treeKey(`b${round + 1}`), async (folder) => fill(folder))
  await child.kill()
  await lab.cache.clean()
  assert.deepEqual(readdirSync(lab.dir), [])
})

test('two processes that clean at the same time both end well', async (t) => {
  const lab = cacheLab(t)
  for (let tag = 1; tag <= 10; tag++) await lab.cache.install(treeKey(`b${tag}`), async (folder) => fill(folder))
  const children = Array.from({ length: 2 }, () => inChild(t, lab, `console.log('ready'); await cache.clean()`))
  for (const child of children) await child.line()
  await lab.cache.clean()
  for (const child of children) assert.equal(await child.ended, 0)
  assert.deepEqual(readdirSync(lab.dir), [])
})
