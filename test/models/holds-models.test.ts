import assert from 'node:assert/strict'
import { appendFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { ollamaModel } from '../support/model-fixture.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { holdsModels } from './holds-models.ts'

const model = ollamaModel()
const manifest = 'manifests/registry.example/library/small/latest'
const blob = (index: number): string => `blobs/${model.blobs[index]?.digest.replace(':', '-')}`

test('a store is judged by every file in it', async (t) => {
  const store = temporaryFolder(t)
  await holdsModels(join(store, 'none'), [])
  const put = (path: string, bytes: string | Buffer): void => {
    mkdirSync(dirname(join(store, path)), { recursive: true })
    writeFileSync(join(store, path), bytes)
  }
  for (const [index, { content, size }] of model.blobs.entries()) put(blob(index), content.read(0, size))
  put(manifest, model.manifestBytes)
  await holdsModels(store, [model])
  await assert.rejects(holdsModels(store, []))
  await assert.rejects(holdsModels(store, [model, ollamaModel({ tag: 'other' })]))

  const wrongs: Readonly<Record<string, () => void>> = {
    'another manifest': () => appendFileSync(join(store, manifest), ' '),
    'a wrong byte': () => appendFileSync(join(store, blob(2)), ' '),
    'a missing blob': () => rmSync(join(store, blob(3))),
    'a half blob': () => put('blobs/sha256-00-partial', 'x'),
    'another file among the manifests': () => put('manifests/registry.example/library/small/.new', 'x'),
    'a big part elsewhere': () => put('.sluice/partial/x.part', Buffer.alloc(100_000)),
  }
  for (const [name, harm] of Object.entries(wrongs)) {
    harm()
    await assert.rejects(holdsModels(store, [model]), { name: 'AssertionError' }, name)
    for (const path of ['blobs/sha256-00-partial', 'manifests/registry.example/library/small/.new', '.sluice'])
      rmSync(join(store, path), { recursive: true, force: true })
    for (const [index, { content, size }] of model.blobs.entries()) put(blob(index), content.read(0, size))
    put(manifest, model.manifestBytes)
    await holdsModels(store, [model])
  }
})
