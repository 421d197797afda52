import assert from 'node:assert/strict'
import { mkdirSync, readFileSync, readdirSync, renameSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import { temporaryFolder } from '../../../test/support/temporary-folder.ts'
import { createTreeWriter } from './tree-writer.ts'
import type { TreeWriter } from './tree-writer.ts'

async function* pieces(text = 'content'): AsyncGenerator<Uint8Array, void, void> {
  yield Buffer.from(text)
}

function lab(t: TestContext): { dir: string; root: string; writer: TreeWriter } {
  const dir = temporaryFolder(t)
  const root = join(dir, 'root')
  mkdirSync(root)
  return { dir, root, writer: createTreeWriter(root) }
}

test('nothing is written through a folder that was swapped for a link', async (t) => {
  const { dir, root, writer } = lab(t)
  mkdirSync(join(dir, 'outside'))
  await writer.file('d/first', pieces(), 0o644)
  renameSync(join(root, 'd'), join(root, 'old'))
  symlinkSync(join(dir, 'outside'), join(root, 'd'))
  const refused = { code: 'bad-archive', message: /took the place/ }
  await assert.rejects(writer.file('d/second', pieces(), 0o644), refused)
  await assert.rejects(writer.copy('old/first', 'd/third'), refused)
  await assert.rejects(writer.link('d/fourth', 'first', 'd/first'), refused)
  await assert.rejects(writer.folder('d/fifth'), refused)
  assert.deepEqual(readdirSync(join(dir, 'outside')), [])
})

test('what is there already is never opened, replaced or followed', async (t) => {
  const { dir, root, writer } = lab(t)
  writeFileSync(join(dir, 'canary'), 'untouched')
  await writer.file('source', pieces(), 0o644)
  for (const name of ['file', 'copy', 'link', 'folder']) symlinkSync(join(dir, 'canary'), join(root, name))
  symlinkSync(join(dir, 'new'), join(root, 'dangling'))
  const refused = { code: 'bad-archive', message: /there twice, as this disk sees it/ }
  await assert.rejects(writer.file('file', pieces(), 0o644), refused)
  await assert.rejects(writer.file('dangling', pieces(), 0o644), refused)
  await assert.rejects(writer.copy('source', 'copy'), refused)
  await assert.rejects(writer.link('link', 'source', 'source'), refused)
  await assert.rejects(writer.folder('folder'), refused)
  assert.equal(readFileSync(join(dir, 'canary'), 'utf8'), 'untouched')
  assert.deepEqual(readdirSync(dir).sort(), ['canary', 'root'])
})

test('a link that leads elsewhere on the disk is refused at the end', async (t) => {
  const { dir, writer } = lab(t)
  await writer.file('a', pieces(), 0o644)
  await writer.file('b', pieces(), 0o644)
  await writer.link('right', 'a', 'a')
  await writer.finish()
  await writer.link('wrong', 'b', 'a')
  await assert.rejects(writer.finish(), { code: 'bad-archive', message: /"wrong".*leads elsewhere/ })
  const other = lab(t)
  await other.writer.link('nowhere', 'nothing', 'nothing')
  await assert.rejects(other.writer.finish(), { code: 'disk' })
  assert.notEqual(dir, other.dir)
})
