import assert from 'node:assert/strict'
import { existsSync, mkdirSync, readdirSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { source, startNode } from '../../test/support/node-child.ts'
import { temporaryFolder } from '../../test/support/temporary-folder.ts'
import { takeLock } from './lock.ts'
import { ownerToken } from './owner.ts'

const take = `import { takeLock } from ${source('transfer/lock.ts')};`

test('in one process one transfer holds a lock at a time', (t) => {
  const folder = temporaryFolder(t)
  const first = takeLock(folder, Date.now())
  assert.ok(first)
  assert.equal(takeLock(folder, Date.now()), null)
  first.release()
  assert.ok(takeLock(folder, Date.now()))
})

test('a lock that was released leaves nothing behind, and may be released twice', (t) => {
  const folder = temporaryFolder(t)
  const lock = takeLock(folder, Date.now())
  lock?.release()
  lock?.release()
  assert.deepEqual(readdirSync(folder), [])
})

test('another process gets the lock only after the holder let go', async (t) => {
  const folder = temporaryFolder(t)
  const path = JSON.stringify(folder)
  const lock = takeLock(folder, Date.now())
  const turnedDown = startNode(t, `${take} console.log(takeLock(${path}, Date.now()) === null)`)
  assert.equal(await turnedDown.line(), 'true')
  await turnedDown.ended
  assert.equal(readdirSync(folder).length, 1)
  lock?.release()
  const next = startNode(t, `${take} console.log(takeLock(${path}, Date.now()) === null)`)
  assert.equal(await next.line(), 'false')
})

test('the lock of a living process is respected, that of a killed one is taken over', async (t) => {
  const folder = temporaryFolder(t)
  const child = startNode(
    t,
    `${take} console.log(takeLock(${JSON.stringify(folder)}, Date.now()) !== null); setInterval(() => {}, 1000)`,
  )
  assert.equal(await child.line(), 'true')
  assert.equal(takeLock(folder, Date.now()), null)
  await child.kill()
  assert.ok(takeLock(folder, Date.now()))
  assert.deepEqual(readdirSync(folder), [`lock-${ownerToken()}`])
})

test('of two processes that try at the same moment at most one goes on, hundreds of times', async (t) => {
  const root = temporaryFolder(t)
  const rounds = 300
  for (let round = 0; round < rounds; round++) mkdirSync(join(root, String(round)))
  const racer = `${take}
    import { existsSync } from 'node:fs'
    console.log('ready')
    while (!existsSync(${JSON.stringify(join(root, 'go'))})) {}
    const won = []
    for (let round = 0; round < ${rounds}; round++) if (takeLock(${JSON.stringify(root)} + '/' + round, Date.now())) won.push(round)
    console.log(JSON.stringify(won))
    setInterval(() => {}, 1000)`
  const racers = [startNode(t, racer), startNode(t, racer)]
  for (const one of racers) await one.line()
  writeFileSync(join(root, 'go'), '')
  const [first = [], second = []] = await Promise.all(
    racers.map(async (one) => JSON.parse(await one.line()) as number[]),
  )
  assert.deepEqual(
    first.filter((round) => second.includes(round)),
    [],
  )
  assert.ok(first.length + second.length > 0)
})

test('a lock from another machine counts until it was not refreshed for a minute', (t) => {
  const folder = temporaryFolder(t)
  const foreign = join(folder, 'lock-0123456789abcdef-17-4711')
  writeFileSync(foreign, '')
  const { mtimeMs } = statSync(foreign)
  assert.equal(takeLock(folder, mtimeMs + 59_000), null)
  assert.ok(existsSync(foreign))
  assert.ok(takeLock(folder, mtimeMs + 61_000))
  assert.ok(!existsSync(foreign))
})

test('refreshing shows others that the holder lives', (t) => {
  const folder = temporaryFolder(t)
  const lock = takeLock(folder, Date.now() - 20_000)
  const mark = join(folder, `lock-${ownerToken()}`)
  utimesSync(mark, new Date(0), new Date(0))
  lock?.refresh(Date.now())
  assert.ok(Date.now() - statSync(mark).mtimeMs < 30_000)
})
