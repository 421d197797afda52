import { closeSync, openSync, readSync } from 'node:fs'
import { join } from 'node:path'
import type { Content } from '../../test/faults/content.ts'
import { largestBlob, ociTwin, ollamaModel } from '../../test/support/model-fixture.ts'
import { startRegistry } from '../../test/support/registry.ts'
import { fixture, sha256Of } from '../fixtures.ts'
import type { Fixture } from '../fixtures.ts'
import { measure } from '../measure.ts'
import { skopeo, sluicePull } from '../peers.ts'
import { atMost } from './row.ts'
import type { Row } from './row.ts'

export const model: Row = {
  id: 'P16',
  title: 'a 2 GiB model from a docker-registry, every blob verified',
  notes: [
    'Sluice installs it into an Ollama store. skopeo, which knows no media types of models, copies the same blobs to a',
    'folder under a second tag, whose manifest is a plain OCI one. Both check every digest; the bench checks the largest',
    'once more. Sluice flushes to disk, which `--no-sync` leaves out as skopeo does.',
  ],
  run: async (bench) => {
    const file = await fixture(bench.www, '2g')
    const path = join(bench.www, file.name)
    const pulled = ollamaModel({ name: 'big', weights: fileContent(path, file) })
    await using registry = await startRegistry({ storage: join(bench.folder, 'registry') })
    await registry.push(pulled, { [largestBlob(pulled).digest]: path })
    await registry.push(ociTwin(pulled, 'oci'))
    return [
      await measure(bench, {
        title: '2 GiB model, 7 blobs',
        ours: 'sluice pull',
        beside: 'sluice pull --no-sync',
        contenders: [
          sluicePull('sluice pull', registry.url, 'big'),
          sluicePull('sluice pull --no-sync', registry.url, 'big', '--no-sync'),
          skopeo(`${registry.host}/library/big:oci`),
        ],
        targets: [atMost(0.5, 'skopeo copy')],
        check: holdsModel(file),
      }),
    ]
  },
}

/** The largest blob is where Sluice or skopeo puts it, with the right bytes. */
function holdsModel({ sha256 }: Fixture): (folder: string) => Promise<void> {
  return async (folder) => {
    const found = await Promise.any(
      [join(folder, 'store/blobs', `sha256-${sha256}`), join(folder, 'copy', sha256)].map(sha256Of),
    ).catch(() => 'nothing')
    if (found !== sha256) throw new Error(`left ${found} in place of the model`)
  }
}

function fileContent(path: string, { bytes, sha256 }: Fixture): Content {
  return {
    size: bytes,
    seed: 0,
    read(start, end) {
      const buffer = Buffer.alloc(end - start)
      const file = openSync(path, 'r')
      readSync(file, buffer, 0, buffer.length, start)
      closeSync(file)
      return buffer
    },
    sha256: () => sha256,
  }
}
