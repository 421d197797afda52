import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { writeOciLayout } from '../../src/deliver/oci-layout.ts'
import { needCommand, testTools } from '../support/debian.ts'
import { dockerType, madeModel, ociType, readyBlobs } from '../support/made-model.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

function skopeo(...args: string[]): Buffer {
  const tool = testTools.find(({ command }) => command === 'skopeo')
  return execFileSync(needCommand(tool!), ['--insecure-policy', ...args])
}

for (const [how, mediaType] of [
  ['an OCI manifest, byte for byte', ociType],
  ['a manifest of Docker, as one of OCI', dockerType],
] as const) {
  test(`skopeo finds by its name in our layout ${how}, and copies every blob`, async (t) => {
    const dir = join(temporaryFolder(t), 'layout')
    const one = madeModel(Buffer.alloc(2_000_000, 'one'), 'latest', mediaType)
    const models = { latest: one, 'v1.0': madeModel(Buffer.alloc(1_000_000, 'two'), 'latest', mediaType) }
    for (const [refName, model] of Object.entries(models)) {
      const manifest = { bytes: model.manifest, digest: model.manifestDigest, mediaType }
      await writeOciLayout({ dir, blobs: readyBlobs(temporaryFolder(t), model), manifest, refName })
    }
    for (const [refName, model] of Object.entries(models)) {
      const manifest = skopeo('inspect', '--raw', `oci:${dir}:${refName}`)
      const { config, layers } = JSON.parse(manifest.toString())
      assert.deepEqual(
        [config, ...layers].map(({ digest }) => digest),
        model.digests,
      )
      if (mediaType === ociType) assert.ok(manifest.equals(model.manifest))
      const copy = join(temporaryFolder(t), 'copy')
      skopeo('copy', '--preserve-digests', `oci:${dir}:${refName}`, `dir:${copy}`)
      assert.ok(readFileSync(join(copy, 'manifest.json')).equals(manifest))
      for (const [i, digest] of model.digests.entries()) {
        assert.ok(readFileSync(join(copy, digest.slice(7))).equals(model.contents[i]!))
      }
    }
  })
}
