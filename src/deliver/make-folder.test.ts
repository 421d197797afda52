import assert from 'node:assert/strict'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { temporaryFolder } from '../../test/support/temporary-folder.ts'
import { placeArtifactFiles } from './artifact-writer.ts'
import { makeFolder } from './make-folder.ts'
import { openOllamaStore } from './ollama-store.ts'

test('folders are made from the outermost on, and those that are there are left as they are', async (t) => {
  const top = temporaryFolder(t)
  mkdirSync(join(top, 'a'))
  const made: string[] = []
  await makeFolder(join(top, 'a', 'b', 'c'), async (path) => void made.push(path))
  assert.deepEqual(made, [join(top, 'a', 'b'), join(top, 'a', 'b', 'c')])
  await makeFolder(top, () => assert.fail('it was there'))
  writeFileSync(join(top, 'file'), '')
  await assert.rejects(makeFolder(join(top, 'file')), { code: 'EEXIST' })
  await assert.rejects(makeFolder(join(top, 'file', 'below')), { code: 'ENOTDIR' })
})

test('a file system that takes no folders is told by all that make one', async () => {
  assert.ok(existsSync('/proc/self'))
  const refused = { code: 'disk-permission', exitCode: 6, message: /No folder can be made there: \/proc\/none/ }
  for (const dir of ['/proc/none', '/proc/none/below']) {
    await assert.rejects(makeFolder(dir), refused)
    await assert.rejects(openOllamaStore(dir).prepare(), refused)
    await assert.rejects(placeArtifactFiles({ dir, files: [], ifExists: 'rename' }), refused)
  }
})
