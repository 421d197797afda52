import assert from 'node:assert/strict'
import { existsSync, mkdirSync, readdirSync, symlinkSync, truncateSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { source, startNode } from '../../test/support/node-child.ts'
import { checkOllamaStore } from '../../test/support/store-checker.ts'
import { install, smallModel, storeLab } from '../../test/support/store-fixture.ts'
import { temporaryFolder } from '../../test/support/temporary-folder.ts'

const hour = 60 * 60 * 1000

test('parts, their sessions and half-written files are told with what they take and when they were written to', async (t) => {
  const { dir, store, now } = await storeLab(t)
  await install(store, smallModel({}))
  assert.deepEqual(await store.leftovers(), [])
  const write = (path: string, text: string, hoursAgo: number): string => {
    const file = join(dir, '.sluice', path)
    mkdirSync(join(file, '..'), { recursive: true })
    writeFileSync(file, text)
    utimesSync(file, now / 1000, (now - hoursAgo * hour) / 1000)
    return file
  }
  const part = write('partial/sha256-aa.part', 'four', 3)
  const holes = write('partial/sha256-bb.part', 'x'.repeat(5000), 2)
  truncateSync(holes, 1_000_000_000)
  utimesSync(holes, now / 1000, (now - 2 * hour) / 1000)
  const session = write('partial/.staging/dl-0123456789abcdef/session.json', '{}', 5)
  utimesSync(join(session, '..'), now / 1000, (now - 4 * hour) / 1000)
  const half = write('.sluice-0000.new', 'x', 1)
  write('other.staging/session.json', 'x', 9)
  const found = await store.leftovers()
  assert.deepEqual(
    found.map(({ path, modifiedMs }) => [path, Math.round((now - modifiedMs) / hour)]),
    [
      [join(session, '..'), 4],
      [part, 3],
      [holes, 2],
      [half, 1],
    ],
  )
  assert.deepEqual([found[0]!.bytes, found[1]!.bytes, found[3]!.bytes], [2, 4, 1])
  assert.ok(found[2]!.bytes >= 5000 && found[2]!.bytes < 100_000, String(found[2]!.bytes))

  assert.deepEqual(
    (await store.removeLeftovers(3 * hour)).map(({ path }) => path),
    [join(session, '..'), part],
  )
  assert.deepEqual(readdirSync(store.partialDir), ['sha256-bb.part'])
  assert.equal((await store.removeLeftovers(0)).length, 2)
  assert.deepEqual(readdirSync(join(dir, '.sluice')).sort(), ['other.staging', 'partial', 'verified.json'])
  assert.deepEqual(await checkOllamaStore(dir), [])
})

test('of a link among the leftovers the link goes, not what it leads to', async (t) => {
  const { store } = await storeLab(t)
  const elsewhere = temporaryFolder(t)
  writeFileSync(join(elsewhere, 'mine'), 'x')
  symlinkSync(elsewhere, join(store.partialDir, 'link'))
  symlinkSync(elsewhere, join(store.partialDir, '.staging'))
  await store.removeLeftovers(-hour)
  assert.equal(existsSync(join(elsewhere, 'mine')), true)
})

test('a process that is killed at any moment leaves a valid store, and what else it leaves is found', async (t) => {
  const { dir, store } = await storeLab(t)
  const text = `
    import { install, smallModel } from ${source('../test/support/store-fixture.ts')}
    import { openOllamaStore } from ${source('deliver/ollama-store.ts')}
    const store = openOllamaStore(${JSON.stringify(dir)})
    console.log('ready')
    for (let n = 0; ; n++) {
      const layers = ['x'.repeat(300_000) + n % 5, 'y'.repeat(100_000)]
      await install(store, smallModel({ tag: 't' + n % 3 }, layers))
      await store.remove('small:t' + (n + 1) % 3).catch((error) => { if (error.code !== 'not-found') throw error })
    }`
  for (let kill = 0; kill < 8; kill++) {
    const child = startNode(t, text)
    assert.equal(await child.line(), 'ready')
    await pause(5 + kill * 11)
    await child.kill()
    assert.deepEqual(await checkOllamaStore(dir), [])
  }
  await store.removeLeftovers(-hour)
  assert.deepEqual(readdirSync(store.partialDir), [])
  assert.deepEqual(
    readdirSync(join(dir, '.sluice')).filter((name) => name !== 'verified.json'),
    ['partial'],
  )
  for (const { name, missing } of await store.list()) assert.deepEqual([name, missing], [name, []])
})
