import assert from 'node:assert/strict'
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import fc from 'fast-check'
import { cacheLab, fill, treeKey } from '../../../test/support/cache-lab.ts'
import type { CachedTree } from '../types.ts'

const tags = ['b1', 'b2', 'b3']
const tag = fc.constantFrom(...tags)
const anyStep = fc.oneof(
  { weight: 3, arbitrary: fc.record({ do: fc.constant('install' as const), tag }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('find', 'damage', 'lose', 'unrecord', 'remove'), tag }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('clean', 'clean-all', 'foreign', 'reopen'), tag }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('prune' as const), tag, keep: fc.nat(3) }) },
)
type Step = { readonly do: string; readonly tag: string; readonly keep?: number }

test('whatever is installed, damaged, pruned and cleaned: what is found is good, and nothing foreign goes', async (t) => {
  await fc.assert(
    fc.asyncProperty(fc.array(anyStep, { minLength: 3, maxLength: 25 }), (steps) => live(t, steps)),
    { numRuns: 40, interruptAfterTimeLimit: 20_000 },
  )
})

/** The model: which tags have a tree, and whether its record and its files are good. */
async function live(t: TestContext, steps: readonly Step[]): Promise<void> {
  const lab = cacheLab(t)
  const trees = new Map<string, CachedTree>()
  const damaged = new Set<string>()
  const unrecorded = new Set<string>()
  const foreign = new Set<string>()
  const isGood = (name: string): boolean => trees.has(name) && !damaged.has(name) && !unrecorded.has(name)
  const gone = (name: string): void => {
    for (const state of [trees, damaged, unrecorded]) state.delete(name)
  }
  for (const step of steps) {
    const tree = trees.get(step.tag)
    if (step.do === 'install') {
      let made = false
      const there = await lab.cache.install(treeKey(step.tag), async (folder) => {
        made = true
        return fill(folder)
      })
      assert.equal(made, !isGood(step.tag))
      gone(step.tag)
      trees.set(step.tag, there)
    } else if (step.do === 'find') {
      assert.equal((await lab.cache.find(treeKey(step.tag)))?.folder, isGood(step.tag) ? tree?.folder : undefined)
      if (!isGood(step.tag)) gone(step.tag)
    } else if (step.do === 'damage' && tree && existsSync(tree.libraryPath)) {
      appendFileSync(tree.libraryPath, 'x')
      damaged.add(step.tag)
    } else if (step.do === 'lose' && tree) {
      rmSync(join(tree.folder, 'llama-b1'), { recursive: true, force: true })
      damaged.add(step.tag)
    } else if (step.do === 'unrecord' && isGood(step.tag) && tree) {
      unlinkSync(join(tree.folder, '.sluice-tree.json'))
      unrecorded.add(step.tag)
    } else if (step.do === 'remove' && tree) {
      assert.ok((await lab.cache.remove(tree)) >= 0)
      gone(step.tag)
    } else if (step.do === 'clean') {
      await lab.cache.clean(step.tag)
      gone(step.tag)
    } else if (step.do === 'clean-all') {
      await lab.cache.clean()
      for (const name of tags) gone(name)
    } else if (step.do === 'foreign') {
      const path = join(lab.dir, 'trees', `mine-${step.tag}`)
      mkdirSync(join(path, '..'), { recursive: true })
      writeFileSync(path, 'mine')
      foreign.add(path)
    } else if (step.do === 'prune') {
      const listed = tags.filter((name) => trees.has(name) && !unrecorded.has(name)).reverse()
      const { removed } = await lab.cache.prune(step.keep ?? 0)
      assert.deepEqual(
        removed.map(({ tag: name }) => name),
        listed.slice(step.keep),
      )
      for (const name of listed.slice(step.keep)) gone(name)
    }
    assert.deepEqual(
      (await lab.cache.list()).map(({ tag: name }) => name),
      tags.filter((name) => trees.has(name) && !unrecorded.has(name)).reverse(),
    )
    for (const path of foreign) assert.equal(readFileSync(path, 'utf8'), 'mine')
  }
  for (const [name, tree] of trees) {
    if (unrecorded.has(name)) continue
    assert.equal((await lab.cache.check(tree)).verdict, damaged.has(name) ? 'damaged' : 'verified')
  }
  await lab.cache.clean()
  assert.deepEqual(existsSync(lab.dir) ? readdirSync(lab.dir) : [], foreign.size > 0 ? readdirSync(lab.dir) : [])
}
