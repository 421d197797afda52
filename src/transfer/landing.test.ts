import assert from 'node:assert/strict'
import { existsSync, mkdirSync, readFileSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { mock, test } from 'node:test'
import type { TestContext } from 'node:test'
import { source, startNode } from '../../test/support/node-child.ts'
import { temporaryFolder } from '../../test/support/temporary-folder.ts'

/** Stands for file systems without hard links. Installed before the module takes its functions. */
let linkFault: string | null = null
const { linkSync } = process.getBuiltinModule('node:fs')
mock.method(process.getBuiltinModule('node:fs'), 'linkSync', (from: string, to: string) => {
  if (linkFault === null) return linkSync(from, to)
  throw Object.assign(new Error(linkFault), { code: linkFault })
})
const { isTaken, land, landingPlace, moveWithoutReplacing, syncFolder } = await import('./landing.ts')

function folderWithPart(t: TestContext): { dir: string; part: string; read: (name: string) => string } {
  const dir = temporaryFolder(t)
  const part = join(dir, 'f.bin.part')
  writeFileSync(part, 'new')
  return { dir, part, read: (name) => readFileSync(join(dir, name), 'utf8') }
}

for (const fault of [null, 'EPERM', 'ENOTSUP'] as const) {
  const how = fault === null ? 'with hard links' : `where links fail with ${fault}`
  const begin = (t: TestContext): ReturnType<typeof folderWithPart> => {
    linkFault = fault
    t.after(() => (linkFault = null))
    return folderWithPart(t)
  }

  test(`${how}: a free name is taken by every policy and the part is gone`, (t) => {
    for (const policy of ['rename', 'overwrite', 'skip', 'fail'] as const) {
      const { dir, part, read } = begin(t)
      assert.equal(land(part, dir, 'f.bin', policy), join(dir, 'f.bin'))
      assert.deepEqual(readdirSync(dir), ['f.bin'])
      assert.equal(read('f.bin'), 'new')
    }
  })

  test(`${how}: a taken name stays as it is and gives numbers to the others`, (t) => {
    const { dir, part, read } = begin(t)
    writeFileSync(join(dir, 'f.tar.gz'), 'old')
    writeFileSync(join(dir, 'f (1).tar.gz'), 'older')
    mkdirSync(join(dir, 'f (2).tar.gz'))
    symlinkSync('nowhere', join(dir, 'f (3).tar.gz'))
    assert.equal(land(part, dir, 'f.tar.gz', 'rename'), join(dir, 'f (4).tar.gz'))
    assert.deepEqual(['f.tar.gz', 'f (1).tar.gz', 'f (4).tar.gz'].map(read), ['old', 'older', 'new'])
  })

  test(`${how}: fail and skip never replace and keep the part`, (t) => {
    for (const policy of ['skip', 'fail'] as const) {
      const { dir, part, read } = begin(t)
      writeFileSync(join(dir, 'f.bin'), 'old')
      assert.throws(() => land(part, dir, 'f.bin', policy), { code: 'target-exists' })
      assert.deepEqual([read('f.bin'), read('f.bin.part')], ['old', 'new'])
    }
  })

  test(`${how}: overwrite replaces a file, or the link and not what it leads to`, (t) => {
    const { dir, part, read } = begin(t)
    writeFileSync(join(dir, 'elsewhere'), 'old')
    symlinkSync('elsewhere', join(dir, 'f.bin'))
    land(part, dir, 'f.bin', 'overwrite')
    assert.deepEqual([read('elsewhere'), read('f.bin')], ['old', 'new'])
  })
}

test('overwrite does not replace a folder', (t) => {
  const { dir, part } = folderWithPart(t)
  mkdirSync(join(dir, 'f.bin'))
  assert.throws(() => land(part, dir, 'f.bin', 'overwrite'), { code: 'disk' })
  assert.deepEqual(readdirSync(dir).sort(), ['f.bin', 'f.bin.part'])
})

test('another fault of the disk is told, and the part stays', (t) => {
  const { dir, part } = folderWithPart(t)
  linkFault = 'ENOSPC'
  t.after(() => (linkFault = null))
  assert.throws(() => land(part, dir, 'f.bin', 'rename'), { code: 'disk-full' })
  assert.deepEqual(readdirSync(dir), ['f.bin.part'])
})

test('where links fail and the move fails too, the name that was reserved is given back', (t) => {
  const { dir } = folderWithPart(t)
  linkFault = 'EPERM'
  t.after(() => (linkFault = null))
  assert.throws(() => moveWithoutReplacing(join(dir, 'none.part'), join(dir, 'f.bin')), { code: 'ENOENT' })
  assert.deepEqual(readdirSync(dir), ['f.bin.part'])
})

test('after 999 copies there is an end', (t) => {
  const { dir, part } = folderWithPart(t)
  writeFileSync(join(dir, 'f'), '')
  for (let n = 1; n <= 998; n++) writeFileSync(join(dir, `f (${n})`), '')
  assert.equal(land(part, dir, 'f', 'rename'), join(dir, 'f (999)'))
  writeFileSync(part, 'new')
  assert.throws(() => land(part, dir, 'f', 'rename'), { code: 'target-exists' })
})

test('a name is taken by a file, a folder, a link and a link that leads nowhere', (t) => {
  const { dir, part } = folderWithPart(t)
  symlinkSync(part, join(dir, 'link'))
  symlinkSync('nowhere', join(dir, 'dangling'))
  assert.deepEqual([part, dir, join(dir, 'link'), join(dir, 'dangling'), join(dir, 'free')].map(isTaken), [
    true,
    true,
    true,
    true,
    false,
  ])
})

test('two processes that land a hundred files under one name each lose none', async (t) => {
  const dir = temporaryFolder(t)
  const racer = (who: string): string => `
    import { existsSync, writeFileSync } from 'node:fs'
    import { land } from ${source('transfer/landing.ts')}
    const dir = ${JSON.stringify(dir)}
    for (let n = 0; n < 100; n++) writeFileSync(dir + '/${who}' + n + '.part', '${who}' + n)
    console.log('ready')
    while (!existsSync(dir + '/go')) {}
    for (let n = 0; n < 100; n++) land(dir + '/${who}' + n + '.part', dir, 'f.bin', 'rename')
    console.log('done')`
  const racers = [startNode(t, racer('a')), startNode(t, racer('b'))]
  for (const one of racers) await one.line()
  writeFileSync(join(dir, 'go'), '')
  for (const one of racers) assert.equal(await one.line(), 'done')
  const landed = readdirSync(dir).filter((name) => name !== 'go')
  assert.equal(landed.length, 200)
  assert.equal(new Set(landed.map((name) => readFileSync(join(dir, name), 'utf8'))).size, 200)
})

test('a folder can be synced, one that is gone has nothing to sync', async (t) => {
  await syncFolder(temporaryFolder(t))
  await syncFolder('/nowhere/at/all')
})

test('the place that a part will get is known before', (t) => {
  const { dir, part } = folderWithPart(t)
  assert.equal(landingPlace(dir, 'f.bin', 'rename'), join(dir, 'f.bin'))
  writeFileSync(join(dir, 'f.bin'), 'old')
  writeFileSync(join(dir, 'f (1).bin'), 'old')
  for (const policy of ['overwrite', 'skip', 'fail'] as const)
    assert.equal(landingPlace(dir, 'f.bin', policy), join(dir, 'f.bin'))
  assert.equal(landingPlace(dir, 'f.bin', 'rename'), land(part, dir, 'f.bin', 'rename'))
})

test('a part that has its final name already, from a run that was killed, gets no second one', (t) => {
  const { dir, part } = folderWithPart(t)
  linkSync(part, join(dir, 'f.bin'))
  assert.equal(land(part, dir, 'f.bin', 'rename'), join(dir, 'f.bin'))
  assert.ok(!existsSync(part))
  assert.deepEqual(readdirSync(dir), ['f.bin'])
})
