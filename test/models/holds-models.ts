import assert from 'node:assert/strict'
import { existsSync, globSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { allBlobs } from '../support/model-fixture.ts'
import type { FixtureModel } from '../support/model-fixture.ts'
import { checkOllamaStore } from '../support/store-checker.ts'

/**
 * A store holds these models and no others: each manifest byte for byte, each blob of theirs with its digest. It breaks no
 * rule of ollama. Without models other blobs may be there, if they are right; with them nothing else, and no half file.
 */
export async function holdsModels(store: string, models: readonly FixtureModel[]): Promise<void> {
  const folders = ['blobs', 'manifests'].map((name) => join(store, name))
  if (models.length === 0 && !folders.every((folder) => existsSync(folder))) {
    assert.deepEqual(
      globSync('manifests/**', { cwd: store }).filter((path) => isFile(join(store, path))),
      [],
    )
    return
  }
  assert.deepEqual(await checkOllamaStore(store), [])
  const found = globSync('manifests/*/**', { cwd: store }).filter((path) => isFile(join(store, path)))
  assert.deepEqual(
    found.map((path) => path.split('/').slice(2).join('/')).toSorted(),
    models.map(({ repository, tag }) => `${repository}/${tag}`).toSorted(),
  )
  for (const { repository, tag, manifestBytes } of models) {
    const [path = ''] = found.filter((one) => one.endsWith(`/${repository}/${tag}`))
    assert.ok(readFileSync(join(store, path)).equals(manifestBytes), `${path} is not as the registry sent it`)
  }
  if (models.length === 0) return
  const blobs = globSync('blobs/*', { cwd: store }).map((path) => path.slice('blobs/'.length))
  const wanted = new Set(models.flatMap(allBlobs).map(({ digest }) => digest.replace(':', '-')))
  assert.deepEqual(blobs.toSorted(), [...wanted].toSorted())
  const big = globSync(['**', '.*/**'], { cwd: store, exclude: ['blobs/**'] })
    .map((path) => join(store, path))
    .filter((path) => isFile(path) && statSync(path).size > 65_536)
  assert.deepEqual(big, [], 'something big was left behind')
}

function isFile(path: string): boolean {
  return statSync(path).isFile()
}
