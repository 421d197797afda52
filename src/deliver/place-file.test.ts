import assert from 'node:assert/strict'
import fs from 'node:fs/promises'
import { mkdirSync, readFileSync, readdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import { join } from 'node:path'
import { mock, test } from 'node:test'
import type { TestContext } from 'node:test'
import { temporaryFolder } from '../../test/support/temporary-folder.ts'

/** Stands for file systems without hard links. Installed before the module takes its functions. */
let linkFault: string | null = null
const { link } = fs
mock.method(fs, 'link', async (from: string, to: string) => {
  if (linkFault === null) return link(from, to)
  throw Object.assign(new Error(linkFault), { code: linkFault, syscall: 'link' })
})
syncBuiltinESMExports()
const { linkOrCopy, linkWhereFree, placeFile } = await import('./place-file.ts')

function withoutLinks(t: TestContext, code: string): void {
  linkFault = code
  t.after(() => (linkFault = null))
}

function folder(t: TestContext): { dir: string; from: string; to: string; read: (name: string) => string } {
  const dir = temporaryFolder(t)
  const [from, to] = [join(dir, 'part'), join(dir, 'f.tar.gz')]
  writeFileSync(from, 'new')
  return { dir, from, to, read: (name) => readFileSync(join(dir, name), 'utf8') }
}

for (const fault of [null, 'EPERM', 'ENOTSUP']) {
  const how = fault === null ? 'with hard links' : `where links fail with ${fault}`
  const begin = (t: TestContext): ReturnType<typeof folder> => {
    if (fault !== null) withoutLinks(t, fault)
    return folder(t)
  }

  test(`${how}: a free name is taken by every policy and the old name is gone`, async (t) => {
    for (const policy of ['rename', 'overwrite', 'skip', 'fail'] as const) {
      const { dir, from, to, read } = begin(t)
      assert.equal(await placeFile(from, to, policy), to)
      assert.deepEqual(readdirSync(dir), ['f.tar.gz'])
      assert.equal(read('f.tar.gz'), 'new')
    }
  })

  test(`${how}: a taken name stays as it is, and rename finds the first number that is free`, async (t) => {
    const { dir, from, to, read } = begin(t)
    writeFileSync(to, 'old')
    mkdirSync(join(dir, 'f (1).tar.gz'))
    symlinkSync('nowhere', join(dir, 'f (2).tar.gz'))
    for (const policy of ['skip', 'fail'] as const) {
      await assert.rejects(placeFile(from, to, policy), { code: 'target-exists' })
    }
    assert.equal(await placeFile(from, to, 'rename'), join(dir, 'f (3).tar.gz'))
    assert.deepEqual([read('f.tar.gz'), read('f (3).tar.gz')], ['old', 'new'])
  })

  test(`${how}: overwrite puts the new file in the place of the old one`, async (t) => {
    const { dir, from, to, read } = begin(t)
    writeFileSync(to, 'old')
    assert.equal(await placeFile(from, to, 'overwrite'), to)
    assert.deepEqual(readdirSync(dir), ['f.tar.gz'])
    assert.equal(read('f.tar.gz'), 'new')
  })
}

test('a second name is the same file, a copy where links fail or lead to another disk', async (t) => {
  const one = folder(t)
  await linkOrCopy(one.from, one.to)
  assert.equal(statSync(one.from).ino, statSync(one.to).ino)
  for (const code of ['EXDEV', 'EPERM']) {
    await t.test(code, async (inner) => {
      withoutLinks(inner, code)
      const { from, to, read } = folder(inner)
      await linkOrCopy(from, to)
      assert.notEqual(statSync(from).ino, statSync(to).ino)
      assert.equal(read('f.tar.gz'), 'new')
      writeFileSync(to, 'mine')
      await assert.rejects(linkOrCopy(from, to), { code: 'EEXIST' })
      assert.equal(read('f.tar.gz'), 'mine')
    })
  }
})

test('a folder that is gone is an error of the disk', async (t) => {
  const { dir, from } = folder(t)
  await assert.rejects(placeFile(from, join(dir, 'none', 'f'), 'fail'), { code: 'disk' })
})

test('a second name is made where it is free, else nothing is changed', async (t) => {
  const { dir, from, to, read } = folder(t)
  assert.equal(await linkWhereFree(from, to), true)
  assert.deepEqual([read('part'), read('f.tar.gz')], ['new', 'new'])
  writeFileSync(join(dir, 'other'), 'old')
  assert.equal(await linkWhereFree(from, join(dir, 'other')), false)
  assert.equal(read('other'), 'old')
  symlinkSync(from, join(dir, 'link'))
  await assert.rejects(linkWhereFree(join(dir, 'link'), join(dir, 'third')), { code: 'internal' })
  withoutLinks(t, 'EPERM')
  assert.equal(await linkWhereFree(from, join(dir, 'third')), false)
  assert.deepEqual(readdirSync(dir).toSorted(), ['f.tar.gz', 'link', 'other', 'part'])
})
