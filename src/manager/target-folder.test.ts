import assert from 'node:assert/strict'
import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import fc from 'fast-check'
import { SluiceError } from '../core/errors.ts'
import { createTargetFolder } from './target-folder.ts'
import type { TargetFolder } from './target-folder.ts'

let base: string
let folder: TargetFolder

before(async () => {
  base = await realpath(await mkdtemp(join(tmpdir(), 'sluice-target-')))
  const root = join(base, 'root')
  await mkdir(join(root, 'sub'), { recursive: true })
  await mkdir(join(root, '.git'))
  await mkdir(join(base, 'root-not'))
  await writeFile(join(root, 'file'), '')
  await writeFile(join(base, 'outside'), '')
  await symlink(base, join(root, 'out'))
  await symlink('sub', join(root, 'in'))
  await symlink('.git', join(root, 'repository'))
  await symlink(join(base, 'later'), join(root, 'dangling'))
  await symlink('loop', join(root, 'loop'))
  await symlink(join(base, 'outside'), join(root, 'link'))
  await symlink(root, join(base, 'door'))
  folder = await createTargetFolder(join(base, 'door'))
})
after(() => rm(base, { recursive: true }))

function refused(dir: string, words: RegExp): Promise<void> {
  return assert.rejects(
    folder.resolve(dir),
    (error) => error instanceof SluiceError && error.code === 'usage' && words.test(error.message),
    dir,
  )
}

test('the root is made where it is missing, and is the real one', async () => {
  assert.equal(folder.root, join(base, 'root'))
  assert.equal((await createTargetFolder(join(base, 'new', 'deep'))).root, join(base, 'new', 'deep'))
  await assert.rejects(createTargetFolder(join(base, 'outside')), { code: 'disk-permission' })
})

test('folders in the root and below are given, whether they exist or not', async () => {
  const { root } = folder
  assert.equal(await folder.resolve(), root)
  assert.equal(await folder.resolve(''), root)
  assert.equal(await folder.resolve('.'), root)
  assert.equal(await folder.resolve('sub/new/deep'), join(root, 'sub', 'new', 'deep'))
  assert.equal(await folder.resolve(join(root, 'sub')), join(root, 'sub'))
  assert.equal(await folder.resolve(join(base, 'door', 'sub', 'x')), join(root, 'sub', 'x'))
  assert.equal(await folder.resolve('in/x'), join(root, 'sub', 'x'))
})

test('whatever leads out is refused: dots, absolute paths, links', async () => {
  for (const dir of [
    '..',
    '../root/sub',
    'sub/../..',
    'sub/..',
    'a\\..\\b',
    base,
    '/',
    join(base, 'root-not'),
    'out',
    'out/new',
  ])
    await refused(dir, /leads out of the folder/)
  await refused('dangling', /link that leads nowhere/)
  await refused('dangling/x', /link that leads nowhere/)
  await refused('loop/x', /cannot be opened/)
})

test('files, hidden folders and names that no folder can have are refused', async () => {
  await refused('file', /is not a folder/)
  await refused('file/x', /leads through a file/)
  await refused('.ssh', /is hidden/)
  await refused('repository/hooks', /is hidden/)
  await refused('a\0b', /control character/)
  await refused('a\nb', /control character/)
  await refused('x'.repeat(300), /cannot be opened/)
})

test('only true files in the folder count as contained', async () => {
  const { root } = folder
  assert.equal(await folder.contains(join(root, 'file')), true)
  assert.equal(await folder.contains(join(base, 'door', 'file')), true)
  for (const path of ['file', join(base, 'outside'), join(root, '..', 'outside'), join(root, 'out', 'outside')])
    assert.equal(await folder.contains(path), false, path)
  for (const name of ['link', 'sub', 'missing', 'file/x', 'missing/x'])
    assert.equal(await folder.contains(join(root, name)), false, name)
})

test('property: no text gives a folder outside', async () => {
  const part = fc.oneof(
    fc.constantFrom('..', '.', '', 'out', 'in', 'sub', '/', '\\', '~', base, 'dangling'),
    fc.string({ unit: 'binary', maxLength: 4 }),
  )
  await fc.assert(
    fc.asyncProperty(fc.array(part, { maxLength: 6 }), async (parts) => {
      try {
        const path = await folder.resolve(parts.join('/'))
        assert.ok(path === folder.root || path.startsWith(`${folder.root}/`), path)
      } catch (error) {
        assert.ok(error instanceof SluiceError && error.code === 'usage', String(error))
      }
    }),
    { numRuns: 500 },
  )
})
