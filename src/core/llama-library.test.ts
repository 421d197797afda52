import assert from 'node:assert/strict'
import { test } from 'node:test'
import { libraryNames, mainLibrary } from './llama-library.ts'

const linux = { os: 'linux' } as const
const find = (paths: string[], os: 'linux' | 'darwin' | 'windows' = 'linux'): string | null =>
  mainLibrary(paths, { os }, 'b11429')

test('every layout that archives have had is found', () => {
  assert.equal(find(['llama-b11429/libggml.so', 'llama-b11429/libllama.so']), 'llama-b11429/libllama.so')
  assert.equal(find(['LICENSE', 'libllama.so']), 'libllama.so')
  assert.equal(find(['build/bin/libllama.so']), 'build/bin/libllama.so')
  assert.equal(find(['bin/llama.dll'], 'windows'), 'bin/llama.dll')
  assert.equal(find(['llama.dll', 'ggml.dll'], 'windows'), 'llama.dll')
  assert.equal(find(['lib/libllama.dylib'], 'darwin'), 'lib/libllama.dylib')
  assert.equal(find(['some/where/else/libllama.so']), 'some/where/else/libllama.so')
})

test('newer layouts come before older ones, shallow folders before deep ones', () => {
  assert.equal(find(['build/bin/libllama.so', 'llama-b11429/libllama.so', 'libllama.so']), 'llama-b11429/libllama.so')
  assert.equal(find(['x/y/libllama.so', 'z/libllama.so']), 'z/libllama.so')
  assert.equal(find(['b/libllama.so', 'a/libllama.so']), 'a/libllama.so')
})

test('the plain name comes before .0 and that before the highest version', () => {
  assert.equal(find(['libllama.so.0.0.9', 'libllama.so.0', 'libllama.so']), 'libllama.so')
  assert.equal(find(['libllama.so.0.0.9', 'libllama.so.0']), 'libllama.so.0')
  assert.equal(find(['libllama.so.0.9.0', 'libllama.so.0.10.0']), 'libllama.so.0.10.0')
  assert.equal(find(['libllama.0.9.0.dylib', 'libllama.0.dylib'], 'darwin'), 'libllama.0.dylib')
})

test('libraries beside it are not taken for it', () => {
  const others = [
    'libllama-common.so',
    'libllama-common.so.0',
    'libllama-server-impl.so',
    'libllama.so.txt',
    'libllama.soup',
    'xlibllama.so',
  ]
  assert.equal(find(others), null)
  assert.equal(find(['libllama.so', 'libllama.dylib'], 'windows'), null)
  assert.equal(find(['libllama-common.dylib', 'libllama.dylib.dSYM'], 'darwin'), null)
  assert.equal(find(['a/b/c/d/e/f/libllama.so']), null)
  assert.equal(find([]), null)
})

test('the names are told by platform', () => {
  assert.equal(libraryNames(linux).main, 'libllama.so')
  assert.equal(libraryNames({ os: 'darwin' }).main, 'libllama.dylib')
  assert.deepEqual(libraryNames({ os: 'windows' }), { main: 'llama.dll', versioned: null })
})
