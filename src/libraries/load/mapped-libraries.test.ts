import assert from 'node:assert/strict'
import { test } from 'node:test'
import { mappedLibraries } from './mapped-libraries.ts'

test('the files of llama.cpp in memory are told once each, others are not', async () => {
  const line = (path: string): string => `7f1200000000-7f1200001000 r-xp 00000000 fd:00 12345      ${path}`
  const paths = [
    '/a/libllama.so.0.0.1',
    '/a/libllama.so.0.0.1',
    '/a b/libggml-base.so',
    '/a/libggml.v0.5.0.so (deleted)',
    '/a/libllamafile.so',
    '/usr/lib/libc.so.6',
    '[heap]',
  ]
  const text = [...paths.map(line), '7f12-7f13 rw-p 00000000 00:00 0', ''].join('\n')
  assert.deepEqual(await mappedLibraries(async () => text), [
    '/a/libllama.so.0.0.1',
    '/a b/libggml-base.so',
    '/a/libggml.v0.5.0.so',
  ])
  assert.deepEqual(await mappedLibraries(async () => ''), [])
})
