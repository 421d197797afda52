import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { SluiceError } from '../core/errors.ts'
import { loadConfig } from './load.ts'
import { getOptions } from './options.ts'

const folder = mkdtempSync(join(tmpdir(), 'sluice-config-'))
after(() => rmSync(folder, { recursive: true }))

function written(text: string): string {
  const path = join(folder, 'config.toml')
  writeFileSync(path, text)
  return path
}

test('keys are the long flags; lists are allowed where a flag may be repeated', async () => {
  const path = written('# mine\ndir = "/data"\njobs = 8\nno-progress = true\nheader = ["A: 1", "B: 2"]\n')
  const values = await loadConfig(path, getOptions, true)
  assert.deepEqual(Object.fromEntries(values), {
    dir: ['/data'],
    jobs: ['8'],
    'no-progress': ['true'],
    header: ['A: 1', 'B: 2'],
  })
})

test('a missing file is an empty one, unless it was named', async () => {
  const path = join(folder, 'none.toml')
  assert.equal((await loadConfig(path, getOptions, false)).size, 0)
  await assert.rejects(loadConfig(path, getOptions, true), { code: 'usage' })
  await assert.rejects(loadConfig(folder, getOptions, false), { code: 'usage' }, 'a folder')
})

test('unknown keys, keys that belong to a single run, wrong kinds and broken TOML are refused with the path', async () => {
  for (const text of [
    'job = 8',
    'insecure = true',
    'output = "x"',
    'jobs = [1]',
    'dir = {a = 1}',
    'jobs = ',
    '__proto__ = 1',
  ]) {
    const path = written(text)
    await assert.rejects(loadConfig(path, getOptions, true), (error) => {
      assert.ok(error instanceof SluiceError && error.code === 'usage', text)
      assert.ok(error.message.includes(path) && !error.message.includes('\n'), error.message)
      return true
    })
  }
})
