import assert from 'node:assert/strict'
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { cacheLab, fill, treeKey } from '../../../test/support/cache-lab.ts'
import { temporaryFolder } from '../../../test/support/temporary-folder.ts'

test('the newest versions of each platform and variant stay, by number and not by date', async (t) => {
  const lab = cacheLab(t)
  const windows = { platform: { os: 'windows', arch: 'amd64' } } as const
  const order = ['b9', 'b11541', 'b600', 'b10000']
  for (const tag of order) {
    lab.clock += 1000
    await lab.cache.install(treeKey(tag), async (folder) => fill(folder))
  }
  await lab.cache.install(treeKey('b9', windows), async (folder) => fill(folder))
  assert.deepEqual(
    (await lab.cache.list()).map(({ tag }) => tag),
    ['b11541', 'b10000', 'b600', 'b9', 'b9'],
  )
  const { removed, bytes } = await lab.cache.prune(2)
  assert.deepEqual(
    removed.map(({ tag }) => tag),
    ['b600', 'b9'],
  )
  assert.ok(bytes > removed.reduce((sum, tree) => sum + tree.bytes, 0))
  assert.deepEqual(
    (await lab.cache.list()).map(({ tag }) => tag),
    ['b11541', 'b10000', 'b9'],
  )
  for (const keep of [-1, 1.5, Number.NaN]) await assert.rejects(lab.cache.prune(keep), { code: 'usage' })
  assert.equal((await lab.cache.prune(0)).removed.length, 3)
  assert.deepEqual(await lab.cache.list(), [])
})

test('pruning sweeps what crashes left, and archives that nobody has written to for a day', async (t) => {
  const lab = cacheLab(t)
  await lab.cache.prepare()
  const dead = '0123456789abcdef'
  const make = (path: string, hoursAgo: number): string => {
    mkdirSync(join(lab.dir, path, '..'), { recursive: true })
    writeFileSync(join(lab.dir, path), 'x'.repeat(1000))
    const time = (lab.clock - hoursAgo * 3600 * 1000) / 1000
    utimesSync(join(lab.dir, path), time, time)
    utimesSync(join(lab.dir, path, '..'), time, time)
    return path
  }
  const old = [
    make(`.tmp-${dead}-1-1-${dead}/tree/x`, 30).slice(0, -7),
    make('downloads/a.zip.part', 30),
    make('downloads/.staging/dl-0123456789abcdef/session.json', 30),
  ]
  const stay = [make('.tmp-mine/x', 99), make('downloads/b.zip', 1), make('.trash-1/x', 99)]
  utimesSync(join(lab.dir, old[0] ?? ''), 1, 1)
  const { bytes } = await lab.cache.prune(1)
  assert.equal(bytes, 3000)
  for (const path of old) assert.equal(existsSync(join(lab.dir, path)), false, path)
  for (const path of stay) assert.equal(existsSync(join(lab.dir, path)), true, path)
})

test('cleaning empties the cache and tells the bytes, of one version if asked', async (t) => {
  const { dir, cache } = cacheLab(t)
  assert.equal(await cache.clean(), 0)
  for (const tag of ['b1', 'b2']) await cache.install(treeKey(tag), async (folder) => fill(folder))
  writeFileSync(join(cache.downloads, 'x.part'), 'x'.repeat(5000))
  mkdirSync(join(dir, 'api'))
  writeFileSync(join(dir, 'api', `${'a'.repeat(40)}.json`), '{}')
  assert.equal(await cache.clean('b3'), 0)
  assert.equal(await cache.clean('../..'), 0)
  const one = await cache.clean('b1')
  assert.ok(one > 0 && one < 5000)
  assert.deepEqual(
    (await cache.list()).map(({ tag }) => tag),
    ['b2'],
  )
  mkdirSync(join(dir, 'trees/o/r/b1'), { recursive: true })
  assert.equal(await cache.clean(), one + 5002)
  assert.deepEqual(readdirSync(dir), [])
  await cache.install(treeKey('b1'), async (folder) => fill(folder))
})

test('what is not Sluice’s stays, links are not followed, and a folder of others is never taken over', async (t) => {
  const { dir, cache } = cacheLab(t)
  const outside = temporaryFolder(t)
  writeFileSync(join(outside, 'mine'), 'mine')
  const mine = [
    'notes.txt',
    'downloads/film.mkv',
    'api/mine.json',
    'locks/mine',
    'trees/readme',
    'trees/o/r/b1/thing/x',
    '.tmp-1/x',
  ]
  for (const path of mine) {
    mkdirSync(join(dir, path, '..'), { recursive: true })
    writeFileSync(join(dir, path), 'mine')
  }
  symlinkSync(outside, join(dir, 'trees/linked'))
  symlinkSync(outside, join(dir, 'trees/o/r/b1/linux-amd64-cpu-0123456789ab'))
  const tree = await cache.install(treeKey(), async (folder) => fill(folder))
  await cache.prune(0)
  assert.equal(existsSync(tree.folder), false)
  await cache.install(treeKey(), async (folder) => fill(folder))
  await cache.clean()
  assert.deepEqual(await cache.list(), [])
  for (const path of mine) assert.equal(readFileSync(join(dir, path), 'utf8'), 'mine', path)
  assert.deepEqual(readdirSync(outside), ['mine'])
  assert.equal(existsSync(join(dir, '.sluice-cache')), false)
})

test('a folder with nothing in it but a folder "downloads" of somebody is not taken over', async (t) => {
  const { dir, cache } = cacheLab(t)
  mkdirSync(join(dir, 'downloads'), { recursive: true })
  writeFileSync(join(dir, 'downloads/film.mkv'), 'mine')
  await cache.install(treeKey(), async (folder) => fill(folder))
  await cache.clean()
  assert.equal(readFileSync(join(dir, 'downloads/film.mkv'), 'utf8'), 'mine')
})
