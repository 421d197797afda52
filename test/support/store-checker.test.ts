import assert from 'node:assert/strict'
import { chmodSync, cpSync, mkdirSync, readdirSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { checkOllamaStore, pruned } from './store-checker.ts'
import { blobFile, digestOf, install, smallModel, storeLab, strayManifest } from './store-fixture.ts'

test('the checker finds each thing that ollama would stumble over', async (t) => {
  const lab = await storeLab(t)
  const model = smallModel({})
  const path = await install(lab.store, model)
  assert.deepEqual(await checkOllamaStore(lab.dir), [])
  const blob = blobFile(lab.dir, model.blobs[1]!.digest)
  const usual = ['registry.ollama.ai', 'library', 'small'] as const
  const faults: ReadonlyArray<readonly [() => void, RegExp]> = [
    [() => writeFileSync(blob, 'other'), /has the digest/],
    [() => rmSync(blob), /which is not there/],
    [() => writeFileSync(`${blob}-partial`, ''), /does not belong there/],
    [() => mkdirSync(join(lab.dir, 'blobs', 'folder')), /does not belong there/],
    [() => symlinkSync(blob, blobFile(lab.dir, digestOf(Buffer.from('x')))), /does not belong there/],
    [() => chmodSync(blob, 0o600), /mode 600, not 644/],
    [() => chmodSync(path, 0o600), /mode 600, not 644/],
    [() => chmodSync(join(path, '..'), 0o700), /mode 700, not 755/],
    [() => chmodSync(join(lab.dir, 'blobs'), 0o700), /mode 700, not 755/],
    [() => strayManifest(lab.dir, [...usual, '.DS_Store'], model.bytes), /is no name of a model/],
    [() => strayManifest(lab.dir, [...usual, 'LATEST'], model.bytes), /are one model to ollama/],
    [() => strayManifest(lab.dir, [...usual, 'half'], '{'), /is no JSON/],
    [() => strayManifest(lab.dir, [...usual, 'odd'], '{}'), /is no manifest/],
    [() => strayManifest(lab.dir, ['registry.ollama.ai', 'file'], model.bytes), /does not belong there/],
    [() => mkdirSync(join(path, '..', 'folder')), /does not belong there/],
    [
      () => strayManifest(lab.dir, [...usual, 'lie'], model.bytes.toString().replaceAll(/"size": \d+/g, '"size": 1')),
      /another size/,
    ],
  ]
  const copy = `${lab.dir}-copy`
  cpSync(lab.dir, copy, { recursive: true })
  for (const [spoil, problem] of faults) {
    spoil()
    const problems = (await checkOllamaStore(lab.dir)).join('\n')
    assert.match(problems, problem)
    rmSync(lab.dir, { recursive: true })
    cpSync(copy, lab.dir, { recursive: true })
    assert.deepEqual(await checkOllamaStore(lab.dir), [], String(problem))
  }
})

test('after an hour ollama deletes what no manifest needs and what has an odd name, but no folders', async (t) => {
  const { dir, store, now } = await storeLab(t)
  await install(store, smallModel({}))
  const old = (name: string): void => {
    writeFileSync(join(dir, 'blobs', name), '')
    utimesSync(join(dir, 'blobs', name), now / 1000, now / 1000 - 3700)
  }
  const unused = `sha256-${'0'.repeat(64)}`
  for (const name of [unused, `${unused}-partial`, 'odd']) old(name)
  for (const name of readdirSync(join(dir, 'blobs'))) utimesSync(join(dir, 'blobs', name), 1, now / 1000 - 3700)
  mkdirSync(join(dir, 'blobs', 'folder'))
  writeFileSync(join(dir, 'blobs', 'young'), '')
  assert.deepEqual(await pruned(dir, now), ['odd', unused, `${unused}-partial`])
})
