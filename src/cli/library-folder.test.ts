import assert from 'node:assert/strict'
import { test } from 'node:test'
import { llamaOptions } from '../config/llama-options.ts'
import { resolveSettings } from '../config/resolve.ts'
import { libraryFolder } from './library-folder.ts'

function folder(env: Record<string, string>, flags: Record<string, string[]> = {}): string {
  const file = new Map([['cache-dir', ['/file']]])
  const given = { flags: new Map(Object.entries(flags)), env, file, filePath: '/c.toml' }
  return libraryFolder(resolveSettings(llamaOptions, given), env)
}

test('the folder of the flag goes before those of the environment, and they before that of the file', () => {
  const general = { SLUICE_CACHE_DIR: '/general' }
  const exact = { ...general, SLUICE_LLAMA_CACHE_DIR: '/exact' }
  assert.equal(folder({}), '/file')
  assert.equal(folder(general), '/general/llama')
  assert.equal(folder(exact), '/exact')
  assert.equal(folder(exact, { 'cache-dir': ['/flag'] }), '/flag')
})
