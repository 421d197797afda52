import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { existsSync, globSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { needCommand } from '../support/debian.ts'
import { largestBlob, modelPack, ociTwin, ollamaModel, runnerModel } from '../support/model-fixture.ts'
import { titledArtifact } from '../support/model-fixture.ts'
import type { FixtureModel } from '../support/model-fixture.ts'
import { nameOf, pull, pullPlace } from '../support/pull-run.ts'
import type { PullEnd, PullPlace } from '../support/pull-run.ts'
import { startRegistry } from '../support/registry.ts'
import { holdsModels } from './holds-models.ts'

const limits = { timeout: 180_000 }

/** Pulls a model from a docker-registry of its own. */
async function pulled(place: PullPlace, model: FixtureModel, ...flags: string[]): Promise<PullEnd> {
  await using registry = await startRegistry()
  await registry.push(model)
  return await pull(place, registry.url, nameOf(model), ...flags)
}

/** Lists the files below a folder, without hidden ones. */
function filesOf(folder: string): string[] {
  return globSync('**', { cwd: folder })
    .filter((path) => statSync(join(folder, path)).isFile())
    .toSorted()
}

describe('what becomes of a model', { concurrency: 2 }, () => {
  it('is a zip that unzip and Python find whole, with the names of a store', limits, async () => {
    using place = pullPlace()
    const model = ollamaModel({ size: 2_000_000 })
    const done = await pulled(place, model, '--zip', 'model.zip')
    assert.equal(done.exit, 0, done.said)
    const zip = join(place.root, 'model.zip')
    execFileSync(needCommand({ command: 'unzip', package: 'unzip' }), ['-tq', zip])
    const program =
      'import sys, zipfile; z = zipfile.ZipFile(sys.argv[1]); assert z.testzip() is None; print("\\n".join(z.namelist()))'
    const names = execFileSync(needCommand({ command: 'python3', package: 'python3' }), ['-c', program, zip], {
      encoding: 'utf8',
    })
    for (const { digest } of model.blobs) assert.match(names, new RegExp(`^blobs/${digest.replace(':', '-')}$`, 'm'))
    assert.match(names, /^manifests\/[^/\n]+\/library\/small\/latest$/m)
    execFileSync(needCommand({ command: 'unzip', package: 'unzip' }), ['-q', zip, '-d', join(place.root, 'unpacked')])
    const [manifest = ''] = globSync('manifests/*/library/small/latest', { cwd: join(place.root, 'unpacked') })
    assert.ok(readFileSync(join(place.root, 'unpacked', manifest)).equals(model.manifestBytes))
    await holdsModels(place.store, [])
  })

  it('is an OCI layout that skopeo copies whole', limits, async () => {
    using place = pullPlace()
    const model = ociTwin(ollamaModel({ size: 2_000_000 }), 'twin')
    const done = await pulled(place, model, '--oci-layout', 'layout')
    assert.equal(done.exit, 0, done.said)
    const index = JSON.parse(readFileSync(join(place.root, 'layout/index.json'), 'utf8')) as {
      manifests: Array<{ annotations?: Record<string, string> }>
    }
    const tag = index.manifests[0]?.annotations?.['org.opencontainers.image.ref.name']
    assert.equal(tag, 'twin')
    const skopeo = needCommand({ command: 'skopeo', package: 'skopeo' })
    const copy = ['--insecure-policy', 'copy', '-q', `oci:${place.root}/layout:twin`, `dir:${place.root}/copy`]
    execFileSync(skopeo, copy)
    const weights = largestBlob(model)
    const copied = readFileSync(join(place.root, 'copy', weights.digest.slice('sha256:'.length)))
    assert.ok(copied.equals(weights.content.read(0, weights.size)))
    assert.ok(readFileSync(join(place.root, 'copy/manifest.json')).equals(model.manifestBytes))
  })

  it('is files with the titles of an artifact', limits, async () => {
    using place = pullPlace()
    const texts = { 'notes.txt': 'Some notes.\n', 'weights/model.bin': 'w'.repeat(5000) }
    const done = await pulled(place, titledArtifact({ name: 'team/files' }, texts), '--files', 'out')
    assert.equal(done.exit, 0, done.said)
    const out = join(place.root, 'out')
    assert.deepEqual(filesOf(out), Object.keys(texts).toSorted())
    for (const [name, text] of Object.entries(texts)) assert.equal(readFileSync(join(out, name), 'utf8'), text)
  })

  for (const title of ['../outside', '/tmp/outside', 'a/../../outside', 'C:\\outside', 'a\u0000b']) {
    it(`is nothing outside its folder (${JSON.stringify(title)})`, limits, async () => {
      using place = pullPlace()
      const artifact = titledArtifact({ name: 'team/files' }, { 'good.txt': 'good', [title]: 'bad' })
      const done = await pulled(place, artifact, '--files', 'out/in')
      assert.deepEqual([done.exit, done.code], [5, 'bad-manifest'], done.said)
      assert.ok(!existsSync('/tmp/outside'))
      const strange = readdirSync(place.root).filter((name) => !['data', 'docker', 'out', 'store'].includes(name))
      assert.deepEqual(strange, [])
      assert.deepEqual(existsSync(join(place.root, 'out')) ? readdirSync(join(place.root, 'out')) : ['in'], ['in'])
    })
  }

  for (const [kind, model, wanted] of [
    ['Docker Model Runner', runnerModel({ name: 'ai/runner' }), 'model.gguf'],
    ['ModelPack', modelPack({ name: 'team/pack' }), 'w/model.gguf'],
  ] as const) {
    it(`is files with readable names (${kind})`, limits, async () => {
      using place = pullPlace()
      const done = await pulled(place, model, '--files', 'out')
      assert.equal(done.exit, 0, done.said)
      const names = filesOf(join(place.root, 'out'))
      assert.ok(names.includes(wanted), names.join(' '))
      const weights = largestBlob(model)
      assert.ok(readFileSync(join(place.root, 'out', wanted)).equals(weights.content.read(0, weights.size)))
    })
  }

  it('is nothing yet in a dry run, which tells how much is missing', limits, async () => {
    using place = pullPlace()
    const done = await pulled(place, ollamaModel(), '--dry-run')
    assert.equal(done.exit, 0, done.said)
    assert.match(done.said, /30\d\d\d\d/)
    await holdsModels(place.store, [])
    assert.ok(!existsSync(place.store))
  })
})
