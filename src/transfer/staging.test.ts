import assert from 'node:assert/strict'
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { source, startNode } from '../../test/support/node-child.ts'
import { temporaryFolder } from '../../test/support/temporary-folder.ts'
import { ownerToken } from './owner.ts'
import { createStaging } from './staging.ts'

test('the target folder is made with those above it', (t) => {
  const dir = join(temporaryFolder(t), 'a', 'b')
  createStaging().prepare(dir)
  assert.ok(existsSync(dir))
})

test('a place that cannot be a folder is a disk error', (t) => {
  const dir = temporaryFolder(t)
  writeFileSync(join(dir, 'file'), '')
  assert.throws(() => createStaging().prepare(join(dir, 'file')), { code: 'disk' })
  assert.throws(() => createStaging().prepare(join(dir, 'file', 'sub')), { code: 'disk' })
})

test('every file has a place of its own in a folder of this process', (t) => {
  const dir = temporaryFolder(t)
  const staging = createStaging()
  t.after(() => staging.close())
  const places = Array.from({ length: 10 }, () => staging.take(dir))
  assert.equal(new Set(places).size, 10)
  const folders = [...new Set(places.map(dirname))]
  assert.equal(folders.length, 1)
  assert.ok(folders[0]?.startsWith(join(dir, '.staging', `run-${ownerToken()}-`)))
  assert.ok(existsSync(dirname(places[0] ?? '')))
})

test('when all files are gone, closing removes the folders; while one is there they stay', (t) => {
  const dir = temporaryFolder(t)
  const staging = createStaging()
  const places = [staging.take(dir), staging.take(dir)]
  for (const place of places) writeFileSync(place, 'x')
  staging.done(dir)
  staging.close()
  assert.ok(existsSync(places[1] ?? ''))
  staging.done(dir)
  staging.close()
  assert.deepEqual(readdirSync(dir), [])
})

test('a folder that was removed is made again for the next file', (t) => {
  const dir = temporaryFolder(t)
  const staging = createStaging()
  staging.take(dir)
  staging.done(dir)
  staging.close()
  const place = staging.take(dir)
  writeFileSync(place, 'x')
  staging.done(dir)
  staging.close()
})

test('what a killed process left is removed by the next, what belongs to a living one stays', async (t) => {
  const dir = temporaryFolder(t)
  const child = `import { createStaging } from ${source('transfer/staging.ts')}
    import { writeFileSync } from 'node:fs'
    const place = createStaging().take(${JSON.stringify(dir)})
    writeFileSync(place, 'x')
    console.log(place)
    setInterval(() => {}, 1000)`
  const [killed, living] = [startNode(t, child), startNode(t, child)]
  const [lost, kept] = [await killed.line(), await living.line()]
  await killed.kill()
  const staging = createStaging()
  staging.take(dir)
  assert.ok(!existsSync(dirname(lost)))
  assert.ok(existsSync(kept))
  staging.done(dir)
  staging.close()
  assert.deepEqual(readdirSync(join(dir, '.staging')), [dirname(kept).slice(join(dir, '.staging').length + 1)])
})

test('nothing else in the staging folder is touched', (t) => {
  const dir = temporaryFolder(t)
  const others = ['dl-0123456789abcdef', 'run-0123456789abcdef-1-1', 'run-', 'notes']
  for (const name of others) mkdirSync(join(dir, '.staging', name), { recursive: true })
  const staging = createStaging()
  staging.take(dir)
  staging.done(dir)
  staging.close()
  assert.deepEqual(readdirSync(join(dir, '.staging')).sort(), others.sort())
})
