import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { assembleModelZip, blobEntry } from '../../src/deliver/model-zip.ts'
import { openOllamaStore } from '../../src/deliver/ollama-store.ts'
import { installModelZip } from '../../src/deliver/unzip-model.ts'
import { localHeaderSize } from '../../src/deliver/zip-format.ts'
import { needCommand, testTools } from '../support/debian.ts'
import { madeModel, readyBlobs } from '../support/made-model.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const mtime = new Date('2024-05-06T07:08:10Z')

function run(command: string, ...args: string[]): string {
  const tool = testTools.find((one) => one.command === command)
  return execFileSync(needCommand(tool!), args, { encoding: 'utf8' })
}

const readByPython = `
import hashlib, sys, zipfile
z = zipfile.ZipFile(sys.argv[1])
assert z.testzip() is None
for i in z.infolist():
    print(i.filename, oct(i.external_attr >> 16), i.date_time[0], hashlib.sha256(z.read(i)).hexdigest())
`

test('unzip and Python read our zip', async (t) => {
  const dir = temporaryFolder(t)
  const model = madeModel(Buffer.alloc(2_000_000, 'weights '))
  const blobs = readyBlobs(dir, model)
  const base = blobs[1]!
  const path = join(dir, 'model.zip')
  writeFileSync(path, Buffer.concat([Buffer.alloc(localHeaderSize(blobEntry(base.digest))), model.contents[1]!]))
  const manifest = { place: model.place, bytes: model.manifest }
  await assembleModelZip({ path, base, others: [blobs[0]!, blobs[2]!], manifest, mtime })

  assert.match(run('unzip', '-t', path), /No errors detected/)
  const lines = run('python3', '-c', readByPython, path).trim().split('\n')
  for (const digest of model.digests) {
    assert.ok(lines.includes(`${blobEntry(digest)} 0o100644 2024 ${digest.slice(7)}`))
  }
  const at = 'manifests/registry.ollama.ai/library/made/latest'
  assert.ok(lines.includes(`${at} 0o100644 2024 ${model.manifestDigest.slice(7)}`))
  assert.ok(lines.some((line) => line.startsWith('blobs/ 0o40755')))
})

const writeByPython = `
import sys, zipfile
out, folder, method = sys.argv[1], sys.argv[2], int(sys.argv[3])
target = open(out, 'wb') if method == 0 else sys.stdout.buffer
with zipfile.ZipFile(target, 'w', method) as z:
    z.writestr('blobs/', b'')
    z.writestr('manifests/', b'')
    for line in open(folder + '/list'):
        name, path = line.split()
        with open(path, 'rb') as f: z.writestr(zipfile.ZipInfo(name), f.read(), method)
`

for (const [how, method] of [
  ['stored, with sizes in front', '0'],
  ['deflated into a pipe, with sizes behind', '8'],
] as const) {
  test(`a zip of another program is installed: ${how}`, async (t) => {
    const dir = temporaryFolder(t)
    const model = madeModel(Buffer.alloc(2_000_000, 'weights '.repeat(1000) + Math.PI))
    const names = readyBlobs(dir, model).map(({ digest, path }) => `${blobEntry(digest)} ${path}`)
    const manifest = join(dir, 'manifest')
    writeFileSync(manifest, model.manifest)
    const path = join(dir, 'model.zip')
    writeFileSync(
      join(dir, 'list'),
      [...names, `manifests/registry.ollama.ai/library/made/latest ${manifest}`].join('\n'),
    )
    const python = needCommand({ command: 'python3', package: 'python3' })
    const written = execFileSync(python, ['-c', writeByPython, path, dir, method], { maxBuffer: 64 * 1024 * 1024 })
    if (method === '8') writeFileSync(path, written)

    const store = openOllamaStore(join(dir, 'store'))
    const { models, blobs } = await installModelZip(path, store)
    assert.deepEqual([models, blobs], [['made:latest'], 3])
    assert.equal((await store.verify('made:latest')).verdict, 'verified')
    const installed = join(dir, 'store/manifests/registry.ollama.ai/library/made/latest')
    assert.ok(readFileSync(installed).equals(model.manifest))
  })
}
