import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { gzipSync, zstdCompressSync } from 'node:zlib'
import { tarBytes } from '../../../test/support/tar-bytes.ts'
import { temporaryFolder } from '../../../test/support/temporary-folder.ts'
import { zipBytes } from '../../../test/support/zip-bytes.ts'
import { archiveKind } from './archive-kind.ts'

test('archives are told apart by their bytes, whatever their name says', async (t) => {
  const path = join(temporaryFolder(t), 'archive.zip')
  const known: ReadonlyArray<readonly [string, Uint8Array | string]> = [
    ['tar.gz', gzipSync('x')],
    ['tar', tarBytes([{ name: 'a' }])],
    ['tar', tarBytes([{ name: '{"a":1}' }])],
    ['tar.zst', zstdCompressSync('x')],
    ['zip', zipBytes([{ name: 'a' }])],
    ['zip', zipBytes([])],
    ['xz', Buffer.from('fd377a585a00', 'hex')],
    ['7z', Buffer.from('377abcaf271c', 'hex')],
    ['bz2', 'BZh9'],
    ['html', '<!doctype html>'],
    ['html', '\n\n <html>'],
    ['html', '<?xml version="1.0"?><Error/>'],
    ['html', '\ufeff{"message": "Not Found"}'],
    ['html', '[]'],
    ['unknown', ''],
    ['unknown', 'MZ'],
    ['unknown', 'Not Found'],
    ['unknown', Buffer.alloc(2000)],
  ]
  for (const [kind, bytes] of known) {
    writeFileSync(path, bytes)
    assert.equal(await archiveKind(path), kind, String(bytes).slice(0, 20))
  }
})
