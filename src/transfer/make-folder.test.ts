import assert from 'node:assert/strict'
import { existsSync, mkdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { temporaryFolder } from '../../test/support/temporary-folder.ts'
import { makeFolder } from './make-folder.ts'

test('a folder is made with those above it, and one that is there is left as it is', (t) => {
  const top = temporaryFolder(t)
  makeFolder(join(top, 'a', 'b', 'c'), 0o700)
  assert.equal(statSync(join(top, 'a', 'b', 'c')).mode & 0o777, 0o700)
  mkdirSync(join(top, 'open'))
  const { mode } = statSync(join(top, 'open'))
  makeFolder(join(top, 'open'), 0o700)
  assert.equal(statSync(join(top, 'open')).mode, mode)
  makeFolder('.')
  makeFolder('/')
})

test('a file in the way is an error of the file system', (t) => {
  const file = join(temporaryFolder(t), 'file')
  writeFileSync(file, '')
  assert.throws(() => makeFolder(file), { code: 'EEXIST' })
  assert.throws(() => makeFolder(join(file, 'below')), { code: 'ENOTDIR' })
})

test('a file system that takes no folders is told, however deep the folder', () => {
  assert.ok(existsSync('/proc/self'))
  for (const path of ['/proc/none', '/proc/none/below'])
    assert.throws(() => makeFolder(path), { code: 'disk-permission' })
})
