import assert from 'node:assert/strict'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { temporaryFolder } from '../../test/support/temporary-folder.ts'
import { findModelsFolder, modelsFolder } from './models-folder.ts'
import type { FolderFacts } from './models-folder.ts'

const service = '/usr/share/ollama/.ollama/models'

function folder(facts: Partial<FolderFacts> & { there?: readonly string[] }): string {
  const { there = [], ...rest } = facts
  return modelsFolder({ env: {}, platform: 'linux', home: '/home/u', exists: (path) => there.includes(path), ...rest })
}

test('OLLAMA_MODELS wins, with ~ for the home folder, and without the quotes and spaces that ollama drops too', () => {
  const told = (value: string): string => folder({ env: { OLLAMA_MODELS: value }, there: [service] })
  assert.equal(told('/data/models'), '/data/models')
  assert.equal(told('/data/models/../m/'), '/data/m/')
  assert.equal(told('~'), '/home/u')
  assert.equal(told('~/m'), '/home/u/m')
  assert.equal(told(' "/data/my models" '), '/data/my models')
  assert.equal(told(''), service)
  assert.equal(told('  '), service)
})

test('a relative OLLAMA_MODELS is refused, as nobody knows from where it counts', () => {
  for (const value of ['models', './models', '~other/models'])
    assert.throws(() => folder({ env: { OLLAMA_MODELS: value } }), { code: 'usage' })
})

test('without it the home folder, and on Linux that of the service when the user has none', () => {
  const own = '/home/u/.ollama/models'
  assert.equal(folder({}), own)
  assert.equal(folder({ there: [service] }), service)
  assert.equal(folder({ there: [service, own] }), own)
  assert.equal(folder({ there: [service], platform: 'darwin', home: '/Users/u' }), '/Users/u/.ollama/models')
  assert.equal(folder({ home: '/root', there: [service] }), service)
  assert.equal(folder({ home: '/usr/share/ollama', there: [service] }), service)
})

test('Windows has its own paths', () => {
  const windows = { platform: 'win32', home: 'C:\\Users\\u' } as const
  assert.equal(folder({ ...windows, there: [service] }), 'C:\\Users\\u\\.ollama\\models')
  assert.equal(folder({ ...windows, env: { OLLAMA_MODELS: 'D:\\m' } }), 'D:\\m')
  assert.equal(folder({ ...windows, env: { OLLAMA_MODELS: '~\\m' } }), 'C:\\Users\\u\\m')
  assert.throws(() => folder({ ...windows, env: { OLLAMA_MODELS: 'm' } }), { code: 'usage' })
})

test('the folder of this machine comes from its environment', (t) => {
  const home = temporaryFolder(t)
  mkdirSync(join(home, '.ollama', 'models'), { recursive: true })
  assert.equal(findModelsFolder({ HOME: home }, 'linux'), join(home, '.ollama', 'models'))
  assert.equal(findModelsFolder({ HOME: home, OLLAMA_MODELS: '/m' }, 'linux'), '/m')
})
