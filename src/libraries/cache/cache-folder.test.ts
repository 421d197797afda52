import assert from 'node:assert/strict'
import { test } from 'node:test'
import { libraryCacheFolder } from './cache-folder.ts'
import type { CacheFolderFacts } from './cache-folder.ts'

function folder(part: Partial<CacheFolderFacts>): string {
  return libraryCacheFolder({ env: {}, platform: 'linux', home: '/h', ...part })
}

test('each system has its own place', () => {
  assert.equal(folder({}), '/h/.cache/sluice/llama')
  assert.equal(folder({ env: { XDG_CACHE_HOME: '/c' } }), '/c/sluice/llama')
  assert.equal(folder({ platform: 'darwin' }), '/h/Library/Caches/sluice/llama')
  const windows = { platform: 'win32', home: 'C:\\u' } as const
  assert.equal(folder(windows), 'C:\\u\\AppData\\Local\\sluice\\Cache\\llama')
  assert.equal(folder({ ...windows, env: { LOCALAPPDATA: 'D:\\l' } }), 'D:\\l\\sluice\\Cache\\llama')
})

test('a relative XDG folder and empty values count as none', () => {
  const env = { XDG_CACHE_HOME: 'c', SLUICE_LLAMA_CACHE_DIR: '', SLUICE_CACHE_DIR: '' }
  assert.equal(folder({ env, flag: '', config: '' }), '/h/.cache/sluice/llama')
})

test('flag, own variable, general variable and configuration decide in this order; what is exact stays as it is', () => {
  const env = { SLUICE_LLAMA_CACHE_DIR: '/exact', SLUICE_CACHE_DIR: '/own' }
  assert.equal(folder({ env, flag: '/flag', config: '/config' }), '/flag')
  assert.equal(folder({ env, config: '/config' }), '/exact')
  assert.equal(folder({ env: { SLUICE_CACHE_DIR: '/own' }, config: '/config' }), '/own/llama')
  assert.equal(folder({ config: '/config' }), '/config')
})

test('a ".." is refused wherever it comes from, in a name it is none', () => {
  const bad = ['/a/../b', '..', 'x/..', '..\\x', '/a/x/../../../../tmp/evil']
  for (const path of bad)
    for (const part of [
      { flag: path },
      { config: path },
      { env: { SLUICE_LLAMA_CACHE_DIR: path } },
      { env: { SLUICE_CACHE_DIR: path } },
    ])
      assert.throws(() => folder(part), { code: 'usage', message: /path traversal/ }, path)
  assert.throws(() => folder({ env: { XDG_CACHE_HOME: '/a/../b' } }), { code: 'usage' })
  assert.throws(() => folder({ flag: '/a\0b' }), { code: 'usage' })
  assert.equal(folder({ flag: '/a/..b/c..' }), '/a/..b/c..')
})
