import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { createSluice, SluiceError } from '../../src/index.ts'
import { bytesOf, ollamaModel } from '../support/model-fixture.ts'
import { startFaultyRegistry } from '../support/registry-faults.ts'
import { checkOllamaStore } from '../support/store-checker.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

test('the library pulls a model into a store, and tells one progress', async (t) => {
  const model = ollamaModel({ size: 1_000_000 })
  await using registry = await startFaultyRegistry([model])
  const root = temporaryFolder(t)
  await using sluice = await createSluice({ dir: root, dataDir: join(root, 'data') })
  const target = { kind: 'store', dir: join(root, 'store') } as const
  let last = 0
  const pulled = await sluice.pull('small', {
    registry: registry.url,
    target,
    onProgress: ({ bytesDone }) => (last = bytesDone),
  })
  assert.deepEqual([pulled.verdict, pulled.bytes, last], ['verified', bytesOf(model), bytesOf(model)])
  assert.deepEqual(await checkOllamaStore(target.dir), [])
  await assert.rejects(
    sluice.pull('none', { registry: registry.url, target }),
    (error) => error instanceof SluiceError && error.code === 'model-not-found',
  )
})
