import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { hex, treeKey } from '../../../test/support/cache-lab.ts'
import { formatRecord, isTreePath, parseRecord } from './tree-record.ts'
import type { TreeRecord } from './tree-record.ts'

const record: TreeRecord = {
  ...treeKey(),
  asset: 'llama-b11429-bin-ubuntu-x64.tar.gz',
  sha256: hex('a'),
  verifiedBy: 'api',
  companions: [{ asset: 'cudart.zip', sha256: hex('b') }],
  library: 'x/libllama.so',
  files: [
    { path: 'x/libllama.so', kind: 'link', size: 0, sha256: '', mode: 0o755, target: 'libllama.so.0' },
    { path: 'x/libllama.so.0', kind: 'file', size: 7, sha256: hex('c'), mode: 0o644 },
  ],
  times: new Map([
    ['x/libllama.so', 0],
    ['x/libllama.so.0', 1790000000000.25],
  ]),
  installedAt: '2026-11-21T10:00:00.000Z',
}

test('a record is read as it was written; fields that nobody knows are passed over', () => {
  assert.deepEqual(parseRecord(formatRecord(record)), record)
  const json = JSON.parse(formatRecord(record)) as Record<string, unknown>
  assert.deepEqual(parseRecord(JSON.stringify({ ...json, more: 1 })), record)
})

test('everything that is not a record is none', () => {
  const json = JSON.parse(formatRecord(record)) as Record<string, unknown> & { files: object[] }
  const [link = {}, file = {}] = json.files
  const wrong: object[] = [
    { version: 2 },
    { version: '1' },
    { tag: 3 },
    { repository: '' },
    { platform: 'linux/riscv' },
    { platform: { os: 'linux', arch: 'amd64' } },
    { sha256: hex('a').toUpperCase() },
    { sha256: '../../etc' },
    { verifiedBy: 'me' },
    { verifiedBy: undefined },
    { companions: {} },
    { companions: [{ asset: 'x' }] },
    { library: 'other.so' },
    { library: '../x/libllama.so' },
    { installedAt: 'yesterday' },
    { files: {} },
    { files: [] },
    { files: [link, file, file] },
    { files: [link, { ...file, path: '../../x' }] },
    { files: [link, { ...file, path: '/etc/passwd' }] },
    { files: [link, { ...file, size: -1 }] },
    { files: [link, { ...file, size: 1.5 }] },
    { files: [link, { ...file, sha256: '' }] },
    { files: [link, { ...file, mode: null }] },
    { files: [link, { ...file, kind: 'folder' }] },
    { files: [link, { ...file, mtimeMs: null }] },
    { files: [{ ...link, target: '' }, file] },
    { files: [link, null] },
    { files: Array.from({ length: 20_001 }, (_, at) => ({ ...file, path: String(at) })), library: '1' },
  ]
  for (const part of wrong)
    assert.equal(parseRecord(JSON.stringify({ ...json, ...part })), null, JSON.stringify(part).slice(0, 80))
  for (const text of ['', '{', 'null', '[]', '"x"', '{"version":1}']) assert.equal(parseRecord(text), null)
})

test('whatever stands in a record, its paths stay in its folder', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom('a', '..', '.', '', 'C:', '\\', '\0', '...', 'x y', 'é')), (parts) => {
      const path = parts.join('/')
      const isSafe = parts.length > 0 && parts.every((part) => ['a', '...', 'x y', 'é'].includes(part))
      assert.equal(isTreePath(path), isSafe, path)
    }),
  )
  assert.equal(isTreePath('.sluice-tree.json'), false)
  assert.equal(isTreePath('a'.repeat(1025)), false)
})

test('any text is a record or none, and never an error', () => {
  const keys = ['version', ...Object.keys(record)]
  const any = fc.dictionary(fc.constantFrom(...keys, '__proto__'), fc.jsonValue())
  fc.assert(fc.property(any, (json) => assert.doesNotThrow(() => parseRecord(JSON.stringify({ version: 1, ...json })))))
  fc.assert(fc.property(fc.string(), (text) => assert.equal(parseRecord(text), null)))
})
