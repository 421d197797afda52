import assert from 'node:assert/strict'
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { temporaryFolder } from '../../test/support/temporary-folder.ts'
import { removeStaging } from './staging-folder.ts'

const blob = `sha256-${'a'.repeat(64)}`

test('what a pull has staged goes with its folder', async (t) => {
  const staging = join(temporaryFolder(t), 'model.staging')
  for (const folder of ['models/blobs/.staging/dl-1', 'models/manifests/h/n/m'])
    mkdirSync(join(staging, folder), { recursive: true })
  for (const file of ['session.json', `writing-${blob}`, `models/blobs/${blob}`, `models/blobs/${blob}.part`])
    writeFileSync(join(staging, file), 'x')
  await removeStaging(staging)
  assert.equal(existsSync(staging), false)
})

test('files of somebody else stay, and their folders', async (t) => {
  const staging = join(temporaryFolder(t), 'model.staging')
  mkdirSync(join(staging, 'models/blobs'), { recursive: true })
  writeFileSync(join(staging, 'models/blobs/notes.txt'), 'mine')
  writeFileSync(join(staging, 'session.json'), '{}')
  await removeStaging(staging)
  assert.equal(readFileSync(join(staging, 'models/blobs/notes.txt'), 'utf8'), 'mine')
  assert.equal(existsSync(join(staging, 'session.json')), false)
})

test('links are never followed', async (t) => {
  const folder = temporaryFolder(t)
  const outside = join(folder, 'outside')
  mkdirSync(join(outside, 'blobs'), { recursive: true })
  writeFileSync(join(outside, 'blobs', blob), 'mine')
  mkdirSync(join(folder, 's.staging'))
  symlinkSync(outside, join(folder, 's.staging/models'))
  symlinkSync(outside, join(folder, 'l.staging'))
  await removeStaging(join(folder, 's.staging'))
  await removeStaging(join(folder, 'l.staging'))
  await removeStaging(join(folder, 'not-there'))
  assert.equal(readFileSync(join(outside, 'blobs', blob), 'utf8'), 'mine')
})
