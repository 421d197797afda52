import assert from 'node:assert/strict'
import { mkdirSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import { noRealLibrary, realLibraryFolder } from '../../../test/support/llama-library.ts'
import { temporaryFolder } from '../../../test/support/temporary-folder.ts'
import { findLibrary } from './find-library.ts'

function folderWith(t: TestContext, paths: readonly string[]): string {
  const folder = realpathSync(temporaryFolder(t))
  for (const path of paths) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), '')
  }
  return folder
}

async function found(
  folder: string,
  os: 'linux' | 'darwin' | 'windows' = 'linux',
  tag?: string,
): Promise<string | null> {
  const library = await findLibrary(folder, { os }, tag)
  return library === null ? null : relative(folder, library.path)
}

test('newer layouts go before older ones, and any folder before none', async (t) => {
  const paths = ['llama-b9000/libllama.so', 'libllama.so', 'build/bin/libllama.so', 'x/y/libllama.so']
  const order = ['llama-b9000/libllama.so', 'libllama.so', 'build/bin/libllama.so', 'x/y/libllama.so']
  for (let from = 0; from < paths.length; from++)
    assert.equal(await found(folderWith(t, paths.slice(from))), order[from])
})

test('the plain name goes before .0 and that before the highest version; other libraries are never taken', async (t) => {
  const versions = ['libllama.so.0.0.9', 'libllama.so.0.0.10', 'libllama.so.0', 'libllama.so']
  for (let count = versions.length; count > 0; count--)
    assert.equal(await found(folderWith(t, versions.slice(0, count))), count === 1 ? versions[0] : versions[count - 1])
  assert.equal(await found(folderWith(t, ['libllama-common.so', 'libllama-server-impl.so.0', 'libggml.so'])), null)
  assert.equal(await found(folderWith(t, ['libllama.0.dylib', 'libllama.so']), 'darwin'), 'libllama.0.dylib')
  assert.equal(await found(folderWith(t, ['build/bin/llama.dll', 'llama.so']), 'windows'), 'build/bin/llama.dll')
})

test('five folders deep is the end', async (t) => {
  assert.equal(await found(folderWith(t, ['1/2/3/4/5/libllama.so'])), '1/2/3/4/5/libllama.so')
  assert.equal(await found(folderWith(t, ['1/2/3/4/5/6/libllama.so'])), null)
})

test('a link counts when it leads to a file in the folder; others are passed over', async (t) => {
  const folder = folderWith(t, ['in/libllama.so.0.0.1'])
  const outside = folderWith(t, ['libllama.so', 'deep/libllama.so'])
  symlinkSync(join(outside, 'libllama.so'), join(folder, 'libllama.so'))
  symlinkSync('nowhere', join(folder, 'libllama.so.0'))
  symlinkSync('libllama.so.3', join(folder, 'libllama.so.3'))
  symlinkSync(join(outside, 'deep'), join(folder, 'bin'))
  symlinkSync('libllama.so.0.0.1', join(folder, 'in/libllama.so'))
  assert.equal(await found(folder), 'in/libllama.so')
})

test('the chain of links of a real release is found', { skip: noRealLibrary }, async (t) => {
  const { folder } = await realLibraryFolder(t, { backends: /-x64/ })
  const library = await findLibrary(dirname(folder), { os: 'linux' })
  assert.deepEqual(library, { path: join(realpathSync(folder), 'libllama.so'), dir: realpathSync(folder) })
})
